//! What one customer did, for people: lines and refunds with their orders.

use crate::answers::timeline::{Entry, OrderLine, OrderState, Timeline};
use crate::{ApiError, Server};
use perennial_model::{CustomerId, EventKind, OrderKey};
use perennial_timeline::StoredEvent;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A page of the timeline, newest first, of what has happened by now.
///
/// # Errors
/// What the timeline says.
pub(crate) async fn page(
    server: &Server,
    customer: CustomerId,
    before_us: Option<i64>,
    limit: usize,
) -> Result<Timeline, ApiError> {
    let snapshot = server.timeline.snapshot().await?;
    let now_us = server.clock.now_us();
    let read = tokio::task::spawn_blocking(move || snapshot.customer_events(customer, Some(now_us))).await;
    let events = read.map_err(|problem| ApiError::internal(&problem))??;
    let mut entries = entries(events);
    let total = entries.len() as u64;
    if let Some(before_us) = before_us {
        entries.retain(|entry| entry.time_us < before_us);
    }
    let mut taken = entries.len().min(limit);
    // Entries of one instant stay together: a page begins before an instant.
    while taken > 0 && entries.get(taken).is_some_and(|next| next.time_us == entries[taken - 1].time_us) {
        taken += 1;
    }
    let more = entries.len() > taken;
    entries.truncate(taken);
    let next_before_us = entries.last().map(|last| last.time_us).filter(|_| more);
    Ok(Timeline { customer_id: customer.0.to_string(), total, entries, next_before_us })
}

/// Entries, newest first: lines are in their order's; those of an order that never came are entries of
/// their own.
fn entries(events: Vec<StoredEvent>) -> Vec<Entry> {
    let mut states: HashMap<OrderKey, OrderState> = HashMap::new();
    let has_order = |event: &StoredEvent| event.order != OrderKey::NONE;
    let headers: HashMap<OrderKey, i64> = events
        .iter()
        .filter(|event| has_order(event) && matches!(event.kind, EventKind::Order | EventKind::OrderVoid))
        .map(|event| (event.order, event.time_us))
        .collect();
    for event in events.iter().filter(|event| headers.contains_key(&event.order)) {
        let state = states.entry(event.order).or_default();
        match event.kind {
            EventKind::OrderLine => state.lines.push(line(event)),
            EventKind::Refund => {
                state.refunded_minor = state.refunded_minor.saturating_add(event.value_minor.unwrap_or(0));
            }
            EventKind::Cancellation => {
                let placed_us = headers.get(&event.order).copied().unwrap_or(i64::MIN);
                state.cancelled |= event.time_us >= placed_us;
            }
            EventKind::Event | EventKind::Order | EventKind::OrderVoid => {}
        }
    }
    let stays = |event: &StoredEvent| event.kind != EventKind::OrderLine || !headers.contains_key(&event.order);
    let told = events.into_iter().filter(stays).map(|event| {
        let state = matches!(event.kind, EventKind::Order | EventKind::OrderVoid).then(|| {
            let state = states.remove(&event.order).unwrap_or_default();
            kept(state, &event)
        });
        entry(event, state)
    });
    let mut entries: Vec<Entry> = told.collect();
    entries.reverse();
    entries
}

/// Whether the order counts, by the rule of the order book.
fn kept(state: OrderState, header: &StoredEvent) -> OrderState {
    let lines = state.lines.iter().filter_map(|line| line.value_minor).fold(0_i64, i64::saturating_add);
    let gross = header.value_minor.unwrap_or(lines);
    let counts = header.kind == EventKind::Order && !state.cancelled && gross > 0;
    OrderState { kept: counts && gross > state.refunded_minor, gross_minor: gross, ..state }
}

fn line(event: &StoredEvent) -> OrderLine {
    OrderLine {
        item: event.item.clone(),
        quantity_milli: event.quantity_milli,
        value_minor: event.value_minor,
        properties: filled(event.properties.clone()),
    }
}

fn filled(properties: Map<String, Value>) -> Option<Value> {
    (!properties.is_empty()).then_some(Value::Object(properties))
}

fn entry(event: StoredEvent, order: Option<OrderState>) -> Entry {
    let kind = match event.kind {
        EventKind::Event => "event",
        EventKind::Order => "order",
        EventKind::OrderLine => "order_line",
        EventKind::Refund => "refund",
        EventKind::Cancellation => "cancellation",
        EventKind::OrderVoid => "order_void",
    };
    Entry {
        kind: kind.to_owned(),
        name: event.name,
        time_us: event.time_us,
        received_us: event.received_us,
        source: event.source,
        channel: event.channel,
        campaign: event.campaign,
        order_id: event.order_id,
        item: event.item,
        quantity_milli: event.quantity_milli,
        value_minor: event.value_minor,
        currency: event.currency,
        properties: filled(event.properties),
        order,
    }
}
