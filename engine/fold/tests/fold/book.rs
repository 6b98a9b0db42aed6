//! What orders are made of.

use crate::support::{DAY_US, HOUR_US, START_US};
use perennial_fold::{Order, OrderBook, Revenue};
use perennial_model::{EventKind, OrderKey, Zone};
use perennial_timeline::{Event, NONE, Symbol};
use proptest::prelude::*;

fn event(kind: EventKind, order: u64, time_us: i64, minor: Option<i64>) -> Event {
    Event {
        time_us,
        kind,
        mid: 0,
        name: Symbol::NONE,
        order: OrderKey(order),
        item: Symbol::NONE,
        quantity_milli: NONE,
        value_minor: minor.unwrap_or(NONE),
        channel: Symbol::NONE,
        source: Symbol::NONE,
        campaign: Symbol::NONE,
        received_us: time_us,
        store: Symbol::NONE,
        staff: Symbol::NONE,
        category: Symbol::NONE,
    }
}

/// Orders and loose refunds.
fn orders(events: &[Event]) -> (Vec<Order>, i64) {
    let mut book = OrderBook::default();
    events.iter().for_each(|event| book.step(event));
    let mut orders = Vec::new();
    let loose = book.orders_into(&Zone::utc(), &mut orders);
    (orders, loose)
}

#[test]
fn a_refund_heard_of_before_its_order_nets_off() {
    let refund = event(EventKind::Refund, 7, START_US, Some(300));
    let header = event(EventKind::Order, 7, START_US + DAY_US, Some(1_000));
    let (found, loose) = orders(&[refund, header]);
    assert_eq!((found[0].value(Revenue::Net), found[0].value(Revenue::Gross), loose), (700, 1_000, 0));
}

#[test]
fn refunds_of_unknown_or_no_orders_are_loose_and_unknown_cancellations_harmless() {
    let (found, loose) = orders(&[
        event(EventKind::Refund, 8, START_US, Some(5)),
        event(EventKind::Refund, 0, START_US, Some(20)),
        event(EventKind::Refund, 0, START_US, None),
        event(EventKind::Cancellation, 9, START_US, None),
        event(EventKind::Cancellation, 0, START_US, None),
        event(EventKind::OrderLine, 0, START_US, Some(999)),
        event(EventKind::Order, 0, START_US, Some(999)),
    ]);
    assert_eq!((found.len(), loose), (0, 25));
}

#[test]
fn without_a_header_lines_make_the_order_and_its_time() {
    let late = event(EventKind::OrderLine, 3, START_US + HOUR_US, Some(40));
    let early =
        Event { channel: Symbol(5), quantity_milli: 1_500, ..event(EventKind::OrderLine, 3, START_US, Some(2)) };
    let (found, _) = orders(&[late, early]);
    assert_eq!((found[0].gross_minor, found[0].time_us, found[0].lines), (42, START_US, 2));
    assert_eq!((found[0].channel, found[0].units_milli), (Symbol(5), 1_500));
    let header = event(EventKind::Order, 3, START_US + DAY_US, None);
    let (found, _) = orders(&[late, early, header]);
    assert_eq!((found[0].gross_minor, found[0].time_us), (42, START_US + DAY_US), "a header without money");
}

#[test]
fn the_newest_version_of_a_header_counts() {
    let old = event(EventKind::Order, 3, START_US, Some(100));
    let new = Event { received_us: START_US + DAY_US, ..event(EventKind::Order, 3, START_US - HOUR_US, Some(80)) };
    for both in [[old, new], [new, old]] {
        let (found, _) = orders(&both);
        assert_eq!((found.len(), found[0].gross_minor, found[0].time_us), (1, 80, START_US - HOUR_US));
    }
}

#[test]
fn a_voided_order_counts_nothing_until_a_newer_version_says_otherwise() {
    let day = |event: Event, day: i64| Event { received_us: START_US + day * DAY_US, ..event };
    let first = day(event(EventKind::Order, 3, START_US, None), 1);
    let void = day(event(EventKind::OrderVoid, 3, START_US + HOUR_US, None), 2);
    let line = event(EventKind::OrderLine, 3, START_US, Some(100));
    let refund = event(EventKind::Refund, 3, START_US + DAY_US, Some(30));
    for events in [[first, void, line, refund], [refund, line, void, first]] {
        assert_eq!(orders(&events), (vec![], 0), "neither the order nor its refund, which is not loose either");
    }
    let again = day(first, 3);
    let (found, loose) = orders(&[first, again, void, line, refund]);
    assert_eq!((found.len(), found[0].value(Revenue::Net), loose), (1, 70, 0));
    let at_once = day(Event { time_us: START_US + DAY_US, ..first }, 2);
    for events in [[void, at_once, line], [at_once, void, line]] {
        assert_eq!(orders(&events).0.len(), 1, "of two received at once the one that counts");
    }
}

#[test]
fn a_cancellation_holds_for_the_order_before_it_whichever_is_heard_of_first() {
    let order = event(EventKind::Order, 3, START_US + DAY_US, Some(100));
    let line = event(EventKind::OrderLine, 4, START_US + DAY_US, Some(100));
    for (order_event, key) in [(order, 3), (line, 4)] {
        let cancelled_at = |time_us: i64, received_us: i64| Event {
            received_us,
            ..event(EventKind::Cancellation, key, time_us, None)
        };
        for received_us in [START_US, START_US + 9 * DAY_US] {
            let (before, at_once, after) = (
                cancelled_at(START_US, received_us),
                cancelled_at(START_US + DAY_US, received_us),
                cancelled_at(START_US + 2 * DAY_US, received_us),
            );
            let is_cancelled = |cancellations: &[Event]| {
                let first_heard: Vec<Event> = cancellations.iter().copied().chain([order_event]).collect();
                let last_heard: Vec<Event> = [order_event].into_iter().chain(cancellations.iter().copied()).collect();
                let (one, other) = (orders(&first_heard).0[0].cancelled, orders(&last_heard).0[0].cancelled);
                assert_eq!(one, other);
                one
            };
            assert!(!is_cancelled(&[before]), "completed again afterwards");
            assert!(is_cancelled(&[at_once]) && is_cancelled(&[after]) && is_cancelled(&[after, before]));
        }
    }
}

#[test]
fn an_order_counts_unless_cancelled_or_worth_nothing() {
    let header = |order| event(EventKind::Order, order, START_US, Some(100));
    let (found, _) = orders(&[
        header(1),
        header(2),
        event(EventKind::Cancellation, 2, START_US, None),
        header(3),
        event(EventKind::Refund, 3, START_US, Some(100)),
        event(EventKind::Order, 4, START_US, Some(0)),
    ]);
    let kept = |revenue| found.iter().filter(|order| order.kept(revenue)).map(|order| order.key).collect::<Vec<_>>();
    assert_eq!((kept(Revenue::Net), kept(Revenue::Gross)), (vec![1], vec![1, 3]));
}

#[test]
fn a_book_with_thousands_of_orders_finds_each_again_and_can_be_used_anew() {
    let mut book = OrderBook::default();
    for round in 0..2 {
        book.clear();
        for order in (1..=5_000_u64).chain((1..=5_000).rev()) {
            book.step(&event(EventKind::OrderLine, order, START_US, Some(order as i64)));
        }
        let mut found = Vec::new();
        assert_eq!(book.orders_into(&Zone::utc(), &mut found), 0);
        assert_eq!(found.len(), 5_000, "round {round}");
        assert!(found.iter().all(|order| order.lines == 2 && order.gross_minor == 2 * order.key as i64));
    }
    book.clear();
    book.step(&event(EventKind::Order, 17, START_US, Some(1)));
    let mut found = Vec::new();
    book.orders_into(&Zone::utc(), &mut found);
    assert_eq!(found.len(), 1);
}

#[test]
fn store_and_staff_are_the_newest_headers() {
    let old = Event { store: Symbol(1), staff: Symbol(2), ..event(EventKind::Order, 3, START_US, Some(80)) };
    let new = Event { store: Symbol(4), received_us: START_US + DAY_US, ..old };
    let line = Event { store: Symbol(9), ..event(EventKind::OrderLine, 3, START_US, Some(80)) };
    let (found, _) = orders(&[new, old, line]);
    assert_eq!((found[0].store, found[0].staff), (Symbol(4), Symbol(2)));
}

#[test]
fn absurd_amounts_do_not_overflow() {
    let huge = event(EventKind::OrderLine, 1, START_US, Some(i64::MAX));
    let refund = event(EventKind::Refund, 1, START_US, Some(i64::MAX));
    let negative = event(EventKind::Order, 2, START_US, Some(i64::MIN + 1));
    let (found, _) = orders(&[huge, huge, refund, refund, negative, event(EventKind::Refund, 2, START_US, Some(9))]);
    assert!(found.iter().all(|order| !order.kept(Revenue::Net)));
}

prop_compose! {
    fn any_event()(kind in 0..6_usize, order in 0..60_u64, hours in 0..500_i64, mid in 1..u64::MAX,
                   value in prop::option::of(0..900_i64), channel in 0..4_u32, store in 0..3_u32, received in 0..1_000_000_i64) -> Event {
        Event {
            mid, channel: Symbol(channel), store: Symbol(store), staff: Symbol(store / 2), received_us: received,
            ..event(EventKind::ALL[kind], order, START_US + hours * HOUR_US, value)
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        (sorted, shuffled) in prop::collection::vec(any_event(), 0..200)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        prop_assert_eq!(orders(&sorted), orders(&shuffled));
    }
}
