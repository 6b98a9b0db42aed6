//! Looks whether the pages have been built and embeds what it finds; nothing is built here
//! (`cargo xtask web` does that).

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Stands in until the page is built: it holds the figures and says how to see them drawn.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Perennial</title></head>
<body><p>This perennial was built without its pages. Run <code>cargo xtask web</code>, build again, and make the report once more.</p>
<p>此版本未包含报告页面。请运行 <code>cargo xtask web</code>，重新构建后再生成报告。</p>
<script id="perennial-report" type="application/json">{}</script></body></html>
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let built = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rustc-check-cfg=cfg(page_built)");
    println!("cargo::rerun-if-changed=build.rs");
    embed_report(&built.join("report.html"), &out.join("report.html"))?;
    embed_dashboard(&built.join("app"), &out)?;
    Ok(())
}

fn embed_report(page: &Path, copy: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", page.display());
    if page.is_file() {
        std::fs::copy(page, copy)?;
        println!("cargo::rustc-cfg=page_built");
    } else {
        std::fs::write(copy, NOT_BUILT)?;
    }
    Ok(())
}

/// Writes a table of the dashboard's files, ordered by path: name, content, content in gzip. The files
/// are copied first: another build of the pages may replace them before the compiler has read them.
fn embed_dashboard(folder: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.join("index.html").is_file() {
        list(folder, &mut files)?;
    }
    files.retain(|file| file.extension().is_none_or(|extension| extension != "gz"));
    let name = |file: &PathBuf| file.strip_prefix(folder).map(|name| name.to_string_lossy().replace('\\', "/"));
    files.sort_by_cached_key(|file| name(file).ok());
    let mut code = String::from("&[\n");
    for (number, file) in files.iter().enumerate() {
        let copy = out.join(format!("dashboard-{number}"));
        std::fs::copy(file, &copy)?;
        let packed = PathBuf::from(format!("{}.gz", file.display()));
        let gzip = match packed.is_file() {
            true => {
                let copy = copy.with_extension("gz");
                std::fs::copy(packed, &copy)?;
                format!("Some(include_bytes!({copy:?}).as_slice())")
            }
            false => "None".to_owned(),
        };
        writeln!(code, "({:?}, include_bytes!({copy:?}).as_slice(), {gzip}),", name(file)?)?;
    }
    code.push(']');
    std::fs::write(out.join("dashboard.rs"), code)?;
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => list(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
