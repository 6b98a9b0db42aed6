//! What people read first, in both languages.

use super::index::Index;
use super::{Gathered, instant};
use std::fmt::Write;

pub(super) fn of(gathered: &Gathered, index: &Index) -> [(&'static str, String); 2] {
    let (customer, at) = (gathered.customer.0, instant(gathered.now_us));
    let (zone, currency) = (gathered.settings.zone.name(), gathered.settings.currency);
    let mut en = format!(
        "# All that is kept about customer {customer}\n\n\
         Made on {at}. Instants are UTC, days are those of {zone}; amounts called `…_minor`, and amounts of money in\n\
         `customer.json`, are counts of the smallest unit of {currency}.\n\n"
    );
    let mut zh = format!(
        "# 关于客户 {customer} 所保存的全部内容\n\n\
         生成于 {at}。时刻均为 UTC，日期按 {zone} 计；名为 `…_minor` 的金额以及 `customer.json` 中的金额，\n\
         单位为 {currency} 的最小货币单位。\n\n"
    );
    for file in &index.files {
        // Writing to a string cannot fail.
        let _ = writeln!(en, "- `{}`: {} ({} entries).", file.name, file.en, file.entries);
        let _ = writeln!(zh, "- `{}`：{}（{} 条）。", file.name, file.zh, file.entries);
    }
    en.push_str(
        "- `index.json`: the same for programs: each file with the names, types and meanings of its fields.\n\n\
         To have something corrected or everything erased, or to withdraw consent, ask the shop that gave you this.\n",
    );
    zh.push_str(
        "- `index.json`：供程序读取的目录：每个文件及其字段的名称、类型和含义。\n\n\
         如需更正、删除全部内容或撤回同意，请联系向您提供本文件的商家。\n",
    );
    [("README.en.md", en), ("README.zh.md", zh)]
}
