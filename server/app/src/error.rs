//! Exit codes: 0 fine, 1 found wrong, 2 usage.

/// Something is wrong with what was found: a file, a row, the data directory.
pub(crate) const FOUND_WRONG: u8 = 1;
/// The command cannot be carried out as it was given.
pub(crate) const USAGE: u8 = 2;

/// Marks an error as one of usage.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// An error of usage, ready for `?`.
pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(message.into()))
}

/// The exit code of an error.
pub(crate) fn exit_code(problem: &anyhow::Error) -> u8 {
    if problem.chain().any(|cause| cause.is::<Usage>()) { USAGE } else { FOUND_WRONG }
}
