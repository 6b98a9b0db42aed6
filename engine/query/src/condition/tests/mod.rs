//! There and back, and the same for every customer.

mod forms;
mod oracle;
mod trees;

use perennial_definitions::{Behaviour, Condition, Function, Metric, Window};

fn metric(name: &str, function: Function, of: Option<&str>) -> Metric {
    Metric {
        name: name.to_owned(),
        title: None,
        description: None,
        function,
        events: vec!["Order Completed".to_owned()],
        of: of.map(str::to_owned),
        r#where: None,
        window: Window::of_days(90),
        unit: None,
        then: None,
        within: None,
    }
}

/// Two metrics: a number and a time.
fn metrics() -> Vec<Metric> {
    vec![metric("orders", Function::Count, None), metric("seen", Function::Last, Some("time"))]
}

/// With columns of metrics as behaviours, and behaviours under the names of their metrics.
fn named(condition: Condition, metrics: &[Metric]) -> Condition {
    let each = |parts: Vec<Condition>| parts.into_iter().map(|part| named(part, metrics)).collect();
    match condition {
        Condition::All { all } => Condition::All { all: each(all) },
        Condition::Any { any } => Condition::Any { any: each(any) },
        Condition::Not { not, unknown_too } => Condition::Not { not: Box::new(named(*not, metrics)), unknown_too },
        Condition::Column { column, comparison } => match metrics.iter().find(|metric| metric.name == column) {
            Some(metric) => Condition::Behaviour { behaviour: Behaviour::of_metric(metric), comparison },
            None => Condition::Column { column, comparison },
        },
        Condition::Behaviour { behaviour, comparison } => {
            let metric = metrics.iter().find(|metric| behaviour.is(metric)).unwrap();
            Condition::Behaviour { behaviour: Behaviour::of_metric(metric), comparison }
        }
        other => other,
    }
}
