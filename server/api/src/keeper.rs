//! Waits for the live table where an answer must hold all that is durable.

use crate::{ApiError, Server};
use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

/// How long a request waits for the live table. A pass over twenty million events takes a second or two.
const PATIENCE: Duration = Duration::from_secs(30);
/// When to ask again.
const AGAIN_SECS: u32 = 5;

/// How catching up went.
pub type CaughtUp<'a> = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// Whoever keeps the live table, a moment behind what is appended.
pub trait LiveKeeper: Send + Sync {
    /// Everything that is durable when it is called is in the table when it returns.
    fn catch_up(&self) -> CaughtUp<'_>;
}

impl Server {
    /// The live table holds what is durable by now, from here on.
    ///
    /// # Errors
    /// Where that takes too long, or the table is being folded anew: 503, to be asked again.
    pub(crate) async fn live_caught_up(&self) -> Result<(), ApiError> {
        caught_up(&*self.keeper, PATIENCE).await
    }
}

async fn caught_up(keeper: &dyn LiveKeeper, most: Duration) -> Result<(), ApiError> {
    let message = match tokio::time::timeout(most, keeper.catch_up()).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(problem)) => {
            tracing::warn!(error = %problem, "the live table could not catch up");
            "the customer table cannot take what came in right now: ask again in a few seconds"
        }
        Err(_) => {
            "the customer table is still taking what came in, as after a large import: ask again in a few seconds"
        }
    };
    let mut error = ApiError::unavailable(message);
    error.retry_after_secs = Some(AGAIN_SECS);
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Keeper {
        Never,
        Fails,
        AtOnce,
    }

    impl LiveKeeper for Keeper {
        fn catch_up(&self) -> CaughtUp<'_> {
            match self {
                Self::Never => Box::pin(std::future::pending()),
                Self::Fails => Box::pin(async { Err("a run is damaged".into()) }),
                Self::AtOnce => Box::pin(async { Ok(()) }),
            }
        }
    }

    #[tokio::test]
    async fn who_waits_for_too_long_is_told_to_ask_again() {
        let asked = async |keeper: Keeper| caught_up(&keeper, Duration::from_millis(1)).await;
        assert!(asked(Keeper::AtOnce).await.is_ok());
        for (keeper, said) in [(Keeper::Never, "still taking"), (Keeper::Fails, "right now")] {
            let error = asked(keeper).await.unwrap_err();
            assert_eq!((error.status.as_u16(), error.retry_after_secs), (503, Some(AGAIN_SECS)));
            assert!(error.message.contains(said) && error.message.contains("ask again"), "{}", error.message);
        }
    }
}
