//! `perennial key`: keys with which messages are sent.

use crate::cli::KeyAction;
use crate::clock::SystemClock;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;
use perennial_api::SourceError;
use perennial_model::Clock;

pub(crate) async fn run(action: &KeyAction, host: &Host) -> Result<u8> {
    match action {
        KeyAction::Create { data, name } => {
            let brand = host.create(&data.data).await?;
            let made = host.sources(&brand).await?.create(name, SystemClock.now_us()).await;
            brand.close().await;
            let (key_id, key) = made.map_err(|problem| match problem {
                SourceError::Name => usage(problem.to_string()),
                problem => problem.into(),
            })?;
            say!("{key}");
            aside!("write key {key_id}, {}: shown only now, a hash of it is kept", name.trim());
            Ok(0)
        }
        KeyAction::List(data) => {
            let brand = host.open(&data.data).await?;
            for source in host.sources(&brand).await?.all() {
                let state = if source.key.revoked_at_us.is_some() { "revoked" } else { "works" };
                say!("{}  {state}  {}", source.key.key_id, source.key.name);
            }
            brand.close().await;
            Ok(0)
        }
        KeyAction::Revoke { data, key_id } => {
            let brand = host.open(&data.data).await?;
            let revoked = host.sources(&brand).await?.revoke(*key_id, SystemClock.now_us()).await;
            brand.close().await;
            if revoked? {
                say!("revoked: write key {key_id}");
                return Ok(0);
            }
            aside!("error: there is no write key {key_id} that works: `perennial key list` shows them");
            Ok(FOUND_WRONG)
        }
    }
}
