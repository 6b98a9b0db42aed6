//! Bits against three-valued logic asked one customer at a time.

use super::*;
use crate::{Column, ColumnSpec, ColumnType, NONE_INT};
use proptest::prelude::*;

const WORDS: &[&str] = &["a", "b", "c"];
const SHARDS: u16 = 3;

/// A customer's values: a whole number, a float, a word.
type Row = (Option<i64>, Option<f64>, Option<u8>);

fn specs() -> Vec<ColumnSpec> {
    let spec = |name, column_type| ColumnSpec { name, column_type, description: "" };
    vec![spec("i", ColumnType::Int), spec("f", ColumnType::Float), spec("w", ColumnType::Word(WORDS))]
}

fn customer(index: usize) -> CustomerId {
    CustomerId::new(u16::try_from(index).unwrap_or_default() % SHARDS, index as u64 + 1)
}

fn shard_of(rows: &[Row], shard: u16) -> TableShard {
    let of_shard: Vec<usize> = (0..rows.len()).filter(|index| customer(*index).shard() == shard).collect();
    let each = |of: &dyn Fn(&Row) -> i64| of_shard.iter().map(|index| of(&rows[*index])).collect();
    TableShard {
        customers: of_shard.iter().map(|index| customer(*index).0).collect(),
        columns: vec![
            Column::Int(each(&|row| row.0.unwrap_or(NONE_INT))),
            Column::Float(of_shard.iter().map(|index| rows[*index].1.unwrap_or(f64::NAN)).collect()),
            Column::Code(of_shard.iter().map(|index| rows[*index].2.unwrap_or(u8::MAX)).collect()),
        ],
    }
}

fn live(rows: &[Row], gone: &[usize]) -> LiveColumns {
    let live = LiveColumns::new(specs(), SHARDS);
    for shard in 0..SHARDS {
        let of_shard = shard_of(rows, shard);
        let mut fresh = Rows::new(&specs());
        for (place, id) in of_shard.customers.iter().enumerate() {
            let (slot, _) = fresh.take_slot(CustomerId(*id));
            let columns = of_shard.columns.iter().map(|column| column.at(&[place])).collect();
            fresh.put(&[slot], &TableShard { customers: vec![*id], columns });
        }
        for index in gone.iter().filter(|index| customer(**index).shard() == shard && **index < rows.len()) {
            fresh.free_slot(customer(*index).number());
        }
        if let Some(mut place) = live.write(usize::from(shard)) {
            *place = fresh;
        }
    }
    live
}

/// The same, asked one customer at a time in three-valued logic.
fn said(
    test: &CustomerTest,
    row: &Row,
    id: CustomerId,
    earlier: &[Option<bool>],
    sets: &[Arc<Members>],
) -> Option<bool> {
    fn held<N: PartialOrd>(comparison: Comparison, value: N, limit: N) -> bool {
        match comparison {
            Comparison::Equal => value == limit,
            Comparison::Less => value < limit,
            Comparison::AtMost => value <= limit,
            Comparison::Greater => value > limit,
            Comparison::AtLeast => value >= limit,
        }
    }
    let inner = |test: &CustomerTest| said(test, row, id, earlier, sets);
    match test {
        CustomerTest::Known(known) => *known,
        CustomerTest::Int(0, comparison, limit) => row.0.map(|value| held(*comparison, value, *limit)),
        CustomerTest::Float(1, comparison, limit) => row.1.map(|value| held(*comparison, value, *limit)),
        CustomerTest::Codes(2, outcomes) => outcomes[usize::from(row.2.unwrap_or(u8::MAX))],
        CustomerTest::Missing(place) => Some([row.0.is_none(), row.1.is_none(), row.2.is_none()][*place]),
        CustomerTest::Member(set) => Some(sets.get(*set).is_some_and(|members| members.contains(id))),
        CustomerTest::Earlier(test) => earlier.get(*test).copied().flatten(),
        CustomerTest::Not(test) => inner(test).map(|outcome| !outcome),
        CustomerTest::Certain(test) => Some(inner(test) == Some(true)),
        CustomerTest::All(tests) => {
            let outcomes: Vec<Option<bool>> = tests.iter().map(inner).collect();
            if outcomes.contains(&Some(false)) { Some(false) } else { (!outcomes.contains(&None)).then_some(true) }
        }
        CustomerTest::Any(tests) => {
            let outcomes: Vec<Option<bool>> = tests.iter().map(inner).collect();
            if outcomes.contains(&Some(true)) { Some(true) } else { (!outcomes.contains(&None)).then_some(false) }
        }
        CustomerTest::Rows(_) => row.0.map(|value| value % 2 == 0),
        _ => None,
    }
}

/// Even whole numbers.
fn even() -> CustomerTest {
    let judge = |some: &TableShard| match &some.columns[0] {
        Column::Int(values) => values.iter().map(|value| (*value != NONE_INT).then_some(value % 2 == 0)).collect(),
        Column::Float(_) | Column::Code(_) => Vec::new(),
    };
    CustomerTest::Rows(RowsTest::new(vec![0], Arc::new(judge)))
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
    ])
}

fn test() -> impl Strategy<Value = CustomerTest> {
    let codes = prop::array::uniform4(any::<Option<bool>>()).prop_map(|said| {
        let mut outcomes = Box::new([None; 256]);
        outcomes[..3].copy_from_slice(&said[..3]);
        outcomes[255] = said[3];
        CustomerTest::Codes(2, outcomes)
    });
    let leaf = prop_oneof![
        any::<Option<bool>>().prop_map(CustomerTest::Known),
        (comparison(), -4..4_i64).prop_map(|(comparison, limit)| CustomerTest::Int(0, comparison, limit)),
        (comparison(), -2..2_i32).prop_map(|(comparison, limit)| CustomerTest::Float(
            1,
            comparison,
            f64::from(limit) / 2.0
        )),
        codes,
        (0..3_usize).prop_map(CustomerTest::Missing),
        (0..3_usize).prop_map(CustomerTest::Member),
        (0..3_usize).prop_map(CustomerTest::Earlier),
        Just(even()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|test| CustomerTest::Not(Box::new(test))),
            inner.clone().prop_map(|test| CustomerTest::Certain(Box::new(test))),
            prop::collection::vec(inner.clone(), 0..4).prop_map(CustomerTest::All),
            prop::collection::vec(inner, 0..4).prop_map(CustomerTest::Any),
        ]
    })
}

fn row() -> impl Strategy<Value = Row> {
    let int = prop::option::of(prop_oneof![8 => -5..5_i64, 1 => Just(1 << 40)]);
    (int, prop::option::of((-4..4_i32).prop_map(|half| f64::from(half) / 2.0)), prop::option::of(0..3_u8))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bits_say_what_each_customer_is_asked(
        rows in prop::collection::vec(row(), 0..300),
        gone in prop::collection::vec(0..300_usize, 0..9),
        tests in prop::collection::vec(test(), 1..4),
        listed in prop::collection::vec(0..300_usize, 0..40),
    ) {
        let sets = vec![Arc::new(listed.iter().map(|index| customer(*index)).collect::<Members>()), Arc::default()];
        let audience = Audience::new(tests.clone(), sets.clone());
        let live = live(&rows, &gone);
        let mut expected = vec![Members::none(usize::from(SHARDS)); tests.len()];
        let mut counted = vec![Counted::default(); tests.len()];
        for (index, row) in rows.iter().enumerate().filter(|(index, _)| !gone.contains(index)) {
            let (id, mut outcomes) = (customer(index), Vec::new());
            for (place, test) in tests.iter().enumerate() {
                let outcome = said(test, row, id, &outcomes, &sets);
                counted[place].yes += u64::from(outcome == Some(true));
                counted[place].unknown += u64::from(outcome.is_none());
                if outcome == Some(true) {
                    expected[place].insert(id);
                }
                outcomes.push(outcome);
            }
            prop_assert_eq!(audience.of_customer(&live, id), Some(outcomes));
        }
        prop_assert_eq!(audience.count(&live, 2), counted);
        prop_assert_eq!(&audience.members(&live, 2), &expected);
        let table = live.table();
        prop_assert_eq!(audience.count_table(&table, 1), audience.count(&live, 1));
        prop_assert_eq!(&audience.members_of_table(&table, 2), &expected);
        for shard in 0..SHARDS {
            let all: Vec<u64> = (0..rows.len()).map(customer).filter(|id| id.shard() == shard).map(CustomerId::number).collect();
            let among = audience.members_among(&live, usize::from(shard), &all);
            for (bits, expected) in among.iter().zip(&expected) {
                prop_assert_eq!(Some(bits), expected.shard(usize::from(shard)));
            }
        }
    }

    #[test]
    fn what_is_damaged_is_no_set_or_another_one(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Some(bits) = Bits::unpacked(&bytes) {
            prop_assert_eq!(Bits::unpacked(&bits.packed()), Some(bits));
        }
    }

    #[test]
    fn sets_of_customers_are_sets(own in prop::collection::btree_set(1..400_u64, 0..50), other in prop::collection::btree_set(1..400_u64, 0..50)) {
        let bits = |numbers: &std::collections::BTreeSet<u64>| {
            let mut bits = Bits::default();
            numbers.iter().for_each(|number| bits.insert(*number));
            bits
        };
        let (left, right) = (bits(&own), bits(&other));
        prop_assert_eq!(left.numbers().collect::<Vec<_>>(), own.iter().copied().collect::<Vec<_>>());
        prop_assert_eq!(left.without(&right).collect::<Vec<_>>(), own.difference(&other).copied().collect::<Vec<_>>());
        prop_assert_eq!(left.shared(&right), own.intersection(&other).count() as u64);
        let packed = left.packed();
        prop_assert_eq!(Bits::unpacked(&packed), Some(left.clone()));
        prop_assert!(packed.len() <= 1 + own.len() * 2 && packed.len() <= 1 + 400_usize.div_ceil(64) * 8 + 8);
        let mut less = left.clone();
        other.iter().for_each(|number| less.remove(*number));
        prop_assert_eq!(less.len(), own.difference(&other).count() as u64);
        prop_assert_eq!(less.is_empty(), own.is_subset(&other));
    }
}
