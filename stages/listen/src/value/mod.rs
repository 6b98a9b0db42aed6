//! What one cell says: instants, money, quantities, ids and keys, as spreadsheets of shops write them.
//!
//! Everything here runs once or more for each of millions of rows: the usual form of each value is
//! parsed without allocation, the unusual ones by a slower path.

mod cell;
mod civil;
mod decimal;
mod id;
mod key;
mod time;
mod time_format;
mod truth;

pub(crate) use cell::half_width;
pub use cell::{clean, is_none};
pub use civil::Civil;
pub use decimal::{Decimal, NumberProblem, NumberStyle, money_minor, parse_decimal, quantity_milli};
pub use id::{IdProblem, id_text};
pub use key::{KeyProblem, email, is_placeholder, opaque, openid, phone, platform};
pub use time::{TimeParser, TimeProblem};
pub use time_format::{DateOrder, TimeFormat, guess_format};
pub use truth::truth;
