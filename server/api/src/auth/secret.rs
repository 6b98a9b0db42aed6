//! Secrets that are handed out once: of sessions, links and tokens.

use crate::ApiError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use perennial_ports::SecretHash;
use sha2::{Digest, Sha256};

/// Bytes of chance in a secret: enough that a plain hash of it can be kept.
const SECRET_BYTES: usize = 32;

/// The only source of chance of the API.
///
/// # Errors
/// Where the system gives none.
pub(crate) fn random<const BYTES: usize>() -> Result<[u8; BYTES], ApiError> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|problem| ApiError::internal(&problem))?;
    Ok(bytes)
}

/// A new secret, to be put into a URL or a cookie as it is.
pub(crate) fn fresh(prefix: &str) -> Result<String, ApiError> {
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>()?)))
}

/// What is kept of a secret.
pub(crate) fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The word that a page sends with every change: made of the session's secret, which no other site
/// can read, so that nothing more need be kept.
pub(crate) fn csrf_token(session_secret: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"perennial csrf token of ");
    digest.update(session_secret.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.finalize())
}

/// Compares without telling by the time it takes how much is alike.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |found, (one, other)| found | (one ^ other));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_their_words_are_told_apart() {
        let (one, other) = (fresh("pt_").unwrap(), fresh("pt_").unwrap());
        assert!(one != other && one.len() == 46 && one.starts_with("pt_"));
        assert_ne!(hash(&one), hash(&other));
        assert!(csrf_token(&one) != csrf_token(&other) && !csrf_token(&one).contains(&one));
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
