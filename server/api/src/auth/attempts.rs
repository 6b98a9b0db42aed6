//! How often somebody may try a password.

use perennial_model::Clock;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failed attempts are remembered for one to two of these.
const WINDOW_US: i64 = 8 * 60 * 1_000_000;
/// Attempts at one e-mail within what is remembered.
const MOST_PER_EMAIL: u32 = 10;
/// Attempts from one address: an office has one address for all.
const MOST_PER_ADDRESS: u32 = 50;
/// Entries of one window; with more a new window begins at once, so that memory has a bound.
const MOST_ENTRIES: usize = 50_000;

/// Counts attempts by e-mail and by address. An attempt counts when it begins, so that many at once
/// are no way around, and no longer once it was right.
pub(crate) struct Attempts {
    windows: Mutex<Windows>,
    /// E-mails are not kept in memory, their hashes are.
    hasher: RandomState,
}

#[derive(Default)]
struct Windows {
    began_us: i64,
    now: HashMap<u64, u32>,
    before: HashMap<u64, u32>,
}

/// An attempt under way.
pub(crate) struct Attempt([(u64, u32); 2]);

impl Attempts {
    pub(crate) fn new() -> Self {
        Self { windows: Mutex::default(), hasher: RandomState::new() }
    }

    /// Begins an attempt; where there were too many: in how many seconds to come again.
    pub(crate) fn begin(&self, email: &str, address: IpAddr, clock: &dyn Clock) -> Result<Attempt, u32> {
        let now_us = clock.now_us();
        let keys = [
            (self.hasher.hash_one(("email", email)), MOST_PER_EMAIL),
            (self.hasher.hash_one(("address", network(address))), MOST_PER_ADDRESS),
        ];
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.turn(now_us);
        if keys.iter().any(|(key, most)| windows.count(*key) >= *most) {
            let rest_us = windows.began_us + WINDOW_US - now_us;
            return Err(u32::try_from(rest_us / 1_000_000).unwrap_or(0) + 1);
        }
        for (key, _) in keys {
            *windows.now.entry(key).or_default() += 1;
        }
        Ok(Attempt(keys))
    }

    /// It was right: the e-mail's failures are forgotten, of the address's only this one.
    pub(crate) fn succeeded(&self, attempt: &Attempt) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let [(email, _), (address, _)] = attempt.0;
        windows.now.remove(&email);
        windows.before.remove(&email);
        if let Some(count) = windows.now.get_mut(&address) {
            *count = count.saturating_sub(1);
        }
    }
}

impl Windows {
    fn count(&self, key: u64) -> u32 {
        let of = |window: &HashMap<u64, u32>| window.get(&key).copied().unwrap_or(0);
        of(&self.now) + of(&self.before)
    }

    /// A clock that was set back begins a new window, too.
    fn turn(&mut self, now_us: i64) {
        let age_us = now_us - self.began_us;
        if (0..WINDOW_US).contains(&age_us) && self.now.len() < MOST_ENTRIES {
            return;
        }
        self.before = std::mem::take(&mut self.now);
        if age_us >= 2 * WINDOW_US {
            self.before.clear();
        }
        self.began_us = now_us;
    }
}

/// Whoever has one address of version 6 has 2⁶⁴ of them.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_testkit::ManualClock;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn other(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    #[test]
    fn one_e_mail_is_tried_ten_times_from_wherever() {
        let (attempts, clock) = (Attempts::new(), ManualClock::at(0));
        for number in 0..10 {
            assert!(attempts.begin("a@shop.example", other(number), &clock).is_ok());
        }
        let wait = attempts.begin("a@shop.example", other(99), &clock).err().unwrap();
        assert_eq!(wait, 8 * 60 + 1);
        assert!(attempts.begin("b@shop.example", other(99), &clock).is_ok());
        clock.advance(WINDOW_US);
        assert!(attempts.begin("a@shop.example", other(99), &clock).is_err(), "the window before counts, too");
        clock.advance(WINDOW_US);
        assert!(attempts.begin("a@shop.example", other(99), &clock).is_ok());
    }

    #[test]
    fn one_address_tries_fifty_e_mails_and_a_right_password_does_not_count() {
        let (attempts, clock) = (Attempts::new(), ManualClock::at(0));
        for number in 0..50 {
            let attempt = attempts.begin("ann@shop.example", HOME, &clock).ok().unwrap();
            attempts.succeeded(&attempt);
            attempts.begin(&format!("{number}@shop.example"), HOME, &clock).ok().unwrap();
        }
        assert!(attempts.begin("ann@shop.example", HOME, &clock).is_err());
        assert!(attempts.begin("ann@shop.example", other(1), &clock).is_ok());
    }

    #[test]
    fn memory_has_a_bound_and_a_clock_set_back_locks_nobody_out() {
        let (attempts, clock) = (Attempts::new(), ManualClock::at(0));
        for number in 0..200_000 {
            attempts.begin(&number.to_string(), other(number), &clock).ok().unwrap();
        }
        let windows = attempts.windows.lock().unwrap();
        assert!(windows.now.len() <= MOST_ENTRIES + 2 && windows.before.len() <= MOST_ENTRIES + 2);
        drop(windows);
        for _ in 0..10 {
            attempts.begin("a@shop.example", HOME, &clock).ok().unwrap();
        }
        clock.advance(-3_600_000_000);
        attempts.begin("b@shop.example", HOME, &clock).ok().unwrap();
        clock.advance(-3_600_000_000);
        assert!(attempts.begin("a@shop.example", HOME, &clock).is_ok());
    }
}
