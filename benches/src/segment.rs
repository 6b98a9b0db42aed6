//! q4: enough orders lately, no visit lately, a high mean order.

use crate::parameters::Parameters;
use crate::scan::{Base, is_line};
use anyhow::{Context, Result};
use perennial_model::{DAY_US, EventKind};
use perennial_timeline::{Columns, CustomerEvents, NONE};

#[derive(Default)]
struct Found {
    count: u64,
    recent: Vec<u64>,
    all: Vec<u64>,
}

fn distinct(orders: &mut Vec<u64>) -> usize {
    orders.sort_unstable();
    orders.dedup();
    orders.len()
}

pub(crate) fn answer(base: &Base, parameters: &Parameters) -> Result<Vec<String>> {
    let visit = base.snapshot.symbols().intern("visit");
    let orders_from = parameters.as_of_us - parameters.order_days * DAY_US;
    let visits_from = parameters.as_of_us - parameters.visit_days * DAY_US;
    let step = |found: &mut Found, events: &CustomerEvents<'_>| {
        found.recent.clear();
        found.all.clear();
        let mut minor = 0;
        for index in (0..events.len()).rev() {
            let (kind, time) = (events.kind[index], events.time_us[index]);
            if is_line(kind) {
                minor += if events.value_minor[index] == NONE { 0 } else { events.value_minor[index] };
                found.all.push(events.order[index]);
                if time >= orders_from {
                    found.recent.push(events.order[index]);
                }
            } else if time >= visits_from && kind == EventKind::Event as u8 && events.name[index] == visit {
                return;
            }
        }
        let enough = !found.recent.is_empty() && distinct(&mut found.recent) >= parameters.min_orders as usize;
        if enough && minor as f64 / distinct(&mut found.all) as f64 > parameters.min_mean_minor {
            found.count += 1;
        }
    };
    let columns = Columns::ORDER.and(Columns::VALUE).and(Columns::NAME);
    let found = base.visit(columns, parameters.as_of_us, Found::default, step).context("q4")?;
    Ok(vec![found.iter().map(|part| part.count).sum::<u64>().to_string()])
}
