//! The answer as a table of a terminal.

use super::{Answer, Comparison, Method};
use crate::words::grouped;
use crate::{Lang, Words};

/// Columns of the table; the verdict is the last.
const WIDTH: usize = 12;

impl Answer {
    /// A table with a line for each comparison, then what has to be known about it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let mut lines = vec![self.headline().of(lang).to_owned(), String::new()];
        lines.extend(self.table(lang));
        lines.push(String::new());
        lines.extend(self.notes().iter().map(|words| words.of(lang).to_owned()));
        lines.join("\n") + "\n"
    }

    fn headline(&self) -> Words {
        let assigned = grouped(self.rows - self.rows_without_arm);
        let (file, level) = (&self.file, plain_percent(self.level));
        let size = self.sample_ratio.arms.iter().find(|arm| arm.arm == self.control).map_or(0, |arm| arm.n);
        let control = format!("{} ({})", self.control, grouped(size));
        Words::new(
            format!("{file}: {assigned} customers, compared with {control}, intervals of {level}"),
            format!("{file}：{assigned} 位客户，对照组 {control}，区间水平 {level}"),
        )
    }

    fn table(&self, lang: Lang) -> Vec<String> {
        let headings = match lang {
            Lang::En => [
                "arm",
                "outcome",
                "customers",
                "mean",
                "control",
                "difference",
                "from",
                "to",
                "lift",
                "p",
                "p adjusted",
                "verdict",
            ],
            Lang::Zh => {
                ["实验组", "指标", "客户", "均值", "对照组", "差异", "下限", "上限", "增量", "p", "校正 p", "结论"]
            }
        };
        let mut rows = vec![headings.map(str::to_owned)];
        rows.extend(self.comparisons.iter().map(|comparison| cells(comparison, lang)));
        let width = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
        let widths: [usize; WIDTH] = std::array::from_fn(width);
        rows.iter().map(|row| line(row, &widths)).collect()
    }

    fn notes(&self) -> Vec<Words> {
        let ratio = &self.sample_ratio;
        let mut notes = vec![Words::new(format!("Sizes: {}.", ratio.text_en), format!("人数：{}。", ratio.text_zh))];
        if self.rows_without_arm > 0 {
            let rows = grouped(self.rows_without_arm);
            notes.push(Words::new(
                format!("{rows} rows without an arm are left out."),
                format!("{rows} 行没有分组，未计入。"),
            ));
        }
        notes.extend(self.comparisons.iter().filter_map(unsure));
        notes.extend(self.comparisons.iter().filter_map(always_valid));
        notes.extend(self.comparisons.iter().filter_map(stratified));
        notes
    }
}

fn cells(comparison: &Comparison, lang: Lang) -> [String; WIDTH] {
    let unit = Unit(comparison.method);
    let unknown = || "–".to_owned();
    let or_unknown = |value: Option<f64>| value.map_or_else(unknown, |value| unit.difference(value));
    [
        comparison.arm.clone(),
        comparison.outcome.clone(),
        grouped(comparison.n),
        unit.mean(comparison.mean),
        unit.mean(comparison.control_mean),
        unit.difference(comparison.difference),
        or_unknown(comparison.low),
        or_unknown(comparison.high),
        comparison.lift.map_or_else(unknown, |lift| format!("{}{:.1}%", sign(lift), lift.abs() * 100.0)),
        comparison.p.map_or_else(unknown, probability),
        comparison.p_adjusted.map_or_else(unknown, probability),
        if lang == Lang::Zh { comparison.text_zh.clone() } else { comparison.text_en.clone() },
    ]
}

/// Welch and the bootstrap do not agree.
fn unsure(comparison: &Comparison) -> Option<Words> {
    let found = comparison.bootstrap.filter(|found| !found.agrees)?;
    let unit = Unit(comparison.method);
    let (low, high) = (unit.difference(found.interval.low), unit.difference(found.interval.high));
    let (arm, outcome) = (&comparison.arm, &comparison.outcome);
    Some(Words::new(
        format!("{arm}, {outcome}: the bootstrap's interval is another one, {low} to {high}: few customers decide."),
        format!("{arm}，{outcome}：自助法得到的区间不同（{low} 至 {high}）：结果取决于少数客户。"),
    ))
}

fn always_valid(comparison: &Comparison) -> Option<Words> {
    let found = comparison.always_valid?;
    let unit = Unit(comparison.method);
    let (low, high, p) = (unit.difference(found.low), unit.difference(found.high), probability(found.p));
    let (arm, outcome) = (&comparison.arm, &comparison.outcome);
    Some(Words::new(
        format!("{arm}, {outcome}: {low} to {high} (p {p}) holds however often one looks."),
        format!("{arm}，{outcome}：无论查看多少次都成立的区间为 {low} 至 {high}（p {p}）。"),
    ))
}

fn stratified(comparison: &Comparison) -> Option<Words> {
    let found = comparison.stratified?;
    let unit = Unit(comparison.method);
    let (low, high) = (unit.difference(found.low), unit.difference(found.high));
    let (arm, outcome, strata) = (&comparison.arm, &comparison.outcome, found.strata);
    let change = format!("{:.1}%", found.narrower.abs() * 100.0);
    let (en, zh) = if found.narrower < 0.0 { ("wider", "变宽") } else { ("narrower", "收窄") };
    Some(Words::new(
        format!("{arm}, {outcome}: over {strata} strata {low} to {high}, {change} {en}."),
        format!("{arm}，{outcome}：按 {strata} 层调整后为 {low} 至 {high}，{zh} {change}。"),
    ))
}

/// What an outcome is counted in.
struct Unit(Method);

impl Unit {
    fn mean(&self, value: f64) -> String {
        match self.0 {
            Method::Newcombe => format!("{:.2}%", value * 100.0),
            Method::Welch => number(value),
        }
    }

    /// Percentage points, or the outcome's own unit.
    fn difference(&self, value: f64) -> String {
        let sign = sign(value);
        match self.0 {
            Method::Newcombe => format!("{sign}{:.2} pp", value.abs() * 100.0),
            Method::Welch => format!("{sign}{}", number(value.abs())),
        }
    }
}

const fn sign(value: f64) -> &'static str {
    if value < 0.0 { "−" } else { "+" }
}

/// Three decimals about one, fewer above, thousands whole.
fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1e15 {
        return format!("{value:.3e}");
    }
    let sign = if value < 0.0 { "−" } else { "" };
    match size {
        size if size >= 1_000.0 => format!("{sign}{}", grouped(size.round() as u64)),
        size if size >= 100.0 => format!("{sign}{size:.1}"),
        size if size >= 10.0 => format!("{sign}{size:.2}"),
        size if size >= 0.1 || size == 0.0 => format!("{sign}{size:.3}"),
        size if size >= 0.001 => format!("{sign}{size:.4}"),
        _ => format!("{sign}{size:.2e}"),
    }
}

/// `0.0312`, `<0.0001`.
pub(super) fn probability(p: f64) -> String {
    if p < 0.000_1 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}

/// `95%`, `99.9%`.
fn plain_percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Names to the left, figures to the right, the verdict as it is.
fn line(row: &[String; WIDTH], widths: &[usize; WIDTH]) -> String {
    let mut text = String::new();
    for (place, cell) in row.iter().enumerate() {
        let blank = " ".repeat(widths[place] - columns(cell));
        let figure = (2..WIDTH - 1).contains(&place);
        let gap = if place == 0 { "" } else { "  " };
        text.push_str(gap);
        text.push_str(&if figure { blank + cell } else { cell.clone() + &blank });
    }
    text.trim_end().to_owned()
}

/// Columns a text takes in a terminal: Chinese characters and their punctuation take two.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if letter >= '\u{2e80}' { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_tell() {
        let found = [0.0, 0.000_123_4, 0.032_56, 0.769_8, 12.345, 123.45, 1_234_567.8, 4e18].map(number);
        assert_eq!(found, ["0.000", "1.23e-4", "0.0326", "0.770", "12.35", "123.5", "1,234,568", "4.000e18"]);
        assert_eq!((number(-2.5), Unit(Method::Newcombe).difference(-0.012_34)), ("−2.500".into(), "−1.23 pp".into()));
        assert_eq!([0.95, 0.999].map(plain_percent), ["95%", "99.9%"]);
        assert_eq!([0.000_05, 0.031_2].map(probability), ["<0.0001", "0.0312"]);
    }

    #[test]
    fn chinese_headings_stand_above_their_columns() {
        assert_eq!((columns("实验组"), columns("arm"), columns("−1.2%")), (6, 3, 5));
    }
}
