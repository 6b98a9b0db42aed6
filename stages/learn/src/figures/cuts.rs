//! Operator's figures by store, channel, category and staff (mechanism 0.11).

use super::kpis::{compared, repurchase_rate, units_per_order};
use super::{Population, ratio};
use crate::folds::{Group, Groups};
use crate::report::{Cut, GroupFigures};
use crate::stats::median;
use perennial_timeline::{Symbol, Symbols};
use std::cmp::Reverse;

/// What can be added up over the groups of a cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Adds {
    /// Every order is in one group.
    Orders,
    /// An order may be in several: only its revenue is shared.
    Revenue,
}

pub(crate) fn cuts(population: &Population<'_>) -> Vec<Cut> {
    let sums = population.cuts;
    let all = [
        ("store", &sums.store, Adds::Orders),
        ("channel", &sums.channel, Adds::Orders),
        ("category", &sums.category, Adds::Revenue),
        ("staff", &sums.staff, Adds::Orders),
    ];
    all.into_iter().filter_map(|(by, groups, adds)| cut(population, by, groups, adds)).collect()
}

/// A cut in which no group has a name says nothing.
fn cut(population: &Population<'_>, by: &'static str, groups: &Groups, adds: Adds) -> Option<Cut> {
    let mut named: Vec<(String, &Group)> =
        groups.iter().map(|(symbol, group)| (name(population.symbols, *symbol), group)).collect();
    if named.iter().all(|(name, _)| name.is_empty()) {
        return None;
    }
    named.sort_by(|a, b| (Reverse(a.1.all.revenue_minor()), &a.0).cmp(&(Reverse(b.1.all.revenue_minor()), &b.0)));
    let rest = named.split_off(named.len().min(population.thresholds.kpis.groups));
    let groups = named.into_iter().map(|(name, group)| figures(population, name, group)).collect();
    let mut sum = Group::default();
    rest.iter().for_each(|(_, group)| sum.merge(group));
    let other = (!rest.is_empty()).then(|| together(figures(population, String::new(), &sum), adds));
    Some(Cut { by, groups, others: rest.len() as u64, other })
}

fn name(symbols: &Symbols, symbol: u32) -> String {
    symbols.word(Symbol(symbol)).map_or_else(String::new, |word| word.as_ref().to_owned())
}

fn figures(population: &Population<'_>, name: String, group: &Group) -> GroupFigures {
    let (all, first) = (&group.all, &group.first);
    GroupFigures {
        name,
        orders: Some(all.orders),
        customers: Some(all.buyers),
        revenue: all.revenue_minor(),
        aov: ratio(all.revenue_minor() as f64, all.orders as f64),
        units_per_order: units_per_order(all.units_milli, all.orders_with_units),
        first_orders: Some(all.new_buyers),
        repurchase_rate: repurchase_rate(&first.repurchase),
        second_order_rate: ratio(first.days_to_second.len() as f64, all.new_buyers as f64),
        median_days_to_second: median(&mut first.days_to_second.clone()),
        compared: compared(population, &group.periods),
    }
}

/// Without what several groups together do not tell.
fn together(mut sum: GroupFigures, adds: Adds) -> GroupFigures {
    sum.customers = None;
    let known: &[&str] = match adds {
        Adds::Orders => &["revenue", "orders", "new_buyers", "aov", "units_per_order"],
        Adds::Revenue => &["revenue"],
    };
    sum.compared.retain(|each| known.contains(&each.figure));
    if adds == Adds::Revenue {
        return GroupFigures { revenue: sum.revenue, compared: sum.compared, ..GroupFigures::default() };
    }
    sum
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Shop, event, instant, order_event};
    use crate::report::{Cut, Report};
    use crate::thresholds::Thresholds;
    use perennial_model::{EventKind, OrderKey};
    use perennial_timeline::Event;

    /// As of the midnight after day 1000.
    const END: i32 = 1_000;

    /// An order of (store, staff) with lines of (category, value, units).
    fn order(shop: &Shop, key: u64, day: i32, of: (&str, &str), lines: &[(&str, i64, i64)]) -> Vec<Event> {
        let word =
            |text: &str| if text.is_empty() { perennial_timeline::Symbol::NONE } else { shop.symbols.intern(text) };
        let value = lines.iter().map(|line| line.1).sum();
        let header = Event { store: word(of.0), staff: word(of.1), ..order_event(key, day, value) };
        let lines = lines.iter().zip(1..).map(|((category, value, units), mid)| Event {
            mid,
            order: OrderKey(key),
            category: word(category),
            value_minor: *value,
            quantity_milli: units * 1_000,
            ..event(EventKind::OrderLine, day)
        });
        [header].into_iter().chain(lines).collect()
    }

    fn report(shop: &Shop, thresholds: &Thresholds) -> Report {
        shop.report(&instant(END + 1), thresholds)
    }

    fn cut<'a>(report: &'a Report, by: &str) -> &'a Cut {
        report.kpis.cuts.iter().find(|cut| cut.by == by).unwrap()
    }

    /// Two customers of North, one of whom goes on to South, and one of South.
    fn two_stores() -> Shop {
        let mut shop = Shop::default();
        let first = [
            order(&shop, 1, 600, ("North", "Li"), &[("Tea", 3_000, 2), ("Cups", 1_000, 1)]),
            order(&shop, 2, 635, ("South", "Wu"), &[("Tea", 2_000, 1)]),
            order(&shop, 3, 990, ("South", "Wu"), &[("Cups", 500, 1), ("", 500, 1)]),
        ];
        let second = [order(&shop, 4, 700, ("North", ""), &[("Cups", 4_000, 4)])];
        let third = [order(&shop, 5, 990, ("South", "Li"), &[("Tea", 1_500, 1)])];
        for (number, orders) in [(1, first.concat()), (2, second.concat()), (3, third.concat())] {
            shop.customers.push((number, orders));
        }
        // A quarter of the first order came back.
        let refund = Event { value_minor: 1_000, order: OrderKey(1), ..event(EventKind::Refund, 610) };
        shop.customers[0].1.push(refund);
        shop
    }

    #[test]
    fn figures_by_store_are_of_its_orders_and_of_those_who_began_there() {
        let report = report(&two_stores(), &Thresholds::default());
        let names: Vec<_> = report.kpis.cuts.iter().map(|cut| cut.by).collect();
        assert_eq!(names, ["store", "category", "staff"], "no channel is named");
        let store = cut(&report, "store");
        let [north, south] = &store.groups[..] else { panic!("{:?}", store.groups) };
        assert_eq!(
            (north.name.as_str(), north.revenue, north.orders, north.customers),
            ("North", 7_000, Some(2), Some(2))
        );
        assert_eq!(
            (south.name.as_str(), south.revenue, south.orders, south.customers),
            ("South", 4_500, Some(3), Some(2))
        );
        assert_eq!((north.aov, north.units_per_order), (Some(3_500.0), Some(3.5)));
        // The first customer began in North and bought again 35 days later, in South.
        assert_eq!(
            (north.first_orders, north.second_order_rate, north.median_days_to_second),
            (Some(2), Some(0.5), Some(35.0))
        );
        assert_eq!((north.repurchase_rate.d30, north.repurchase_rate.d90), (Some(0.0), Some(0.5)));
        assert_eq!((south.first_orders, south.repurchase_rate.d30), (Some(1), None), "followed for ten days");
        let revenue = &south.compared[0];
        assert_eq!((revenue.current, revenue.previous, revenue.last_year), (Some(2_500.0), Some(0.0), Some(2_000.0)));
        assert_eq!((store.others, store.other.is_none()), (0, true));
    }

    #[test]
    fn an_order_counts_in_each_of_its_categories_and_shares_its_revenue() {
        let report = report(&two_stores(), &Thresholds::default());
        let by_category: Vec<_> = cut(&report, "category")
            .groups
            .iter()
            .map(|group| (group.name.as_str(), group.revenue, group.orders, group.first_orders))
            .collect();
        // 3000 net of the first order are shared 3 to 1: Tea 2250 + 2000 + 1500, Cups 750 + 500 + 4000.
        let expected =
            [("Tea", 5_750, Some(3), Some(2)), ("Cups", 5_250, Some(3), Some(2)), ("", 500, Some(1), Some(0))];
        assert_eq!(by_category, expected);
        assert_eq!(by_category.iter().map(|group| group.1).sum::<i64>(), report.revenue);
        assert_eq!(cut(&report, "category").groups[1].units_per_order, Some(2.0));
    }

    #[test]
    fn beyond_the_bound_groups_are_one_row_without_what_does_not_add_up() {
        let mut thresholds = Thresholds::default();
        thresholds.kpis.groups = 1;
        let report = report(&two_stores(), &thresholds);
        let (staff, category) = (cut(&report, "staff"), cut(&report, "category"));
        let other = staff.other.as_ref().unwrap();
        assert_eq!((staff.groups[0].name.as_str(), staff.others), ("Li", 2));
        assert_eq!((other.revenue, other.orders, other.customers), (7_000, Some(3), None));
        assert_eq!(other.first_orders, Some(1));
        let other = category.other.as_ref().unwrap();
        assert_eq!((other.revenue, other.orders, other.first_orders, other.aov), (5_750, None, None, None));
    }

    #[test]
    fn nothing_is_cut_by_what_the_files_do_not_say() {
        let shop = Shop::of(&[&[(900, 1)]]);
        assert!(report(&shop, &Thresholds::default()).kpis.cuts.is_empty());
    }
}
