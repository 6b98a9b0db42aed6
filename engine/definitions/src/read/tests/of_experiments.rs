//! `experiments.yaml`.

use super::*;

#[test]
fn experiments_are_read_with_what_is_usual() {
    let read = told(&[("metrics.yaml", METRICS), GONE, (EXPERIMENTS_FILE, TRIED)]).unwrap().definitions.experiments;
    let [spring, calls] = read.as_slice() else { unreachable!() };
    assert_eq!((spring.holdout_fraction(), spring.days(), spring.starts.number()), (0.1, 30, 20_513));
    assert_eq!(spring.arms_with_weights(), [("treated", 1)]);
    assert_eq!(spring.outcome_names(), ["converted", "app_orders"]);
    assert_eq!((calls.holdout_fraction(), calls.days()), (0.025, 14));
    assert_eq!(calls.arms_with_weights(), [("mail", 1), ("call", 3)]);
    assert_eq!(calls.outcome_names(), ["revenue"]);
}

#[test]
fn what_is_wrong_with_an_experiment_is_told_with_its_place_and_the_fix() {
    for (entry, said) in [
        ("audience: gone\n    starts: 2026-03-01", "2:5: this experiment has no name"),
        ("name: a\n    starts: 2026-03-01", "2:5: the experiment a has no audience [add the line audience: …"),
        ("name: a\n    audience: gone", "2:5: the experiment a has no starts"),
        ("name: a\n    audience: gonne\n    starts: 2026-03-01", "3:15: there is no segment gonne [is gone meant?]"),
        (
            "name: a\n    audience: champions\n    starts: 2026-03-01",
            "there is no segment champions [define it in segments.yaml]",
        ),
        ("name: a\n    audience: gone\n    starts: March", "4:13: starts: \"March\" is no day [write it as YYYY-MM-DD"),
        ("name: a\n    audience: gone\n    starts: 2026-02-29", "4:13: starts: \"2026-02-29\" is no day"),
        ("name: a\n    audience: gone\n    starts:", "starts is a day, this is empty"),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    holdout: 0.2",
            "5:14: holdout: \"0.2\" is no share [write a percentage, for example 20%]",
        ),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    holdout: 100%",
            "5:14: holdout: \"100%\" is out of bounds [write 0.01% to 99.99%]",
        ),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    days: 367",
            "5:11: days: \"367\" is none [write a whole number, 1 to 366]",
        ),
        ("name: a\n    audience: gone\n    starts: 2026-03-01\n    days: 2w", "5:11: days: \"2w\" is none"),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    outcomes: revenu",
            "5:15: there is no outcome revenu [is revenue meant?]",
        ),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    outcomes: [revenue, visits]",
            "5:25: visits is no outcome: its streak says nothing of who did nothing [take a count, sum, distinct",
        ),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    arms: [{name: holdout}]",
            "5:19: the name holdout is taken by another group of this experiment",
        ),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    arms: [{name: b}, {name: b}]",
            "5:30: the name b is taken",
        ),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n    arms: [{name: b, weight: 0}]",
            "5:30: weight: \"0\" is none [write a whole number, 1 to 10000]",
        ),
        ("name: a\n    audience: gone\n    starts: 2026-03-01\n    arms: []", "5:11: arms has 0 entries"),
        ("name: a\n    audience: gone\n    starts: 2026-03-01\n    hold_out: 9%", "an experiment has no key hold_out"),
        ("name: 春\n    audience: gone\n    starts: 2026-03-01", "2:11: 春 cannot be a name"),
        (
            "name: a\n    audience: gone\n    starts: 2026-03-01\n  - name: a\n    audience: gone\n    starts: 2026-03-01",
            "5:11: the name a is taken: experiments.yaml:2:11 has it too",
        ),
    ] {
        let text = format!("experiments:\n  - {entry}\n");
        let problems = told(&[("metrics.yaml", METRICS), GONE, (EXPERIMENTS_FILE, &text)]).unwrap_err();
        assert_eq!(problems.len(), 1, "{entry}: {problems:?}");
        assert!(problems[0].starts_with("experiments.yaml:") && problems[0].contains(said), "{problems:?}\n{said}");
    }
}

#[test]
fn what_an_experiment_names_is_not_missed_where_its_file_is_illegible() {
    let files = [("metrics.yaml", "metrics: [\n"), ("segments.yaml", "segments: [\n"), (EXPERIMENTS_FILE, TRIED)];
    let problems = told(&files).unwrap_err();
    assert!(problems.iter().all(|problem| !problem.starts_with(EXPERIMENTS_FILE)), "{problems:?}");
}

#[test]
fn an_experiment_that_has_begun_keeps_its_customers() {
    let files = |tried: &str| {
        let file = |(name, text): (&str, &str)| SourceFile { name: name.to_owned(), text: text.to_owned() };
        [("metrics.yaml", METRICS), GONE, (EXPERIMENTS_FILE, tried)].map(file)
    };
    let begun = read(&files(TRIED), &surroundings()).unwrap().definitions.experiments;
    let around = Surroundings { begun: &begun, ..surroundings() };
    let again = |tried: &str| {
        let read = read(&files(tried), &around);
        read.map(drop)
            .map_err(|problems| problems.iter().map(|problem| format!("{problem} [{}]", problem.fix)).collect())
    };
    assert_eq!(again(TRIED), Ok(()));
    // What was usual said in words, a longer time and other outcomes move nobody.
    let longer = TRIED
        .replace("    days: 14\n", "    days: 20\n")
        .replace("gone\n    starts", "gone\n    holdout: 10%\n    starts");
    assert_eq!(again(&longer), Ok(()));
    assert_eq!(again("experiments:\n"), Ok(()), "who is gone is not changed");
    let changed = TRIED.replace("2.5%", "20%").replace("weight: 3", "weight: 4").replace("2026-03-01", "2026-03-05");
    let problems: Vec<String> = again(&changed).unwrap_err();
    for (problem, said) in problems.iter().zip([
        "experiments.yaml:4:5: spring has begun, with starts 2026-03-01",
        "experiments.yaml:8:5: calls has begun, with holdout 2.5%: its customers are divided and stay so [put holdout back, or give",
        "experiments.yaml:9:5: calls has begun, with arms mail (weight 1), call (weight 3)",
    ]) {
        assert!(problem.contains(said), "{problem}\n{said}");
    }
    assert_eq!(problems.len(), 3);
}
