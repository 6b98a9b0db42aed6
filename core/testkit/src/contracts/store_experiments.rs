//! The contract of `Experiments`.

use super::store::change;
use perennial_model::CustomerId;
use perennial_ports::{BegunExperiment, ManifestChange, NewExperiment, Store};

/// More than one row of any adapter, with gaps of all sizes.
fn cohort(count: u64) -> Vec<CustomerId> {
    (1..=count).map(|number| CustomerId::new((number % 16) as u16, number * number / 7 + number)).collect()
}

fn named(name: &str, starts_us: i64, cohort: Vec<CustomerId>) -> NewExperiment {
    NewExperiment {
        name: name.to_owned(),
        starts_us,
        begun_us: starts_us + 5,
        cohort,
        plan: "{\"holdout\":\"10%\"}".to_owned(),
        member_id: Some(u64::MAX - 1),
        token_id: None,
    }
}

fn kept(new: &NewExperiment) -> BegunExperiment {
    BegunExperiment {
        name: new.name.clone(),
        starts_us: new.starts_us,
        begun_us: new.begun_us,
        customers: new.cohort.len() as u64,
        plan: new.plan.clone(),
    }
}

/// All of them in their order, the latest experiment first; also when the store is opened again.
pub async fn cohorts_come_back_whole<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(store.begun_experiments().await.unwrap().is_empty());
    assert!(store.cohort_of("spring").await.unwrap().is_empty());
    let (spring, empty) = (named("spring", 10, cohort(10_000)), named("autumn", 70, Vec::new()));
    assert!(store.begin_experiment(&spring).await.unwrap());
    assert!(store.begin_experiment(&empty).await.unwrap());
    drop(store);
    let store = open().await;
    assert_eq!(store.begun_experiments().await.unwrap(), [kept(&empty), kept(&spring)]);
    assert_eq!(store.cohort_of("spring").await.unwrap(), spring.cohort);
    assert!(store.cohort_of("autumn").await.unwrap().is_empty());
}

/// Who takes part is settled by whoever begins first, and a cohort out of order is none.
pub async fn an_experiment_begins_once<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let first = named("spring", 10, cohort(3));
    assert!(store.begin_experiment(&first).await.unwrap());
    assert!(!store.begin_experiment(&named("spring", 20, cohort(9))).await.unwrap());
    assert_eq!(store.begun_experiments().await.unwrap(), [kept(&first)]);
    assert_eq!(store.cohort_of("spring").await.unwrap(), first.cohort);
    let mut twice = cohort(2);
    twice.push(twice[0]);
    assert!(store.begin_experiment(&named("other", 10, twice)).await.is_err());
    assert_eq!(store.begun_experiments().await.unwrap().len(), 1);
}

/// Out of every cohort, from whatever place; the others stay, and so does how many there were.
pub async fn erased_customers_leave_every_cohort<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (all, few) = (cohort(9_000), cohort(2));
    store.begin_experiment(&named("all", 10, all.clone())).await.unwrap();
    store.begin_experiment(&named("few", 20, few.clone())).await.unwrap();
    let stranger = CustomerId::new(3, 999_999_999_999);
    let gone = vec![all[0], all[1], all[4_500], all[8_999], stranger];
    store.commit(&ManifestChange { erase_profiles: gone.clone(), ..change(&store).await }).await.unwrap();
    drop(store);
    let store = open().await;
    let left: Vec<CustomerId> = all.iter().filter(|customer| !gone.contains(customer)).copied().collect();
    assert_eq!(store.cohort_of("all").await.unwrap(), left);
    assert!(store.cohort_of("few").await.unwrap().is_empty());
    assert_eq!(store.begun_experiments().await.unwrap()[0].customers, 2);
}
