//! What a message says about consent: events of its own, and the preferences sent along.

use super::fields::Fields;
use super::json::Json;
use super::problem::{Problem, ProblemCode};
use super::read::{Feed, Message};
use crate::consent::{Said, Weight, normalise_category, standing_mid};
use perennial_model::{CONSENT_GIVEN, CONSENT_WITHDRAWN, ConsentChannel, Purpose};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The event by whose name something is given or withdrawn, as it is called; upper and lower case, spaces
/// and underscores make no difference.
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    const LONGEST: usize = 40;
    if name.len() > LONGEST || !name.starts_with(['c', 'C']) {
        return None;
    }
    let known = normalise_category(name);
    [CONSENT_GIVEN, CONSENT_WITHDRAWN].into_iter().find(|event| normalise_category(event) == known)
}

/// Whether an event of this name, as it is called, changes consent.
pub(super) fn is_change(name: &str) -> bool {
    name == CONSENT_GIVEN || name == CONSENT_WITHDRAWN
}

/// What a `track` message by which consent is given or withdrawn says.
pub(super) fn change(
    feed: &Feed,
    message: &Message,
    said: &Fields<'_, '_>,
    context: &Fields<'_, '_>,
) -> Result<Said, Problem> {
    let word = said.word("purpose")?.ok_or_else(|| said.missing("purpose", "say what the consent is for"))?;
    let purpose = feed.schemas.consents.purpose(&word);
    let purpose = purpose.map_err(|problem| said.problem("purpose", ProblemCode::UnknownWord, problem.to_string()))?;
    let channel = match said.word("channel")? {
        None => ConsentChannel::Any,
        Some(word) => ConsentChannel::parse(&word).ok_or_else(|| {
            let known = ConsentChannel::ALL.map(ConsentChannel::as_str).join(", ");
            said.problem("channel", ProblemCode::UnknownWord, format!("is no channel of consent: send one of {known}"))
        })?,
    };
    let text = |names: &[&str]| Ok::<_, Problem>(said.first_word(names)?.map(Cow::into_owned));
    Ok(Said {
        mid: message.mid,
        purpose,
        channel,
        given: message.name == CONSENT_GIVEN,
        at_us: message.time_us,
        recorded_us: message.received_us,
        source: text(&["source"])?.unwrap_or_else(|| feed.source.to_string()),
        wording_version: text(&["wording_version", "wordingVersion"])?,
        ip: text(&["ip"])?.or_else(|| ip(context)),
        evidence: text(&["evidence"])?,
        weight: Weight::Change,
    })
}

/// How things stand by `context.consent.categoryPreferences`; of several categories of one purpose all
/// must say yes.
pub(super) fn standing(feed: &Feed, message: &Message, context: &Fields<'_, '_>) -> Vec<Said> {
    let consent = context.lenient("consent");
    let preferences = consent.lenient("categoryPreferences");
    let mut purposes: BTreeMap<&Purpose, (bool, Vec<&str>)> = BTreeMap::new();
    for (name, value) in preferences.members {
        if let (Some(purpose), Json::Bool(yes)) = (feed.schemas.consents.category(name), value) {
            let (given, names) = purposes.entry(purpose).or_insert((true, Vec::new()));
            *given &= *yes;
            names.push(name);
        }
    }
    let said = |(purpose, (given, names)): (&Purpose, (bool, Vec<&str>))| Said {
        mid: standing_mid(&feed.hash_key, message.mid, purpose, ConsentChannel::Any),
        purpose: purpose.clone(),
        channel: ConsentChannel::Any,
        given,
        at_us: message.time_us,
        recorded_us: message.received_us,
        // Another way than events of the same feed: a banner does not lift what they withdraw.
        source: format!("{} preferences", feed.source),
        wording_version: None,
        ip: ip(context),
        evidence: Some(format!("category {}", names.join(", "))),
        weight: Weight::Standing,
    };
    purposes.into_iter().map(said).collect()
}

fn ip(context: &Fields<'_, '_>) -> Option<String> {
    context.word("ip").ok().flatten().map(Cow::into_owned)
}
