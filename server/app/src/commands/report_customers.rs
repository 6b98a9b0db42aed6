//! The customers of each finding as a CSV beside the page.

use crate::brand::Brand;
use anyhow::{Context, Result};
use perennial_fold::{CustomerTable, NONE_INT};
use perennial_learn::report::Report;
use perennial_model::{CustomerId, IdentityKind, civil_from_day};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// What the CSV tells of a customer besides their keys.
struct Facts {
    orders: i64,
    revenue: i64,
    last_day: i64,
}

/// Writes `<page>-<n>-<finding>.csv` for every finding with customers and names it in the report.
pub(crate) async fn write(brand: &Brand, report: &mut Report, table: &CustomerTable, page: &Path) -> Result<()> {
    let facts = facts(table);
    let stem = page.file_stem().map_or_else(|| "report".into(), |stem| stem.to_string_lossy().into_owned());
    let decimals = report.currency_decimals;
    for (index, finding) in report.findings.iter_mut().enumerate() {
        if finding.customer_ids.is_empty() {
            continue;
        }
        let name = format!("{stem}-{}-{}.csv", index + 1, finding.kind);
        let path = page.with_file_name(&name);
        let context = || format!("cannot write {}", path.display());
        let mut out = std::io::BufWriter::new(private_file(&path).with_context(context)?);
        let keys = keys(brand, &finding.customer_ids).await?;
        // The mark lets Excel know that it is UTF-8.
        write!(out, "\u{feff}member,phone,email,platform_id,orders,revenue,last_order_day\r\n")
            .with_context(context)?;
        for id in &finding.customer_ids {
            let row = row(keys.get(id), facts.get(id), decimals);
            write!(out, "{row}\r\n").with_context(context)?;
        }
        out.flush().with_context(context)?;
        finding.csv = Some(name);
    }
    Ok(())
}

/// A new file that nobody else may read.
pub(super) fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn facts(table: &CustomerTable) -> HashMap<u64, Facts> {
    let mut facts = HashMap::with_capacity(table.len());
    for (index, shard) in table.shards.iter().enumerate() {
        let (orders, revenue) = (table.ints(index, "orders"), table.ints(index, "revenue"));
        let last = table.ints(index, "last_order_day");
        for (row, id) in shard.customers.iter().enumerate() {
            let number = |values: &[i64]| values.get(row).copied().unwrap_or(NONE_INT);
            facts.insert(*id, Facts { orders: number(orders), revenue: number(revenue), last_day: number(last) });
        }
    }
    facts
}

async fn keys(brand: &Brand, ids: &[u64]) -> Result<HashMap<u64, Vec<(IdentityKind, String)>>> {
    let profiles: Vec<CustomerId> = ids.iter().copied().map(CustomerId).collect();
    let mut keys: HashMap<u64, Vec<(IdentityKind, String)>> = HashMap::new();
    for binding in brand.timeline.store().identities_of(&profiles).await? {
        keys.entry(binding.profile.0).or_default().push((binding.key.kind, binding.key.value));
    }
    Ok(keys)
}

fn row(keys: Option<&Vec<(IdentityKind, String)>>, facts: Option<&Facts>, decimals: u32) -> String {
    let kinds = [IdentityKind::Member, IdentityKind::Phone, IdentityKind::Email, IdentityKind::Platform];
    let mut cells: Vec<String> = kinds.into_iter().map(|kind| cell(&joined(keys, kind))).collect();
    cells.extend(match facts {
        Some(facts) => [facts.orders.to_string(), money(facts.revenue, decimals), day(facts.last_day)],
        None => [String::new(), String::new(), String::new()],
    });
    cells.join(",")
}

fn joined(keys: Option<&Vec<(IdentityKind, String)>>, kind: IdentityKind) -> String {
    let own = keys.into_iter().flatten().filter(|(own, _)| *own == kind);
    own.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ")
}

/// A cell that no spreadsheet takes for a formula, quoted where it must be.
pub(super) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '@', '-'])
        || (text.starts_with('+') && !text[1..].bytes().all(|byte| byte.is_ascii_digit()));
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

fn money(minor: i64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals);
    let sign = if minor < 0 { "-" } else { "" };
    let (major, rest) = (minor.unsigned_abs() / unit.unsigned_abs(), minor.unsigned_abs() % unit.unsigned_abs());
    if decimals == 0 {
        format!("{sign}{major}")
    } else {
        format!("{sign}{major}.{rest:0width$}", width = decimals as usize)
    }
}

fn day(day: i64) -> String {
    let Ok(day) = i32::try_from(day) else { return String::new() };
    let (year, month, date) = civil_from_day(day);
    format!("{year:04}-{month:02}-{date:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("+8613800138000"), "+8613800138000");
        assert_eq!(cell("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }

    #[test]
    fn money_keeps_its_digits() {
        assert_eq!(money(-1205, 2), "-12.05");
        assert_eq!(money(7, 3), "0.007");
        assert_eq!(money(12, 0), "12");
    }

    #[test]
    fn an_unknown_day_is_empty() {
        assert_eq!(day(NONE_INT), "");
        assert_eq!(day(0), "1970-01-01");
    }
}
