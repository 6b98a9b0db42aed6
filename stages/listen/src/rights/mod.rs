//! What customers may ask for (mechanism 4.12) beside erasure, which is the timeline's: corrections.

mod correct;

pub use correct::{Corrected, Correction, CorrectionError, correct};
