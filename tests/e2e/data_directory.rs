//! A data directory from end to end: importing again, killing an import, a damaged run, a second process.

use crate::run::{command, perennial};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn orders(path: &Path, rows: u32) {
    let mut file = std::io::BufWriter::new(fs::File::create(path).unwrap());
    writeln!(file, "order_id,customer_id,order_time,sku,quantity,amount").unwrap();
    for row in 0..rows {
        let (month, day) = (row % 12 + 1, row % 28 + 1);
        writeln!(file, "{row},c{},2024-{month:02}-{day:02} 10:00:00,s{},1,{}.25", row % 20_011, row % 97, row % 50 + 1)
            .unwrap();
    }
}

fn ask(folder: &Path, sql: &str) -> String {
    let ran = perennial(folder, &["query", sql, "--data", "brand", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

const TOTALS: &str = "select count(*), sum(orders), sum(revenue) from customers";

#[test]
fn importing_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    orders(&folder.path().join("orders.csv"), 30_000);
    let import = ["import", "orders.csv", "--quiet", "--data", "brand"];
    assert_eq!(perennial(folder.path(), &import).code, 0);
    let before = ask(folder.path(), TOTALS);
    let again = perennial(folder.path(), &import);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains("already"), "{}", again.stdout);
    assert_eq!(ask(folder.path(), TOTALS), before);
    // The same rows in another file, and one more: only the new one counts.
    let mut text = fs::read_to_string(folder.path().join("orders.csv")).unwrap();
    text.push_str("new,c1,2024-12-30 10:00:00,s1,1,100.00\n");
    fs::write(folder.path().join("orders.csv"), text).unwrap();
    assert_eq!(perennial(folder.path(), &import).code, 0);
    assert_eq!(ask(folder.path(), "select sum(orders) from customers"), "sum(customers.orders)\n30001\n");
    // Files that merges replaced do not stay: at most the live runs of 16 shards.
    for rows in 1..=9u32 {
        orders(&folder.path().join("orders.csv"), 30_000 + rows);
        assert_eq!(perennial(folder.path(), &import).code, 0);
    }
    assert_eq!(ask(folder.path(), "select sum(orders) from customers"), "sum(customers.orders)\n30010\n");
    assert!(runs(&folder.path().join("brand")).len() <= 16 * 8);
}

#[test]
fn a_killed_import_resumes_to_the_same_answer() {
    let folder = tempfile::tempdir().unwrap();
    orders(&folder.path().join("orders.csv"), 400_000);
    let whole = perennial(folder.path(), &["import", "orders.csv", "--quiet", "--data", "whole"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let expected = perennial(folder.path(), &["query", TOTALS, "--data", "whole", "--format", "csv"]).stdout;
    let import = ["import", "orders.csv", "--quiet", "--data", "brand"];
    for step in 1..=6u64 {
        let mut child = command(folder.path(), &import).spawn().unwrap();
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(150 * step) && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        let _ = child.wait();
    }
    let last = perennial(folder.path(), &import);
    assert_eq!(last.code, 0, "{}", last.stderr);
    assert_eq!(ask(folder.path(), TOTALS), expected);
    assert_eq!(perennial(folder.path(), &["verify", "--data", "brand"]).code, 0);
}

fn runs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(runs(&path));
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn a_damaged_run_is_named_the_rest_answers_and_a_backup_brings_it_back() {
    let folder = tempfile::tempdir().unwrap();
    orders(&folder.path().join("orders.csv"), 20_000);
    assert_eq!(perennial(folder.path(), &["import", "orders.csv", "--quiet", "--data", "brand"]).code, 0);
    let victim = runs(&folder.path().join("brand")).pop().expect("a run");
    let totals = ask(folder.path(), TOTALS);
    let backup = fs::read(&victim).unwrap();
    let mut bytes = backup.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(&victim, bytes).unwrap();
    let name = victim.file_name().unwrap().to_str().unwrap();
    let verified = perennial(folder.path(), &["verify", "--data", "brand"]);
    assert_eq!(verified.code, 1, "{}", verified.stdout);
    assert!(format!("{}{}", verified.stdout, verified.stderr).contains(name), "{}", verified.stdout);
    let asked =
        perennial(folder.path(), &["query", "select count(*) from customers", "--data", "brand", "--format", "csv"]);
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    assert!(asked.stderr.contains(name), "the answer says what it misses: {}", asked.stderr);
    let customers: u64 = asked.stdout.lines().nth(1).unwrap().parse().unwrap();
    assert!(customers > 15_000 && customers < 20_000, "{customers}");
    // Restored from a backup, it is taken back, which is said once.
    fs::write(&victim, backup).unwrap();
    let restored = perennial(folder.path(), &["verify", "--data", "brand"]);
    assert_eq!(restored.code, 0, "{}{}", restored.stdout, restored.stderr);
    assert!(restored.stdout.contains(name) && restored.stdout.contains("whole again"), "{}", restored.stdout);
    assert_eq!(ask(folder.path(), TOTALS), totals);
    assert!(!perennial(folder.path(), &["verify", "--data", "brand"]).stdout.contains(name));
}

#[test]
fn a_run_that_is_gone_for_good_is_given_up_and_the_directory_is_well_again() {
    let folder = tempfile::tempdir().unwrap();
    orders(&folder.path().join("orders.csv"), 2_000);
    assert_eq!(perennial(folder.path(), &["import", "orders.csv", "--quiet", "--data", "brand"]).code, 0);
    let victim = runs(&folder.path().join("brand")).pop().expect("a run");
    fs::remove_file(&victim).unwrap();
    let name = format!("runs/{}", victim.file_name().unwrap().to_str().unwrap());
    let verify = |arguments: &[&str]| perennial(folder.path(), &[&["verify", "--data", "brand"], arguments].concat());
    assert_eq!(verify(&[]).code, 1);
    let again = verify(&[]);
    assert_eq!(again.code, 1, "{}", again.stdout);
    assert!(again.stdout.contains(&format!("`perennial verify --forget {name}`")), "{}", again.stdout);
    let other = verify(&["--forget", "runs/other.parquet"]);
    assert!(other.code == 2 && other.stderr.contains("runs/other.parquet"), "{}", other.stderr);
    let given_up = verify(&["--forget", &name]);
    assert_eq!(given_up.code, 0, "{}{}", given_up.stdout, given_up.stderr);
    assert!(given_up.stdout.contains(&name) && given_up.stdout.contains("rows are lost"), "{}", given_up.stdout);
    assert_eq!(verify(&[]).code, 0);
}

#[test]
fn a_second_process_is_told_who_holds_the_directory() {
    let folder = tempfile::tempdir().unwrap();
    orders(&folder.path().join("orders.csv"), 400_000);
    let mut child = command(folder.path(), &["import", "orders.csv", "--quiet", "--data", "brand"]).spawn().unwrap();
    let mut told = false;
    while child.try_wait().unwrap().is_none() {
        let second = perennial(folder.path(), &["query", "select 1", "--data", "brand"]);
        if second.code == 1 && second.stderr.contains("brand") && second.stderr.contains(&child.id().to_string()) {
            told = true;
            break;
        }
    }
    assert!(child.wait().unwrap().success());
    assert!(told, "no second process was refused while the first was writing");
}

/// A file system of this many MiB, unmounted when dropped; `None`, with a message, where only root may.
pub(crate) struct SmallDisk(pub(crate) tempfile::TempDir);

impl SmallDisk {
    pub(crate) fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={mebibytes}m");
        let mounted =
            std::process::Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        if mounted.is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        eprintln!("skipped: a small disk needs the right to mount");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_told_and_what_was_kept_stays() {
    let Some(disk) = SmallDisk::mount(3) else { return };
    let folder = tempfile::tempdir().unwrap();
    let brand = disk.0.path().join("brand");
    let data = brand.to_str().unwrap();
    orders(&folder.path().join("few.csv"), 2_000);
    orders(&folder.path().join("many.csv"), 300_000);
    assert_eq!(perennial(folder.path(), &["import", "few.csv", "--quiet", "--data", data]).code, 0);
    let ask = || perennial(folder.path(), &["query", TOTALS, "--data", data, "--format", "csv"]);
    let before = ask();
    assert_eq!(before.code, 0, "{}", before.stderr);
    let full = perennial(folder.path(), &["import", "many.csv", "--quiet", "--data", data]);
    assert_eq!(full.code, 1, "{}{}", full.stdout, full.stderr);
    assert!(full.stderr.contains("no space left"), "{}", full.stderr);
    assert_eq!(ask().stdout, before.stdout);
}

#[test]
fn a_read_only_directory_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    orders(&folder.path().join("orders.csv"), 10);
    let place = folder.path().join("locked");
    fs::create_dir(&place).unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o555)).unwrap();
    let import = command(folder.path(), &["import", "orders.csv", "--quiet", "--data", "locked/brand"]);
    // Root may write everywhere, unless it is without that right.
    let mut held = std::process::Command::new("setpriv");
    held.args(["--bounding-set=-dac_override", "--inh-caps=-all"]).arg(import.get_program()).args(import.get_args());
    held.current_dir(folder.path());
    let is_root = fs::write(place.join("probe"), "x").is_ok();
    let mut run = if is_root { held } else { import };
    let output = run.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("locked/brand"), "{said}");
    assert!(!place.join("brand").exists());
}
