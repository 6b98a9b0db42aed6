//! Passwords: what one must be, and its hash.

use crate::ApiError;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Characters at least.
const FEWEST_CHARACTERS: usize = 10;
/// Bytes at most: hashing takes time by length.
const MOST_BYTES: usize = 256;
/// Hashes computed at once; each takes 19 MiB.
const AT_ONCE: usize = 2;
/// Hashes that may wait; at about 30 ms each the last one waits for a second.
const MOST_WAITING: usize = 64;
/// Compared with where there is no such member, so that it takes as long. No password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGVyZW5uaWFsLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords, a few at once, away from the threads that answer requests.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0) }
    }

    /// Hashes waiting or being computed.
    pub(crate) fn queue(&self) -> usize {
        self.waiting.load(Ordering::Relaxed) + AT_ONCE - self.turns.available_permits()
    }

    /// The hash of a password that may be used, in PHC form.
    pub(crate) async fn hash(&self, password: String) -> Result<String, ApiError> {
        let turn = self.turn().await?;
        let hashed = tokio::task::spawn_blocking(move || {
            let hashed = Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
            drop(turn);
            hashed
        });
        let hashed = hashed.await.map_err(|problem| ApiError::internal(&problem))?;
        hashed.map_err(|problem| ApiError::internal(&problem))
    }

    /// Whether it is the password with this hash; it takes as long where there is none.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, ApiError> {
        if password.len() > MOST_BYTES {
            return Ok(false);
        }
        let turn = self.turn().await?;
        let verified = tokio::task::spawn_blocking(move || {
            let hash = hash.as_deref().unwrap_or(NOBODY);
            let verified = PasswordHash::new(hash)
                .map(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            drop(turn);
            verified
        });
        let verified = verified.await.map_err(|problem| ApiError::internal(&problem))?;
        verified.map_err(|problem| ApiError::internal(&problem))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let busy = || ApiError::unavailable("too many people sign in at once: try again in a second");
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(busy());
        }
        let _waits = Waits(&self.waiting);
        Arc::clone(&self.turns).acquire_owned().await.map_err(|_| busy())
    }
}

/// Counted while it lives, also when whoever waits goes away.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Refuses a password that is too easily guessed.
pub(crate) fn check(password: &str, email: &str, name: &str) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::bad_request("weak_password", message).at("password"));
    if password.chars().count() < FEWEST_CHARACTERS {
        return refuse(format!("the password has fewer than {FEWEST_CHARACTERS} characters: take a longer one"));
    }
    if password.len() > MOST_BYTES {
        return refuse(format!("the password has more than {MOST_BYTES} bytes: take a shorter one"));
    }
    let lower = password.to_lowercase();
    let mailbox = email.split('@').next().unwrap_or_default();
    let telling = [email, mailbox, name.trim()];
    if telling
        .iter()
        .any(|known| known.chars().count() > 3 && lower.replace(&known.to_lowercase(), "").chars().count() < 4)
    {
        return refuse("the password is nearly the name or the e-mail: take another one".to_owned());
    }
    if is_worn(&lower) {
        return refuse("the password is one that everybody tries first: take another one".to_owned());
    }
    Ok(())
}

/// Few different characters, a run of neighbours, or a word that everybody takes with digits around.
fn is_worn(lower: &str) -> bool {
    const TAKEN: [&str; 9] = [
        "password",
        "passwort",
        "perennial",
        "qwertyuiop",
        "1qaz2wsx",
        "iloveyou",
        "letmein",
        "administrator",
        "woaini",
    ];
    let letters: Vec<u32> = lower.chars().map(u32::from).collect();
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    let steps = letters.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    let core = lower.trim_matches(|letter: char| !letter.is_alphabetic());
    different.len() < 5 || steps * 4 >= letters.len() * 3 || TAKEN.contains(&core) || TAKEN.contains(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_are_tried_first_are_refused() {
        let refused = |password: &str| check(password, "ann.lee@shop.example", "Ann Lee").is_err();
        for easy in [
            "short",
            "1234567890",
            "abcdefghijk",
            "Password123!",
            "ann.lee@shop.example",
            "Ann.Lee123",
            "aaaaaaaaaaaa",
            "qwertyuiop",
        ] {
            assert!(refused(easy), "{easy}");
        }
        assert!(refused(&"long enough? ".repeat(30)));
        for fair in ["correct horse battery", "西湖龙井一九八五年的春天", "xK3-vv9-Qp2w"] {
            assert!(!refused(fair), "{fair}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_has_one() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the same cost as for nobody: {hash}");
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horsf".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("correct horse".to_owned(), None).await.unwrap());
        assert_eq!(passwords.queue(), 0);
    }
}
