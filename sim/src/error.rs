//! Why a file could not be made.

/// Why [`crate::generate`] stopped.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// A brand without customers.
    #[error("a brand needs at least one customer and at most {most}: say --customers")]
    Customers {
        /// The most there may be.
        most: u64,
    },
    /// Each customer's first session alone makes more rows than were asked for.
    #[error("{customers} customers make at least about {least} rows: ask for as many events, or for fewer customers")]
    TooFewEvents {
        /// Customers asked for.
        customers: u64,
        /// Rows of their first sessions, about.
        least: u64,
    },
    /// More events than a file of this kind is meant for.
    #[error("at most {most} events: say a smaller --events")]
    TooManyEvents {
        /// The most there may be.
        most: u64,
    },
    /// The first day is too far from ours to be written with a year of four digits.
    #[error("the first day must lie between the years 1970 and 9990")]
    StartDay,
    /// An effect that is no probability.
    #[error("an effect of {effect} is none: it is the probability of one more order, from 0 to 1")]
    Effect {
        /// What was given.
        effect: f64,
    },
    /// Somebody whom the brand does not know.
    #[error("{member} is no customer of the simulated brand: its member numbers are such as M00000012")]
    NoMember {
        /// Who.
        member: String,
    },
    /// The file could not be written.
    #[error("cannot write the generated file: {0}")]
    Write(#[from] std::io::Error),
}
