//! Any stream, any order of work: the timeline answers as the oracle does.

use crate::world::{World, small};
use perennial_testkit::customer;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Append(u64),
    Import(u64),
    Flush,
    MergeRuns(u16),
    Stitch(u64, u64),
    Undo(usize),
    Erase(u64),
    Reopen,
    Check(i64),
}

const PEOPLE: u64 = 9;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u64>().prop_map(Step::Append),
        4 => any::<u64>().prop_map(Step::Import),
        2 => Just(Step::Flush),
        2 => (0..4_u16).prop_map(Step::MergeRuns),
        4 => (0..PEOPLE, 0..PEOPLE).prop_map(|(from, into)| Step::Stitch(from, into)),
        3 => any::<usize>().prop_map(Step::Undo),
        1 => (0..PEOPLE).prop_map(Step::Erase),
        1 => Just(Step::Reopen),
        2 => (0..12_000_i64).prop_map(Step::Check),
    ]
}

async fn run(steps: Vec<Step>) {
    let mut world = World::new(small()).await;
    let mut entries = Vec::new();
    for step in steps {
        match step {
            Step::Append(seed) => {
                let rows = world.draw(seed % 64, 40, PEOPLE);
                world.append(&rows).await;
            }
            Step::Import(seed) => {
                let rows = world.draw(seed % 64, 40, PEOPLE);
                world.import(&rows).await;
            }
            Step::Flush => world.timeline.flush().await.unwrap(),
            Step::MergeRuns(shard) => drop(world.timeline.merge(shard).await.unwrap()),
            Step::Stitch(from, into) => entries.extend(world.stitch(customer(from, 4), customer(into, 4)).await),
            Step::Undo(which) if !entries.is_empty() => {
                let entry = entries.swap_remove(which % entries.len());
                world.undo(entry).await;
            }
            Step::Undo(_) => {}
            Step::Erase(number) => {
                let whole = world.timeline.customer_of(customer(number, 4));
                world.erase(whole).await;
                let left = world.timeline.store().journal().await.unwrap();
                entries.retain(|entry| left.iter().any(|merge| merge.entry_id == *entry));
            }
            Step::Reopen => world.reopen().await,
            Step::Check(until_us) => world.check(Some(until_us)).await,
        }
    }
    world.check(None).await;
    assert_eq!(world.timeline.verify().await.unwrap(), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_timeline_answers_as_the_oracle_does(steps in prop::collection::vec(step(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(steps));
    }
}
