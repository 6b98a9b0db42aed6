//! Learn against the golden files, an independent calculation, and a real timeline.

mod as_of;
mod golden;
mod online_retail;
mod support;
