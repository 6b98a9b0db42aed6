//! The report on one screen of a terminal.

use crate::format::{Lang, MoneyFormat, grouped, percent};
use crate::report::{Finding, Report};
use perennial_model::Stage;

/// Findings shown; the page has them all.
const FINDINGS: usize = 5;

/// A one-screen summary: the figures, the stages, and the findings with the most money at stake.
/// `width` is the terminal's in columns (Chinese characters count as two).
#[must_use]
pub fn summary_text(report: &Report, lang: Lang, width: usize) -> String {
    let money = MoneyFormat::new(&report.currency, report.currency_decimals);
    let mut lines = vec![headline(report, lang), String::new()];
    lines.extend(facts(report, &money, lang));
    lines.push(String::new());
    lines.push(stages(report, lang));
    let shown = report.findings.iter().take(FINDINGS);
    for (number, finding) in (1..).zip(shown) {
        lines.push(String::new());
        lines.extend(told(number, finding, &money, lang, width.max(40)));
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n") + "\n"
}

fn headline(report: &Report, lang: Lang) -> String {
    let day = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let (first, last) = (day(&report.first_day), day(&report.last_day));
    let as_of = report.as_of.get(..10).unwrap_or(&report.as_of);
    match lang {
        Lang::En => format!("Customer base as of {as_of} ({}), orders {first} to {last}", report.timezone),
        Lang::Zh => format!("客户群概况，截至 {as_of}（{}），订单 {first} 至 {last}", report.timezone),
    }
}

fn facts(report: &Report, money: &MoneyFormat, lang: Lang) -> Vec<String> {
    let unknown = || "–".to_owned();
    let share = |rate: Option<f64>| rate.map_or_else(unknown, percent);
    let customers = grouped(report.customers);
    let (orders, revenue) = (grouped(report.orders), money.text(report.revenue, lang));
    let aov = report.kpis.aov.map_or_else(unknown, |aov| money.of(aov, lang));
    let refunds = money.text(report.refunds, lang);
    let active = share(report.active_rate.rate);
    let (second, top) = (share(report.kpis.second_order_rate), share(report.concentration.top25_share));
    let days = report.kpis.median_days_to_second.map_or_else(unknown, |days| format!("{days:.0}"));
    let window = report.active_rate.window_days;
    let net = report.revenue_basis == "net";
    match lang {
        Lang::En => vec![
            format!(
                "Customers {customers}   orders {orders}   revenue {revenue} ({})   refunds {refunds}   \
                 average order {aov}",
                report.revenue_basis
            ),
            format!(
                "Active in {window} days {active}   second order {second}, after {days} days at the median   \
                 top 25% make {top}"
            ),
        ],
        Lang::Zh => vec![
            format!(
                "客户 {customers}   订单 {orders}   销售额 {revenue}（{}）   退款 {refunds}   客单价 {aov}",
                if net { "净额" } else { "总额" }
            ),
            format!("{window} 天活跃率 {active}   二次购买率 {second}，中位间隔 {days} 天   前 25% 客户贡献 {top}"),
        ],
    }
}

fn stages(report: &Report, lang: Lang) -> String {
    let counts =
        report.stages.iter().map(|stage| format!("{} {}", stage_name(stage.stage, lang), grouped(stage.customers)));
    let counts = counts.collect::<Vec<_>>().join("   ");
    match lang {
        Lang::En => format!("Stages: {counts}"),
        Lang::Zh => format!("阶段：{counts}"),
    }
}

/// The words of the interface (words.md).
fn stage_name(stage: &'static str, lang: Lang) -> &'static str {
    let found = Stage::ALL.into_iter().find(|known| known.as_str() == stage);
    match (found, lang) {
        (Some(Stage::New), Lang::Zh) => "新客",
        (Some(Stage::Active), Lang::Zh) => "活跃",
        (Some(Stage::Loyal), Lang::Zh) => "忠诚",
        (Some(Stage::AtRisk), Lang::Zh) => "流失预警",
        (Some(Stage::Lapsed), Lang::Zh) => "沉睡",
        (Some(Stage::Lost), Lang::Zh) => "流失",
        (Some(Stage::WonBack), Lang::Zh) => "已召回",
        (Some(Stage::AtRisk), Lang::En) => "at risk",
        (Some(Stage::WonBack), Lang::En) => "won back",
        _ => stage,
    }
}

fn told(number: usize, finding: &Finding, money: &MoneyFormat, lang: Lang, width: usize) -> Vec<String> {
    let (text, action) = match lang {
        Lang::En => (&finding.text_en, &finding.action_en),
        Lang::Zh => (&finding.text_zh, &finding.action_zh),
    };
    let stake = if finding.money_at_stake > 0 {
        format!("[{}] ", money.text(finding.money_at_stake, lang))
    } else {
        String::new()
    };
    let mut lines = wrapped(&format!("{stake}{text}"), width - 3);
    lines.extend(wrapped(&format!("→ {action}"), width - 3));
    let indent = |place: usize| if place == 0 { format!("{number}. ") } else { "   ".to_owned() };
    lines.iter().enumerate().map(|(place, line)| format!("{}{line}", indent(place))).collect()
}

/// Columns a character takes in a terminal.
fn columns(character: char) -> usize {
    let wide = WIDE.iter().any(|range| range.contains(&character));
    if wide { 2 } else { 1 }
}

/// Wide characters (the blocks of Unicode's East Asian Width W and F that Chinese text uses).
const WIDE: [std::ops::RangeInclusive<char>; 6] = [
    '\u{1100}'..='\u{115f}',
    '\u{2e80}'..='\u{a4cf}',
    '\u{ac00}'..='\u{d7a3}',
    '\u{f900}'..='\u{faff}',
    '\u{fe30}'..='\u{fe6f}',
    '\u{ff00}'..='\u{ffe6}',
];

/// Breaks at spaces, and between Chinese characters anywhere but before punctuation.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let size: usize = piece.chars().map(columns).sum();
        if used > 0 && used + piece.trim_end().chars().map(columns).sum::<usize>() > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push_str(if used == 0 { piece.trim_start() } else { piece });
        used += size;
    }
    lines.push(line);
    lines
}

/// Pieces that stay together, each with the space or punctuation after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((_, character)) = characters.next() {
        let Some((place, next)) = characters.peek().copied() else { break };
        let after_space = character == ' ' && next != ' ';
        let between = (columns(character) == 2 || columns(next) == 2)
            && !"，。；：、？！）”% ".contains(next)
            && !"（“".contains(character);
        if after_space || between {
            pieces.push(&text[start..place]);
            start = place;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_in_either_script() {
        let zh = "本周内逐一联系，先不打折：问问哪里不满意，并提醒他们常买的商品。";
        for line in wrapped(zh, 20) {
            assert!(line.chars().map(columns).sum::<usize>() <= 22, "{line}");
            assert!(!line.starts_with('，'), "{line}");
        }
        assert_eq!(wrapped(zh, 20).concat(), zh);
        assert_eq!(wrapped("one two three", 8), ["one two ", "three"]);
    }
}
