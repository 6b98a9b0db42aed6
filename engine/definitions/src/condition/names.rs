//! Which column a behaviour is.

use super::Behaviour;
use crate::names::made_of;
use crate::{MAX_NAME_LETTERS, Metric};

/// The metrics that there are, and those that are made.
pub(super) struct Columns<'a> {
    known: &'a [Metric],
    pub(super) made: Vec<Metric>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(known: &'a [Metric]) -> Self {
        Self { known, made: Vec::new() }
    }

    fn all(&self) -> impl Iterator<Item = &Metric> {
        self.known.iter().chain(&self.made)
    }

    /// Whether a column has times, as only metrics have.
    pub(super) fn is_time(&self, column: &str) -> bool {
        self.known
            .iter()
            .find(|metric| metric.name == column)
            .is_some_and(|metric| Behaviour::of_metric(metric).is_time())
    }

    /// The column of a behaviour: of the metric it names when that is defined so, of any that is, of a new one.
    pub(super) fn of(&mut self, behaviour: &Behaviour) -> String {
        let wanted = behaviour.metric.as_deref();
        let named = self.all().find(|metric| wanted == Some(&metric.name) && behaviour.is(metric));
        if let Some(metric) = named.or_else(|| self.all().find(|metric| behaviour.is(metric))) {
            return metric.name.clone();
        }
        let name = self.free(&wanted.map_or_else(|| derived(behaviour), str::to_owned));
        self.made.push(behaviour.clone().into_metric(name.clone()));
        name
    }

    fn free(&self, name: &str) -> String {
        let numbered = (2_usize..).map(|number| {
            let end = format!("_{number}");
            format!("{}{end}", shortened(name, MAX_NAME_LETTERS - end.len()))
        });
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| self.all().all(|metric| metric.name != *name)).unwrap_or_default()
    }
}

/// What a behaviour is called when nobody says: `order_completed_count_90d`. What a name cannot say
/// is in it as a short hash.
fn derived(behaviour: &Behaviour) -> String {
    let Behaviour { function, events, of, r#where, window, unit, then, within, .. } = behaviour;
    let event = |events: &[String], all: &str| match events {
        [] => Some(all.to_owned()),
        [only] => made_of(only),
        _ => None,
    };
    let first = event(events, "any_event");
    let second = then.as_ref().map(|then| event(&then.events, "any_event").filter(|_| then.r#where.is_none()));
    let is_told = first.is_some() && r#where.is_none() && second.as_ref().is_none_or(Option::is_some);
    let mut words = vec![first.unwrap_or_else(|| "events".to_owned()), function.as_str().to_owned()];
    words.extend(of.as_deref().and_then(made_of));
    words.extend(second.flatten());
    words.extend(unit.map(|unit| unit.as_str().to_owned()));
    words.extend(within.map(|within| within.to_string()));
    words.extend((!is_told).then(|| hash(behaviour)));
    words.extend(window.map(|window| window.to_string()));
    let name = words.join("_");
    if name.len() <= MAX_NAME_LETTERS {
        return name;
    }
    let hash = hash(behaviour);
    format!("{}_{hash}", shortened(&name, MAX_NAME_LETTERS - hash.len() - 1))
}

/// A name of at most so many letters.
fn shortened(name: &str, letters: usize) -> &str {
    name.get(..letters).unwrap_or(name).trim_end_matches('_')
}

/// Six digits that tell definitions apart (FNV-1a, 24 bits of it).
fn hash(behaviour: &Behaviour) -> String {
    let nameless = Behaviour { metric: None, ..behaviour.clone() };
    let text = serde_json::to_string(&nameless).unwrap_or_default();
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{:06x}", (hash >> 8) ^ (hash & 0xff))
}
