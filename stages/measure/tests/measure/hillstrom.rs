//! Kevin Hillstrom's e-mail experiment (MineThatData 2008): 64,000 customers, two mails and no mail.
//!
//! The expected figures are what tests/independent/lift.py prints over the same file: SciPy's and
//! statsmodels' Newcombe interval, pooled z test, Welch test and chi-square, and a few lines of NumPy for
//! lifts, post-stratification and a studentised bootstrap of 4,000 draws.

use crate::files::compare;
use flate2::read::GzDecoder;
use perennial_measure::{Answer, CompareRequest, Comparison, Lang, Method};
use std::fs::File;
use std::path::Path;

const SPEND: &str = "spend";
const MENS: &str = "Mens E-Mail";
const WOMENS: &str = "Womens E-Mail";

/// The answer of the shared file; `None`, with a message, where the folder is absent.
fn hillstrom(change: impl FnOnce(&mut CompareRequest)) -> Option<Answer> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hillstrom/hillstrom.csv.gz");
    let Ok(file) = File::open(&path) else {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    };
    let mut request = CompareRequest::new("segment", "No E-Mail", &["visit", "conversion", SPEND]);
    change(&mut request);
    Some(compare(request, csv::Reader::from_reader(GzDecoder::new(file))).unwrap())
}

fn of<'a>(answer: &'a Answer, arm: &str, outcome: &str) -> &'a Comparison {
    answer.comparisons.iter().find(|one| one.arm == arm && one.outcome == outcome).unwrap()
}

fn close(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() <= 1e-9 * expected.abs())
}

/// Arm, outcome, mean, difference, low, high, p.
const EXPECTED: [(&str, &str, [f64; 5]); 6] = [
    (
        MENS,
        "visit",
        [
            0.182_756_840_474_961_27,
            0.076_589_563_651_531_25,
            0.069_953_308_083_731_54,
            0.083_226_741_274_111_37,
            5.685_165_482_802_317e-112,
        ],
    ),
    (
        MENS,
        "conversion",
        [
            0.012_531_093_068_005_82,
            0.006_805_006_519_615_695,
            0.005_014_344_671_481_532,
            0.008_640_723_396_917_826,
            1.523_223_500_595_542_7e-13,
        ],
    ),
    (
        MENS,
        SPEND,
        [
            1.422_616_511_005_773,
            0.769_827_155_894_536_8,
            0.485_139_732_568_407_6,
            1.054_514_579_220_665_8,
            1.163_814_968_225_482e-7,
        ],
    ),
    (
        WOMENS,
        "visit",
        [
            0.151_400_383_410_483,
            0.045_233_106_587_052_985,
            0.038_894_095_359_988_13,
            0.051_574_342_962_213_596,
            3.182_403_159_334_921_4e-44,
        ],
    ),
    (
        WOMENS,
        "conversion",
        [
            0.008_837_144_059_475_383,
            0.003_111_057_511_085_258,
            0.001_501_657_131_877_008,
            0.004_745_471_313_672_931,
            0.000_157_105_129_106_684_48,
        ],
    ),
    (
        WOMENS,
        SPEND,
        [
            1.077_201_571_047_832_9,
            0.424_412_215_936_596_7,
            0.168_956_789_883_778_7,
            0.679_867_641_989_414_7,
            0.001_129_397_102_363_249_5,
        ],
    ),
];

#[test]
fn differences_intervals_and_probabilities() {
    let Some(answer) = hillstrom(|_| ()) else { return };
    assert_eq!(answer.rows, 64_000);
    let order: Vec<(&str, &str)> = answer.comparisons.iter().map(|one| (&*one.arm, &*one.outcome)).collect();
    assert_eq!(order, EXPECTED.map(|(arm, outcome, _)| (arm, outcome)));
    for (arm, outcome, [mean, difference, low, high, p]) in EXPECTED {
        let found = of(&answer, arm, outcome);
        assert_eq!(found.method, if outcome == SPEND { Method::Welch } else { Method::Newcombe });
        assert_eq!((found.n, found.control_n), (if arm == MENS { 21_307 } else { 21_387 }, 21_306));
        let same = close(Some(found.mean), mean)
            && close(Some(found.difference), difference)
            && close(found.low, low)
            && close(found.high, high)
            && close(found.p, p);
        assert!(same, "{arm}, {outcome}: {found:?}");
        assert_eq!(found.verdict, "works");
    }
}

#[test]
fn lifts() {
    let Some(answer) = hillstrom(|_| ()) else { return };
    for (arm, outcome, [lift, low, high]) in [
        (MENS, "visit", [0.721_404_616_781_399, 0.640_384_888_480_000_1, 0.806_425_964_714_953]),
        (MENS, "conversion", [1.188_421_876_286_328, 0.767_984_078_010_420_6, 1.708_842_442_743_053]),
        (WOMENS, "visit", [0.426_055_070_266_910_14, 0.356_171_223_472_458_8, 0.499_540_049_394_995_3]),
        (WOMENS, "conversion", [0.543_313_043_698_217_2, 0.230_105_219_526_297_14, 0.936_269_445_118_094_4]),
    ] {
        let found = of(&answer, arm, outcome);
        let same = close(found.lift, lift) && close(found.lift_low, low) && close(found.lift_high, high);
        assert!(same, "{arm}, {outcome}: {found:?}");
    }
}

#[test]
fn the_bootstrap_agrees_with_welch() {
    let Some(answer) = hillstrom(|_| ()) else { return };
    for (arm, low, high) in [(MENS, 0.4924, 1.0511), (WOMENS, 0.1765, 0.6933)] {
        let found = of(&answer, arm, SPEND).bootstrap.unwrap();
        let interval = found.interval;
        assert!(found.agrees && (interval.low - low).abs() < 0.02 && (interval.high - high).abs() < 0.02, "{found:?}");
    }
}

#[test]
fn sizes_are_as_assigned() {
    let Some(answer) = hillstrom(|_| ()) else { return };
    let ratio = &answer.sample_ratio;
    assert!(close(Some(ratio.chi_square), 0.202_531_25) && close(Some(ratio.p), 0.903_692_957_560_419_6), "{ratio:?}");
    assert!(!ratio.alarm && ratio.arms.iter().map(|arm| arm.n).eq([21_307, 21_306, 21_387]));
    let skewed = hillstrom(|request| {
        let arms = [(MENS, 2.0), (WOMENS, 2.0), ("No E-Mail", 1.0)];
        request.expected = arms.map(|(arm, weight)| (arm.to_owned(), weight)).to_vec();
    });
    assert!(skewed.unwrap().sample_ratio.alarm);
}

#[test]
fn post_stratified_by_what_was_spent_before() {
    let Some(answer) = hillstrom(|request| request.strata = Some("history_segment".to_owned())) else { return };
    for (arm, outcome, [difference, low, high, p]) in [
        (
            MENS,
            SPEND,
            [0.765_983_623_714_430_3, 0.480_992_917_347_835_34, 1.050_974_330_081_025_3, 1.388_101_707_305_699_8e-7],
        ),
        (
            MENS,
            "visit",
            [0.076_443_759_723_079_68, 0.069_828_762_571_033_71, 0.083_058_756_875_125_65, 7.259_276_084_310_368e-113],
        ),
        (
            WOMENS,
            SPEND,
            [0.421_717_807_797_826_14, 0.166_043_184_116_482_1, 0.677_392_431_479_170_2, 0.001_226_668_552_194_442_5],
        ),
        (
            WOMENS,
            "visit",
            [0.044_993_272_469_109_32, 0.038_669_224_639_214_21, 0.051_317_320_299_004_43, 4.273_403_386_195_939e-44],
        ),
    ] {
        let found = of(&answer, arm, outcome).stratified.unwrap();
        let same = close(Some(found.difference), difference)
            && close(Some(found.low), low)
            && close(Some(found.high), high)
            && close(Some(found.p), p);
        assert!(same && found.strata == 7, "{arm}, {outcome}: {found:?}");
    }
}

/// The figures of the guide, in both languages: the table, and one line of each longer answer.
#[test]
fn the_guide_shows_what_is_printed() {
    let shown = |change: fn(&mut CompareRequest)| {
        hillstrom(change).map(|mut answer| {
            answer.file = "hillstrom.csv.gz".to_owned();
            answer
        })
    };
    let (Some(plain), Some(planned), Some(stratified)) = (
        shown(|_| ()),
        shown(|request| request.planned = Some(64_000)),
        shown(|request| request.strata = Some("history_segment".to_owned())),
    ) else {
        return;
    };
    for (lang, folder) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let page = format!("../../docs/guide/{folder}/measure-an-experiment.md");
        let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        let text = plain.text(lang);
        assert!(page.contains(text.trim_end()), "the guide ({folder}) should show\n{text}");
        for (answer, arm, outcome) in [(&planned, WOMENS, SPEND), (&stratified, MENS, "visit")] {
            let text = answer.text(lang);
            let begins = [format!("{arm}, {outcome}:"), format!("{arm}，{outcome}：")];
            let line = text.lines().find(|line| begins.iter().any(|begin| line.starts_with(begin))).unwrap();
            assert!(page.contains(line), "the guide ({folder}) should show\n{line}");
        }
    }
}
