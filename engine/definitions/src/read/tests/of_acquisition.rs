//! `sources.yaml`, `spend.yaml`, and what `brand.yaml` says of both.

use super::*;
use crate::{SOURCES_FILE, SPEND_FILE, SourceKind, SourceMode, SpendPurpose};

const CAME: (&str, &str) = (
    SOURCES_FILE,
    "sources:\n  - name: douyin\n    title: {zh: 抖音, en: Douyin}\n    kind: advertising\n    where: p_utm = 'douyin'\n  \
     - {name: friends, kind: referral, where: channel = 'friend'}\n",
);

#[test]
fn sources_and_spend_are_read() {
    let spend = "spend:\n  - {month: 2026-03, purpose: acquisition, source: douyin, amount: 12000.50, note: spring}\n  \
                 - {month: 2026-03, purpose: acquisition, amount: 500}\n  - {month: 2026-03, purpose: retention, amount: 0}\n";
    let brand = "acquisition_share_alert: 60%\ntouch: p_sent = 1\ncomplaint: p_utm = 'x'\n";
    let reading = told(&[CAME, (SPEND_FILE, spend), ("brand.yaml", brand)]).unwrap();
    let Definitions { brand, sources, spend, .. } = reading.definitions;
    let modes: Vec<SourceMode> = sources.iter().map(|source| source.kind.mode()).collect();
    assert_eq!(modes, [SourceMode::Explicit, SourceMode::Implicit]);
    assert_eq!((sources[0].title.as_ref().unwrap().zh(), sources[1].kind), ("抖音", SourceKind::Referral));
    let ids: Vec<String> = spend.iter().map(crate::Spend::id).collect();
    assert_eq!(ids, ["2026-03 acquisition douyin", "2026-03 acquisition", "2026-03 retention"]);
    let minor: Vec<i64> = spend.iter().map(|spend| spend.amount.minor("CNY".parse().unwrap())).collect();
    assert_eq!((minor, spend[2].purpose), (vec![1_200_050, 50_000, 0], SpendPurpose::Retention));
    assert!((brand.alert_above() - 0.6).abs() < 1e-12 && (crate::Brand::default().alert_above() - 0.7).abs() < 1e-12);
    let declared: Vec<&str> = reading.undeclared.iter().map(|property| property.name.as_str()).collect();
    assert_eq!(declared, ["p_sent", "p_utm"], "what conditions of a brand and of sources name is declared");
}

#[test]
fn what_is_wrong_with_a_source_is_told_with_its_place_and_the_fix() {
    for (entry, said) in [
        ("kind: staff\n    where: channel = 'x'", "2:5: this source has no name"),
        (
            "name: a\n    where: channel = 'x'",
            "2:5: the source a has no kind [add the line kind: …, with one of advert",
        ),
        (
            "name: a\n    kind: staff",
            "2:5: the source a has no where [add the line where: …, a condition in SQL over one",
        ),
        ("name: a\n    kind: refferal\n    where: channel = 'x'", "3:11: refferal is no kind [is referral meant?]"),
        ("name: a\n    kind: staff\n    where: chanel = 'x'", "4:12: there is no column chanel"),
        (
            "name: unknown\n    kind: staff\n    where: channel = 'x'",
            "2:11: unknown is what those are called of whom no",
        ),
        ("name: a\n    kind: staff\n    mode: explicit\n    where: channel = 'x'", "4:5: a source has no key mode"),
        (
            "name: a\n    kind: staff\n    where: channel = 'x'\n  - {name: a, kind: staff, where: channel = 'y'}",
            "5:12: the name a is taken: sources.yaml:2:11 has it too",
        ),
    ] {
        let problem = only(SOURCES_FILE, &format!("sources:\n  - {entry}\n"));
        assert!(problem.starts_with("sources.yaml:") && problem.contains(said), "{entry}\n{problem}\n{said}");
    }
    let many: String = (0..=crate::MAX_SOURCES)
        .map(|number| format!("  - {{name: s{number}, kind: staff, where: channel = 'x'}}\n"))
        .collect();
    let said = only(SOURCES_FILE, &format!("sources:\n{many}"));
    assert!(said.contains("102:12: there are more than 100 sources [join some of them by or]"), "{said}");
    let said = only("brand.yaml", "complaint: chanel = 'x'\n");
    assert!(said.contains("1:12: there is no column chanel"), "{said}");
    let said = only("brand.yaml", "acquisition_share_alert: 0.6\n");
    assert!(said.contains("1:26: acquisition_share_alert: \"0.6\" is no share [write a percentage"), "{said}");
}

#[test]
fn what_is_wrong_with_spend_is_told_with_its_place_and_the_fix() {
    for (entry, said) in [
        (
            "purpose: retention\n    amount: 5",
            "2:5: this entry has no month [add the line month: …, for example 2026-03]",
        ),
        ("month: 2026-03\n    amount: 5", "2:5: this entry has no purpose [add the line purpose: …, with acquisition"),
        ("month: 2026-03\n    purpose: retention", "2:5: this entry has no amount [add the line amount: …"),
        (
            "month: 2026-13\n    purpose: retention\n    amount: 5",
            "2:12: month: \"2026-13\" is no month [write it as YYYY-MM, for example 2026-03]",
        ),
        ("month: 2026-03-01\n    purpose: retention\n    amount: 5", "2:12: month: \"2026-03-01\" is no month"),
        ("month:\n    purpose: retention\n    amount: 5", "month is a month, this is empty"),
        (
            "month: 2026-03\n    purpose: retain\n    amount: 5",
            "3:14: retain is no purpose [write one of acquisition, retention]",
        ),
        (
            "month: 2026-03\n    purpose: retention\n    amount: -5",
            "4:13: amount: -5 is less than nothing [write what was spent, for example 5]",
        ),
        (
            "month: 2026-03\n    purpose: retention\n    amount: 12,000",
            "4:13: amount: \"12,000\" is no amount [write a number in units of the brand's currency, for example 12000]",
        ),
        ("month: 2026-03\n    purpose: retention\n    amount: [5]", "4:13: amount is a number, this is a list"),
        (
            "month: 2026-03\n    purpose: retention\n    amount: 5.125",
            "4:13: amount: 5.125 has more digits behind the point than an amount of CNY [write 2 at most]",
        ),
        (
            "month: 2026-03\n    purpose: acquisition\n    source: douyn\n    amount: 5",
            "4:13: there is no source douyn [is douyin meant?]",
        ),
        (
            "month: 2026-03\n    purpose: acquisition\n    source: billboards\n    amount: 5",
            "4:13: there is no source billboards [define it in sources.yaml, or take the line away]",
        ),
        (
            "month: 2026-03\n    purpose: retention\n    source: douyin\n    amount: 5",
            "4:5: a source is where customers come from: what keeps them has none [take the line away, or write purpose",
        ),
        (
            "month: 2026-03\n    purpose: acquisition\n    amount: 5\n  - {month: 2026-03, purpose: acquisition, amount: 6}",
            "5:5: 2026-03 acquisition is said twice: spend.yaml:2:5 has it too [make one entry of them",
        ),
    ] {
        let text = format!("spend:\n  - {entry}\n");
        let problems = told(&[CAME, (SPEND_FILE, &text)]).unwrap_err();
        assert_eq!(problems.len(), 1, "{entry}: {problems:?}");
        assert!(problems[0].starts_with("spend.yaml:") && problems[0].contains(said), "{problems:?}\n{said}");
    }
    let text = "spend:\n  - {month: 2026-03, purpose: acquisition, source: gone, amount: 6}\n";
    let problems = told(&[(SOURCES_FILE, "sources: [\n"), (SPEND_FILE, text)]).unwrap_err();
    assert!(problems.iter().all(|problem| !problem.starts_with(SPEND_FILE)), "what is illegible is not missed");
}
