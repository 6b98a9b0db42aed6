//! There and back, and what stays as it was.

use super::*;
use crate::{
    AcquisitionSource, Arm, Brand, Experiment, Function, Languages, Lexical, Metric, Month, Need, OUTCOMES, Segment,
    Share, SourceKind, Spend, SpendPurpose, Surroundings, Text, Then, Unit, Window, changes, read,
};
use proptest::prelude::*;

fn reread(files: &[SourceFile]) -> Definitions {
    let surroundings = Surroundings { columns: &[], timezone: None, currency: None, begun: &[], expressions: &Lexical };
    match read(files, &surroundings) {
        Ok(reading) => reading.definitions,
        Err(problems) => panic!("{problems:#?}\n{files:#?}"),
    }
}

fn source(name: &str, text: &str) -> SourceFile {
    SourceFile { name: name.to_owned(), text: text.to_owned() }
}

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}( [a-z0-9_]{1,6}){0,4}",
        "[a-zA-Z0-9 :#\"{}|>&*!%@`,?~-]{0,20}[a-z]",
        "[ -~é近😀\u{85}\u{2028}]{0,12}x",
        "近[0-9一-十]{1,3}天",
    ]
}

fn any_text() -> impl Strategy<Value = Text> {
    prop_oneof![
        any_line().prop_map(Text::One),
        (any_line(), any_line()).prop_map(|(zh, en)| Text::Both(Languages { zh, en })),
    ]
}

/// Without quotes and brackets, which would have to match.
fn any_sql() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(" {0,3}[a-z_]{1,8} (=|>|#|: |!=) [0-9]{1,3} ?", 1..4);
    (lines, prop::sample::select(vec!["", "\n", "\n\n"])).prop_map(|(lines, end)| lines.join("\n") + end)
}

fn any_window() -> impl Strategy<Value = Window> {
    prop_oneof![(1_u16..=3660).prop_map(Window::of_days), (1_u16..=520).prop_map(Window::of_weeks)]
        .prop_map(Option::unwrap)
}

fn any_events() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(any_line(), 0..3).prop_map(|names| names.into_iter().collect())
}

fn any_metric() -> impl Strategy<Value = Metric> {
    let words = (prop::option::of(any_text()), prop::option::of(any_text()), any_events(), prop::option::of(any_sql()));
    let parts = (any_line(), prop::option::of(any_window()), any_window(), prop::sample::select(Unit::ALL.to_vec()));
    let then = (any_events(), prop::option::of(any_sql())).prop_map(|(events, r#where)| Then { events, r#where });
    let function = prop::sample::select(Function::ALL.to_vec());
    (function, words, parts, then).prop_map(|(function, words, (of, window, within, unit), then)| {
        let takes = |key| function.need(key) != Need::Refused;
        Metric {
            name: String::new(),
            title: words.0,
            description: words.1,
            function,
            events: words.2,
            of: takes("of").then_some(of),
            r#where: words.3,
            window: window.filter(|_| takes("window")),
            unit: takes("unit").then_some(unit),
            then: takes("then").then_some(then),
            within: takes("within").then_some(within),
        }
    })
}

fn any_segment() -> impl Strategy<Value = Segment> {
    let parts = (prop::option::of(any_text()), prop::option::of(any_text()), any_sql(), any::<bool>());
    parts.prop_map(|(title, description, r#where, acts)| Segment {
        name: String::new(),
        title,
        description,
        r#where,
        acts,
    })
}

fn any_experiment() -> impl Strategy<Value = Experiment> {
    let shares = prop::option::of(prop::sample::select(vec!["10%", "2.5%", "0.07%", "99.99%"]));
    let arms = prop::sample::subsequence(vec!["mail", "call", "letter"], 0..3);
    let weights = prop::collection::vec(prop::option::of(1_u32..9), 3);
    let outcomes = prop::sample::subsequence(OUTCOMES.to_vec(), 0..3);
    let words = (prop::option::of(any_text()), prop::option::of(any_text()));
    (words, shares, arms, weights, prop::option::of(1_u16..=366), outcomes).prop_map(
        |((title, description), holdout, arms, weights, days, outcomes)| Experiment {
            name: String::new(),
            title,
            description,
            audience: String::new(),
            holdout: holdout.map(|share| share.parse::<Share>().unwrap()),
            arms: arms.into_iter().zip(weights).map(|(name, weight)| Arm { name: name.to_owned(), weight }).collect(),
            starts: "2026-03-01".parse().unwrap(),
            days,
            outcomes: outcomes.into_iter().map(str::to_owned).collect(),
        },
    )
}

fn any_sources() -> impl Strategy<Value = Vec<AcquisitionSource>> {
    let source = (prop::option::of(any_text()), prop::sample::select(SourceKind::ALL.to_vec()), any_sql());
    (any_names(), prop::collection::vec(source, 5)).prop_map(|(names, sources)| {
        let named = names.into_iter().zip(sources);
        named.map(|(name, (title, kind, r#where))| AcquisitionSource { name, title, kind, r#where }).collect()
    })
}

/// Each month, purpose and source once.
fn any_spend() -> impl Strategy<Value = Vec<Spend>> {
    let amount = prop_oneof![(0_i64..1_000_000).prop_map(|whole| whole.to_string()), "[0-9]{1,6}[.][0-9]{1,2}"];
    let spend = (24_300_i32..24_303, any::<bool>(), any::<bool>(), amount, prop::option::of(any_line()));
    prop::collection::vec(spend, 0..6).prop_map(|all| {
        let mut made: Vec<Spend> = Vec::new();
        for (month, acquires, named, amount, note) in all {
            let purpose = if acquires { SpendPurpose::Acquisition } else { SpendPurpose::Retention };
            let source = (acquires && named).then(|| "a".to_owned());
            let spend =
                Spend { month: Month::of_number(month), purpose, source, amount: amount.parse().unwrap(), note };
            if made.iter().all(|other| other.id() != spend.id()) {
                made.push(spend);
            }
        }
        made
    })
}

/// Names from few, so that two versions share some.
fn any_names() -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(vec!["a", "b_2", "orders_90d", "x9", "last"], 0..5)
        .prop_shuffle()
        .prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

fn any_definitions() -> impl Strategy<Value = Definitions> {
    let zone = prop::sample::select(vec!["UTC", "Asia/Shanghai", "Europe/London"]);
    let brand = (prop::option::of(any_line()), prop::option::of(zone), prop::option::of("[A-Z]{3}"));
    let metrics = (any_names(), prop::collection::vec(any_metric(), 5));
    let segments = (any_names(), prop::collection::vec(any_segment(), 5));
    let experiments = (any_names(), prop::collection::vec(any_experiment(), 5));
    let control = prop::option::of(1_u16..=99);
    let of_brand = (control, prop::option::of(any_sql()), prop::option::of(any_sql()));
    (brand, of_brand, metrics, segments, experiments, (any_sources(), any_spend())).prop_map(
        |(
            (name, timezone, currency),
            (control, touch, complaint),
            metrics,
            segments,
            experiments,
            (sources, spend),
        )| {
            let known =
                |spend: &Spend| spend.source.as_ref().is_none_or(|name| sources.iter().any(|one| one.name == *name));
            let spend = spend.into_iter().filter(known).collect();
            let segments: Vec<Segment> =
                segments.0.into_iter().zip(segments.1).map(|(name, segment)| Segment { name, ..segment }).collect();
            let audience = segments.first().map(|segment| segment.name.clone());
            // Without a segment there is nobody to try anything with.
            let tried = experiments.0.into_iter().zip(experiments.1).zip(audience.iter().cycle());
            Definitions {
                brand: Brand {
                    name,
                    timezone: timezone.map(str::to_owned),
                    currency: currency.map(|currency: String| currency.parse().unwrap()),
                    global_control: control.and_then(Share::of_percent),
                    acquisition_share_alert: control.and_then(|percent| Share::of_percent(100 - percent)),
                    touch,
                    complaint,
                },
                metrics: metrics.0.into_iter().zip(metrics.1).map(|(name, metric)| Metric { name, ..metric }).collect(),
                experiments: tried
                    .map(|((name, tried), audience)| Experiment { name, audience: audience.clone(), ..tried })
                    .collect(),
                segments,
                sources,
                spend,
            }
        },
    )
}

/// A file as people keep it: with comments above, between and behind, and ends of lines of either kind.
fn with_comments(file: &SourceFile, carriage_returns: bool) -> SourceFile {
    let mut text = "\u{feff}# Kept by hand.\n\n".to_owned();
    for (number, line) in file.text.lines().enumerate() {
        let name = line.trim_start().trim_start_matches("- ").strip_prefix("name: ");
        if let Some(name) = name.filter(|_| line.starts_with("  - ")) {
            text.push_str(&format!("  # about {name}\n"));
        }
        text.push_str(line);
        text.push_str(if number == 0 && file.name != crate::BRAND_FILE { "  # begin\n" } else { "\n" });
    }
    text.push_str("# the end");
    let text = if carriage_returns { text.replace('\n', "\r\n") } else { text };
    SourceFile { name: file.name.clone(), text }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(definitions in any_definitions()) {
        let files = write(&definitions, &[]);
        prop_assert_eq!(&reread(&files), &definitions);
        prop_assert_eq!(write(&definitions, &files), files);
    }

    #[test]
    fn files_that_say_the_same_stay_as_they_are(definitions in any_definitions(), returns in any::<bool>()) {
        let kept: Vec<SourceFile> = write(&definitions, &[]).iter().map(|file| with_comments(file, returns)).collect();
        prop_assert_eq!(write(&reread(&kept), &kept), kept);
    }

    /// Whatever was kept: what is written is what was wanted.
    #[test]
    fn any_text_that_was_kept_is_no_hindrance(
        definitions in any_definitions(), pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..20),
        key in prop::sample::select(vec!["metrics:\n", "segments:\n", ""]),
    ) {
        let text = key.to_owned() + &pieces.concat();
        let kept: Vec<SourceFile> = FILES.iter().map(|name| source(name, &text)).collect();
        prop_assert_eq!(reread(&write(&definitions, &kept)), definitions);
    }

    #[test]
    fn what_did_not_change_keeps_its_comments(
        before in any_definitions(), after in any_definitions(), returns in any::<bool>(), shared in any::<u8>(),
    ) {
        let kept: Vec<SourceFile> = write(&before, &[]).iter().map(|file| with_comments(file, returns)).collect();
        let before = reread(&kept);
        let mut after = after;
        for (place, metric) in after.metrics.iter_mut().enumerate() {
            if let Some(same) = before.metrics.iter().find(|other| other.name == metric.name)
                && shared >> place & 1 == 1
            {
                *metric = same.clone();
            }
        }
        let files = write(&after, &kept);
        prop_assert_eq!(&reread(&files), &after);
        prop_assert_eq!(changes(&reread(&files), &after), vec![]);
        for file in &files {
            let Some(old) = kept.iter().find(|old| old.name == file.name) else { continue };
            prop_assert!(!file.text.contains("Written anew"), "{:?}\n{:?}", old.text, file.text);
            let around = file.text.starts_with("\u{feff}# Kept by hand.") && file.text.contains("# the end");
            prop_assert!(around, "{:?}", file.text);
            prop_assert_eq!(file.text.contains("\n  # about a"), old.text.contains("\n  # about a") && match file.name.as_str() {
                "metrics.yaml" => after.metrics.iter().any(|metric| metric.name == "a"),
                "experiments.yaml" => after.experiments.iter().any(|experiment| experiment.name == "a"),
                "sources.yaml" => after.sources.iter().any(|source| source.name == "a"),
                _ => after.segments.iter().any(|segment| segment.name == "a"),
            });
        }
    }
}

/// Of which files that people wrote are made.
const PIECES: [&str; 19] = [
    "  - name: a\n",
    "  - name: last # ours\n",
    "- name: x9\n",
    "    function: count\n",
    "  function: streak\n",
    "    where: x\n",
    "    where: |\n      x > 1\n\n",
    "# above\n",
    "    # within\n",
    "\n",
    "\r\n",
    "name: tea\n",
    "currency: CNY\n",
    "  -\n",
    "    events: [b,\n     c]\n",
    "\u{feff}",
    "    title: {zh: a,\n en: b}\n",
    "  - {name: b_2, where: 'x'}\n",
    "    window: 9d",
];

const KEPT: &str = "# yaml-language-server: $schema=metrics.schema.json
# Metrics of the shop.

metrics: # in the order of the dashboard
    # Orders count once.
    - name: orders_90d
      function: count   # not sum
      # The app's too.
      events:
        - Order Completed
      window: 90d       # a quarter

    # Spending.
    - name: spent
      function: sum
      of: amount
      where: |
        amount > 5

        and channel = 'app'
    - name: seen
      function: days_since
# That is all.
";

#[test]
fn only_what_changed_is_written_anew() {
    let kept = [source("metrics.yaml", KEPT)];
    let mut definitions = reread(&kept);
    definitions.metrics[0].window = Window::of_days(60);
    definitions.metrics[0].title = Some(Text::One("Orders: 60 days".to_owned()));
    definitions.metrics.remove(1);
    definitions.metrics.push(Metric { name: "visits".to_owned(), ..definitions.metrics[1].clone() });
    let expected = "# yaml-language-server: $schema=metrics.schema.json
# Metrics of the shop.

metrics: # in the order of the dashboard
    # Orders count once.
    - name: orders_90d
      function: count   # not sum
      # The app's too.
      events:
        - Order Completed
      window: 60d
      title: \"Orders: 60 days\"
    - name: seen
      function: days_since

    - name: visits
      function: days_since
# That is all.
";
    assert_eq!(write(&definitions, &kept)[0].text, expected);
}

#[test]
fn numbers_and_arms_that_did_not_change_keep_their_lines() {
    let kept = [
        source("segments.yaml", "segments:\n  - {name: gone, where: x > 1}\n"),
        source(
            "experiments.yaml",
            "experiments:\n  - name: spring   # 春\n    audience: gone\n    holdout: 20%  # a fifth\n    \
             arms:\n      # by mail\n      - name: mail\n        weight: 2\n    starts: 2026-03-01 # a Sunday\n    days: 14 \
             # two weeks\n    outcomes: revenue # money\n",
        ),
    ];
    let mut definitions = reread(&kept);
    definitions.experiments[0].title = Some(Text::One("Spring".to_owned()));
    definitions.experiments[0].holdout = Share::of_percent(10);
    let expected = kept[1].text.replace("20%  # a fifth", "10%").replace("# money\n", "# money\n    title: Spring\n");
    assert_eq!(write(&definitions, &kept)[1].text, expected);
}

#[test]
fn an_amount_that_changed_leaves_the_other_months_alone() {
    let kept = [source(
        "spend.yaml",
        "spend:\n  # before the festival\n  - month: 2026-01\n    purpose: acquisition # ads\n    amount: 1200.50 # paid\n  \
         - month: 2026-02\n    purpose: retention\n    amount: 80  # stamps\n",
    )];
    let mut definitions = reread(&kept);
    definitions.spend[0].note = Some("cut".to_owned());
    definitions.spend[1].amount = "81.25".parse().unwrap();
    let told: Vec<String> = changes(&reread(&kept), &definitions).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["~ spend 2026-01 acquisition: note", "~ spend 2026-02 retention: amount"]);
    let expected = kept[0].text.replace("# paid\n", "# paid\n    note: cut\n").replace("80  # stamps", "81.25");
    assert_eq!(write(&definitions, &kept)[0].text, expected);
}

#[test]
fn a_form_that_cannot_be_kept_is_written_whole_and_says_so() {
    for kept in [
        "metrics: [{name: a, function: count}] # ours\n",
        "{metrics: [{name: a, function: count}]}\n",
        "metrics:\n  -\n    name: a\n    function: count\n",
        "metrics:\n- {name: [}\n",
    ] {
        let metric = Metric { name: "b".to_owned(), ..reread(&[source("metrics.yaml", KEPT)]).metrics[2].clone() };
        let definitions = Definitions { metrics: vec![metric], ..Definitions::default() };
        let files = write(&definitions, &[source("metrics.yaml", kept)]);
        assert_eq!(files[0].text, format!("{REMARK}metrics:\n  - name: b\n    function: days_since\n"), "{kept}");
    }
}

#[test]
fn an_entry_on_one_line_is_changed_alone() {
    let kept = [source(
        "segments.yaml",
        "segments:\n# first\n- {name: a, where: x > 1} # short\n# second\n- {name: b, where: y > 1}\n",
    )];
    let mut definitions = reread(&kept);
    definitions.segments[1].title = Some(Text::One("two".to_owned()));
    let expected =
        "segments:\n# first\n- {name: a, where: x > 1} # short\n# second\n- name: b\n  title: two\n  where: y > 1\n";
    assert_eq!(write(&definitions, &kept)[0].text, expected);
    definitions.segments.clear();
    assert_eq!(write(&definitions, &kept)[0].text, "segments:\n");
}

#[test]
fn keys_of_the_brand_change_one_by_one() {
    let kept = [source("brand.yaml", "# The tea shop.\nname: 茶 # since 1998\ncurrency: CNY")];
    let mut definitions = reread(&kept);
    definitions.brand.currency = None;
    definitions.brand.timezone = Some("Asia/Shanghai".to_owned());
    let text = "# The tea shop.\nname: 茶 # since 1998\ntimezone: Asia/Shanghai\n";
    assert_eq!(write(&definitions, &kept), [source("brand.yaml", text)]);
    assert_eq!(
        write(&definitions, &[source("brand.yaml", "# later")])[0].text,
        "# later\nname: 茶\ntimezone: Asia/Shanghai\n"
    );
    assert_eq!(write(&Definitions::default(), &[]), []);
}
