//! Keys on the terminal.

use perennial_listen::masked;
use perennial_model::IdentityKey;

/// `phone +86138****8000`, `email a***@example.com`; as it is when it is to be revealed.
pub(super) fn shown(key: &IdentityKey, reveal: bool) -> String {
    let kind = key.kind.as_str();
    if reveal { format!("{kind} {}", key.value) } else { format!("{kind} {}", masked(key)) }
}
