//! Experiments that have begun, and their cohorts.

use crate::accounts::audit;
use crate::connection::{Connection, finish};
use crate::error::other;
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use async_trait::async_trait;
use perennial_model::CustomerId;
use perennial_ports::{BegunExperiment, Experiments, NewAuditEntry, NewExperiment, StoreError};

const BEGIN: &str = "begin an experiment";
const READ: &str = "read an experiment's customers";
const ERASE: &str = "erase customers of experiments";
/// Customers of a row: a few kilobytes.
const CHUNK: usize = 4096;

#[async_trait]
impl Experiments for SqlStore {
    async fn begin_experiment(&self, new: &NewExperiment) -> Result<bool, StoreError> {
        if !new.cohort.is_sorted_by(|one, next| one < next) {
            return Err(other(BEGIN, "its customers are not in order"));
        }
        let mut transaction = self.database.write().await?;
        let sql = "INSERT INTO experiment (name, starts_us, begun_us, customers, plan) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (name) DO NOTHING";
        let statement = Statement::new(BEGIN, sql).bind(new.name.as_str()).bind(new.starts_us).bind(new.begun_us);
        let statement = statement.number(new.cohort.len() as u64).bind(new.plan.as_str());
        if statement.run(&mut transaction).await? == 0 {
            return Ok(false);
        }
        add(&mut transaction, &new.name, &new.cohort).await?;
        audit::add(&mut transaction, &entry(new)).await?;
        finish(transaction).await?;
        Ok(true)
    }

    async fn begun_experiments(&self) -> Result<Vec<BegunExperiment>, StoreError> {
        let sql = "SELECT name, starts_us, begun_us, customers, plan FROM experiment ORDER BY starts_us DESC, name";
        let begun = |row: &Answer| {
            Ok(BegunExperiment {
                name: row.get(0)?,
                starts_us: row.get(1)?,
                begun_us: row.get(2)?,
                customers: row.unsigned(3)?,
                plan: row.get(4)?,
            })
        };
        let statement = Statement::new("list experiments", sql);
        statement.all(&mut *self.database.read().await?).await?.iter().map(begun).collect()
    }

    async fn cohort_of(&self, name: &str) -> Result<Vec<CustomerId>, StoreError> {
        let sql = "SELECT first_customer, customers FROM experiment_cohort WHERE experiment = $1
                   ORDER BY first_customer";
        let rows = Statement::new(READ, sql).bind(name).all(&mut *self.database.read().await?).await?;
        let mut cohort = Vec::new();
        for row in &rows {
            cohort.extend(unpacked(row.unsigned(0)?, &row.get::<Vec<u8>>(1)?)?);
        }
        Ok(cohort)
    }
}

fn entry(new: &NewExperiment) -> NewAuditEntry {
    NewAuditEntry {
        at_us: new.begun_us,
        member_id: new.member_id,
        token_id: new.token_id,
        action: "experiment_begun".to_owned(),
        subject: Some(format!("experiment:{}", new.name)),
        detail: Some(format!("{} customers", new.cohort.len())),
    }
}

async fn add(connection: &mut Connection, experiment: &str, cohort: &[CustomerId]) -> Result<(), StoreError> {
    let sql = "INSERT INTO experiment_cohort (experiment, first_customer, last_customer, customers)
               VALUES ($1, $2, $3, $4)";
    for chunk in cohort.chunks(CHUNK) {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let statement = Statement::new(BEGIN, sql).bind(experiment).number(first.0).number(last.0);
        statement.bind(packed(chunk)).run(connection).await?;
    }
    Ok(())
}

/// Takes these customers out of all cohorts; the erasure that asks for it wipes the files.
pub(crate) async fn erase(connection: &mut Connection, profiles: &[CustomerId]) -> Result<(), StoreError> {
    let holders = "SELECT experiment, first_customer, customers FROM experiment_cohort
                   WHERE first_customer <= $1 AND last_customer >= $1";
    let remove = "DELETE FROM experiment_cohort WHERE experiment = $1 AND first_customer = $2";
    for profile in profiles {
        let rows = Statement::new(ERASE, holders).number(profile.0).all(connection).await?;
        for row in &rows {
            let (experiment, first): (String, u64) = (row.get(0)?, row.unsigned(1)?);
            let mut chunk = unpacked(first, &row.get::<Vec<u8>>(2)?)?;
            let Ok(place) = chunk.binary_search(profile) else { continue };
            chunk.remove(place);
            Statement::new(ERASE, remove).bind(experiment.as_str()).number(first).run(connection).await?;
            add(connection, &experiment, &chunk).await?;
        }
    }
    Ok(())
}

/// The steps from each to the next, seven bits a byte, the low ones first.
fn packed(chunk: &[CustomerId]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * chunk.len());
    for pair in chunk.windows(2) {
        let mut step = pair[1].0 - pair[0].0;
        while step >= 0x80 {
            bytes.push(step as u8 | 0x80);
            step >>= 7;
        }
        bytes.push(step as u8);
    }
    bytes
}

fn unpacked(first: u64, bytes: &[u8]) -> Result<Vec<CustomerId>, StoreError> {
    let damaged = || other(READ, "its customers are damaged: restore the store from a backup");
    let (mut chunk, mut customer, mut step, mut shift) = (vec![CustomerId(first)], first, 0_u64, 0_u32);
    for byte in bytes {
        let bits = u64::from(byte & 0x7f);
        step |= bits.checked_shl(shift).filter(|moved| moved >> shift == bits).ok_or_else(damaged)?;
        shift += 7;
        if byte & 0x80 == 0 {
            customer = customer.checked_add(step).filter(|_| step > 0).ok_or_else(damaged)?;
            chunk.push(CustomerId(customer));
            (step, shift) = (0, 0);
        }
    }
    if shift == 0 { Ok(chunk) } else { Err(damaged()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let numbers = [1, 2, 129, 256, 16_640, 1 << 40, (1 << 40) + 127, i64::MAX as u64 - 1, i64::MAX as u64];
        let chunk: Vec<CustomerId> = numbers.map(CustomerId).to_vec();
        assert_eq!(unpacked(1, &packed(&chunk)).unwrap(), chunk);
        assert_eq!(unpacked(7, &[]).unwrap(), [CustomerId(7)]);
        let near: Vec<CustomerId> = (1..=4096).map(|number| CustomerId::new((number % 4) as u16, number)).collect();
        assert!(packed(&near).len() < 3 * near.len());
    }

    #[test]
    fn what_was_damaged_is_no_cohort() {
        for bytes in [&[0x80][..], &[0], &[0xff; 11], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]] {
            assert!(unpacked(5, bytes).is_err(), "{bytes:?}");
        }
    }
}
