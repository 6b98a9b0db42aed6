//! No code: see this crate's manifest.
