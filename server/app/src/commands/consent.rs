//! `perennial consent`: what a customer has agreed to.

use super::key;
use super::listing::{Listing, instant};
use crate::brand::Brand;
use crate::cli::{ConfigureArgs, ConsentAction, ConsentShowArgs, ProofArgs};
use crate::clock::SystemClock;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;
use perennial_listen::consent::{ConsentError, ConsentRequest, ConsentSettings, normalise_category, record};
use perennial_model::{
    Clock, ConsentChannel, ConsentRecord, ConsentState, CustomerId, Purpose, consents_named, deciding,
};
use serde_json::{Value, json};

pub(crate) async fn run(action: ConsentAction, host: &Host) -> Result<u8> {
    let brand = host.open(action.data()).await?;
    let outcome = match action {
        ConsentAction::Show(arguments) => show(&arguments, &brand).await,
        ConsentAction::Give(arguments) => {
            change(&arguments.customer, &arguments.purposes, arguments.proof, true, &brand, host).await
        }
        ConsentAction::Withdraw(arguments) => {
            change(&arguments.customer, &arguments.purposes, arguments.proof, false, &brand, host).await
        }
        ConsentAction::Configure(arguments) => configure(&arguments, &brand).await,
    };
    brand.close().await;
    outcome
}

async fn show(arguments: &ConsentShowArgs, brand: &Brand) -> Result<u8> {
    let key = key::read(&arguments.customer)?;
    let Some(profile) = key::profile(brand, &key).await? else { return Ok(FOUND_WRONG) };
    let records = brand.timeline.consents_of(profile).await?;
    if arguments.history {
        history(&records, arguments)?;
    } else {
        let settings = ConsentSettings::load(&**brand.timeline.store()).await?;
        standing(&records, &settings, arguments)?;
    }
    Ok(0)
}

/// How things stand: what was ever said, and every purpose that nothing was said of.
fn standing(records: &[ConsentRecord], settings: &ConsentSettings, arguments: &ConsentShowArgs) -> Result<()> {
    let mut places = consents_named(records);
    let silent = settings.all().filter(|purpose| !records.iter().any(|record| record.purpose == *purpose));
    places.extend(silent.map(|purpose| (purpose, ConsentChannel::Any)).collect::<Vec<_>>());
    let row = |(purpose, channel): (Purpose, ConsentChannel)| -> [Value; 5] {
        let last = deciding(records, &purpose, channel, i64::MAX);
        let state = last.map_or(ConsentState::Absent, ConsentRecord::state);
        [
            json!(purpose.as_str()),
            json!(channel.as_str()),
            json!(state.as_str()),
            json!(last.map(|last| instant(last.at_us))),
            json!(last.map(|last| &last.source)),
        ]
    };
    let headings = ["purpose", "channel", "state", "since", "source"];
    Listing { headings, rows: places.into_iter().map(row).collect() }.say(arguments.format)
}

fn history(records: &[ConsentRecord], arguments: &ConsentShowArgs) -> Result<()> {
    let ip = |record: &ConsentRecord| match &record.ip {
        Some(_) if !arguments.reveal => json!("(hidden)"),
        ip => json!(ip),
    };
    let row = |record: &ConsentRecord| -> [Value; 9] {
        [
            json!(instant(record.at_us)),
            json!(record.purpose.as_str()),
            json!(record.channel.as_str()),
            json!(record.state().as_str()),
            json!(record.source),
            json!(record.wording_version),
            ip(record),
            json!(record.evidence),
            json!(instant(record.recorded_us)),
        ]
    };
    let headings = ["at", "purpose", "channel", "state", "source", "wording_version", "ip", "evidence", "recorded_at"];
    Listing { headings, rows: records.iter().map(row).collect() }.say(arguments.format)
}

async fn change(
    customer: &str,
    purposes: &[String],
    proof: ProofArgs,
    given: bool,
    brand: &Brand,
    host: &Host,
) -> Result<u8> {
    let key = key::read(customer)?;
    let settings = ConsentSettings::load(&**brand.timeline.store()).await?;
    let request = request(purposes, proof, given, &settings)?;
    let _turn = host.write_turn().await;
    let Some(profile) = key::profile(brand, &key).await? else { return Ok(FOUND_WRONG) };
    let records = match record(&brand.timeline, profile, request, SystemClock.now_us()).await {
        Ok(records) => records,
        Err(ConsentError::Refused { field, reason }) => return Err(usage(format!("{field}: {reason}"))),
        Err(problem) => return Err(problem.into()),
    };
    let customer = brand.timeline.customer_of(CustomerId(profile.0));
    for record in &records {
        let (purpose, channel) = (record.purpose.as_str(), record.channel.as_str());
        say!("customer {}: {purpose} by {channel} {}", customer.0, record.state().as_str());
    }
    Ok(0)
}

fn request(purposes: &[String], proof: ProofArgs, given: bool, settings: &ConsentSettings) -> Result<ConsentRequest> {
    let purpose =
        |word: &String| settings.purpose(word).map_err(|problem| usage(format!("--purpose {word} {problem}")));
    let channel = ConsentChannel::parse(&proof.channel).ok_or_else(|| {
        let known = ConsentChannel::ALL.map(ConsentChannel::as_str).join(", ");
        usage(format!("--channel {} is no channel of consent: use one of {known}", proof.channel))
    })?;
    let at = |text: &String| {
        let at = chrono::DateTime::parse_from_rfc3339(text);
        at.map(|at| at.timestamp_micros())
            .map_err(|_| usage(format!("--at {text} is no time: write it as 2026-03-01T10:00:00+08:00")))
    };
    Ok(ConsentRequest {
        purposes: purposes.iter().map(purpose).collect::<Result<_>>()?,
        channel,
        given,
        at_us: proof.at.as_ref().map(at).transpose()?,
        source: proof.source,
        wording_version: proof.wording,
        ip: proof.ip.map(|ip| ip.to_string()),
        evidence: proof.evidence,
    })
}

async fn configure(arguments: &ConfigureArgs, brand: &Brand) -> Result<u8> {
    let store = brand.timeline.store();
    let mut settings = ConsentSettings::load(&**store).await?;
    for word in &arguments.purposes {
        let purpose = Purpose::new(word).ok_or_else(|| {
            usage(format!("--purpose {word}: write lower-case letters, digits and _, at most {}", Purpose::MAX_BYTES))
        })?;
        if settings.purpose(word).is_err() {
            settings.purposes.push(purpose);
        }
    }
    for text in &arguments.categories {
        let form =
            || usage(format!("--category {text}: write it as CATEGORY=PURPOSE, for example Advertising=marketing"));
        let (category, word) = text.split_once('=').ok_or_else(form)?;
        let category = normalise_category(category);
        if category.is_empty() {
            return Err(form());
        }
        if word.trim().is_empty() {
            settings.categories.remove(&category);
        } else {
            let purpose = settings
                .purpose(word.trim())
                .map_err(|problem| usage(format!("--category {text}: {word} {problem}")))?;
            settings.categories.insert(category, purpose);
        }
    }
    if !arguments.purposes.is_empty() || !arguments.categories.is_empty() {
        settings.save(&**store).await?;
    }
    say!("purposes: {}", settings.all().map(String::from).collect::<Vec<_>>().join(", "));
    for (category, purpose) in &settings.categories {
        say!("category {category}: {}", purpose.as_str());
    }
    Ok(0)
}
