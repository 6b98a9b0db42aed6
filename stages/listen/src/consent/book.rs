//! What customers said before, and what of the new is a change.

use super::{Said, Weight};
use crate::ListenError;
use perennial_model::{ConsentRecord, CustomerId, deciding};
use perennial_timeline::Timeline;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Changes of consent of the customers of a group of messages.
#[derive(Debug, Default)]
pub struct ConsentBook {
    customers: FxHashMap<CustomerId, Vec<ConsentRecord>>,
}

impl ConsentBook {
    /// Makes of what was said the changes to record, in the order given. Who is not identified has said
    /// nothing. What the store knows is read for those who say how things stand; what this book made
    /// before counts too, so that it must be given up when that was not kept.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn changes(
        &mut self,
        timeline: &Timeline,
        said: Vec<(CustomerId, Said)>,
    ) -> Result<Vec<ConsentRecord>, ListenError> {
        let asked = said.iter().filter(|(profile, said)| profile.is_identified() && said.weight == Weight::Standing);
        self.load(timeline, asked.map(|(profile, _)| *profile)).await?;
        let mut changes = Vec::new();
        for (profile, said) in said.into_iter().filter(|(profile, _)| profile.is_identified()) {
            let known = self.customers.get_mut(&timeline.customer_of(profile));
            let before = known.as_ref().map_or(&[][..], |known| known.as_slice());
            if said.weight == Weight::Standing && !differs(&said, before) {
                continue;
            }
            let record = said.of(profile);
            if let Some(known) = known {
                known.push(record.clone());
            }
            changes.push(record);
        }
        Ok(changes)
    }

    /// How many customers it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    async fn load(
        &mut self,
        timeline: &Timeline,
        profiles: impl Iterator<Item = CustomerId>,
    ) -> Result<(), ListenError> {
        let mut owners: BTreeMap<CustomerId, CustomerId> = BTreeMap::new();
        for profile in profiles {
            let customer = timeline.customer_of(profile);
            if !self.customers.contains_key(&customer) {
                owners.extend(timeline.profiles_of(customer).into_iter().map(|own| (own, customer)));
            }
        }
        if owners.is_empty() {
            return Ok(());
        }
        let asked: Vec<CustomerId> = owners.keys().copied().collect();
        self.customers.extend(owners.values().map(|customer| (*customer, Vec::new())));
        for record in timeline.store().consents_of(&asked).await? {
            if let Some(customer) = owners.get(&record.profile) {
                self.customers.entry(*customer).or_default().push(record);
            }
        }
        Ok(())
    }
}

/// Whether how things stand is another than what is known of that instant.
fn differs(said: &Said, before: &[ConsentRecord]) -> bool {
    match deciding(before, &said.purpose, said.channel, said.at_us.saturating_add(1)) {
        None => said.given,
        Some(last) if last.given == said.given => false,
        Some(withdrawn) if said.given => withdrawn.source == said.source,
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::{ConsentChannel, Mid, Purpose};

    fn said(given: bool, at_us: i64, source: &str) -> Said {
        Said {
            mid: Mid(at_us.unsigned_abs()),
            purpose: Purpose::marketing(),
            channel: ConsentChannel::Any,
            given,
            at_us,
            recorded_us: at_us,
            source: source.to_owned(),
            wording_version: None,
            ip: None,
            evidence: None,
            weight: Weight::Standing,
        }
    }

    #[test]
    fn a_banner_that_repeats_itself_changes_nothing() {
        let profile = CustomerId(256);
        let mut known: Vec<ConsentRecord> = Vec::new();
        let mut hear = |said: Said| {
            let changed = differs(&said, &known);
            if changed {
                known.push(said.of(profile));
            }
            changed
        };
        assert!(!hear(said(false, 1, "web")), "a no of somebody who never said yes");
        assert!(hear(said(true, 10, "web")) && !hear(said(true, 11, "web")));
        assert!(hear(said(false, 20, "web")) && hear(said(true, 30, "web")), "changed in the banner, and back");
        assert!(!hear(said(true, 15, "web")), "late, and true then already");
        assert!(hear(said(false, 40, "desk")) && !hear(said(true, 50, "web")), "no lift of what came another way");
        assert!(hear(said(true, 60, "desk")));
    }
}
