//! Learn against the golden files, an independent calculation, and a real timeline.

#[cfg(test)]
mod as_of;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod online_retail;
#[cfg(test)]
mod support;
