//! Keys of the customers of a file.

use perennial_model::{CustomerId, IdentityKey};
use perennial_ports::StoreError;
use perennial_timeline::Timeline;
use std::collections::HashMap;

/// Keys by customer, in order of kind and value.
pub type CustomerKeys = HashMap<u64, Vec<IdentityKey>>;

/// The keys of these customers, those of all their profiles.
///
/// # Errors
/// What the store says.
pub async fn keys_of_customers(timeline: &Timeline, customers: &[u64]) -> Result<CustomerKeys, StoreError> {
    let profiles: Vec<CustomerId> =
        customers.iter().flat_map(|customer| timeline.profiles_of(CustomerId(*customer))).collect();
    let mut keys = CustomerKeys::with_capacity(customers.len());
    for binding in timeline.store().identities_of(&profiles).await? {
        keys.entry(timeline.customer_of(binding.profile).0).or_default().push(binding.key);
    }
    keys.values_mut().for_each(|keys| keys.sort_unstable());
    Ok(keys)
}
