//! Members and the links that set their passwords.

use crate::SqlStore;
use crate::connection::{Connection, finish};
use crate::database::advance;
use crate::error::other;
use crate::statement::{Answer, Statement};
use async_trait::async_trait;
use perennial_model::Role;
use perennial_ports::{Link, Member, MemberChange, MemberChanged, Members, NewMember, SecretHash, StoreError};

/// The last member's number.
const MEMBER: &str = "member";
/// Raised by whoever changes members, so that two changes do not overlap.
const TURN: &str = "member_turn";
const FIND: &str = "find a member";
const CHANGE: &str = "change a member";
/// The first owner's link, who has no number yet.
const FIRST_OWNER: u64 = 0;

/// Columns of a member, in the order of [`member`].
macro_rules! columns {
    () => {
        "member.member_id, member.email, member.name, member.role, member.language, member.created_us,
         member.disabled_us, CAST(CASE WHEN member.password IS NULL THEN 0 ELSE 1 END AS BIGINT)"
    };
}
pub(super) use columns;

/// Columns of a member.
pub(super) const COLUMNS: usize = 8;

/// A member of a row's first columns.
pub(super) fn member(row: &Answer) -> Result<Member, StoreError> {
    let word: String = row.get(3)?;
    let role = Role::parse(&word).ok_or_else(|| other(FIND, format!("{word:?} is no role")))?;
    Ok(Member {
        member_id: row.unsigned(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        role,
        language: row.get(4)?,
        created_us: row.get(5)?,
        disabled_us: row.get(6)?,
        joined: row.get::<i64>(7)? != 0,
    })
}

async fn find(connection: &mut Connection, member_id: u64) -> Result<Option<Member>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM member WHERE member_id = $1");
    let row = Statement::new(FIND, sql).number(member_id).optional(connection).await?;
    row.as_ref().map(member).transpose()
}

/// Owners who can sign in.
async fn owners(connection: &mut Connection) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM member WHERE role = $1 AND disabled_us IS NULL AND password IS NOT NULL";
    Statement::new("count owners", sql).bind(Role::Owner.as_str()).one(connection).await?.unsigned(0)
}

async fn add(connection: &mut Connection, new: &NewMember) -> Result<Option<u64>, StoreError> {
    let number = advance(connection, MEMBER, 1).await?;
    let sql = "INSERT INTO member (member_id, email, name, role, language, password, created_us)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING";
    let statement = Statement::new("add a member", sql).number(number).bind(new.email.clone()).bind(new.name.clone());
    let statement = statement.bind(new.role.as_str()).bind(new.language.clone()).bind(new.password.clone());
    let added = statement.bind(new.created_us).run(connection).await?;
    Ok((added == 1).then_some(number))
}

async fn set(connection: &mut Connection, member_id: u64, change: &MemberChange) -> Result<Option<Member>, StoreError> {
    let sql = "UPDATE member SET name = COALESCE($1, name), role = COALESCE($2, role),
               language = COALESCE($3, language), password = COALESCE($4, password) WHERE member_id = $5";
    let statement = Statement::new(CHANGE, sql).bind(change.name.clone()).bind(change.role.map(Role::as_str));
    let statement = statement.bind(change.language.clone()).bind(change.password.clone()).number(member_id);
    statement.run(connection).await?;
    if let Some(disabled_us) = change.disabled_us {
        let sql = "UPDATE member SET disabled_us = $1 WHERE member_id = $2";
        Statement::new(CHANGE, sql).bind(disabled_us).number(member_id).run(connection).await?;
        if disabled_us.is_some() {
            shut_out(connection, member_id).await?;
        }
    }
    find(connection, member_id).await
}

/// Ends all sessions of a member and voids the link.
async fn shut_out(connection: &mut Connection, member_id: u64) -> Result<(), StoreError> {
    for sql in ["DELETE FROM member_session WHERE member_id = $1", "DELETE FROM member_link WHERE member_id = $1"] {
        Statement::new("end a member's sessions", sql).number(member_id).run(connection).await?;
    }
    Ok(())
}

/// Takes a good link away; whose it was.
async fn spend(connection: &mut Connection, hash: &SecretHash, now_us: i64) -> Result<Option<u64>, StoreError> {
    let sql = "DELETE FROM member_link WHERE hash = $1 AND expires_us > $2 RETURNING member_id";
    let row = Statement::new("spend a link", sql).bind(hash.to_vec()).bind(now_us).optional(connection).await?;
    row.map(|row| row.unsigned(0)).transpose()
}

#[async_trait]
impl Members for SqlStore {
    async fn members(&self) -> Result<Vec<Member>, StoreError> {
        let sql = concat!("SELECT ", columns!(), " FROM member ORDER BY member_id");
        let rows = Statement::new("list members", sql).all(&mut *self.database.read().await?).await?;
        rows.iter().map(member).collect()
    }

    async fn member_by_email(&self, email: &str) -> Result<Option<(Member, Option<String>)>, StoreError> {
        let sql = concat!("SELECT ", columns!(), ", member.password FROM member WHERE email = $1");
        let row = Statement::new(FIND, sql).bind(email).optional(&mut *self.database.read().await?).await?;
        row.map(|row| Ok((member(&row)?, row.get(COLUMNS)?))).transpose()
    }

    async fn add_member(&self, new: &NewMember) -> Result<Option<u64>, StoreError> {
        let mut transaction = self.database.write().await?;
        let number = add(&mut transaction, new).await?;
        finish(transaction).await?;
        Ok(number)
    }

    async fn change_member(&self, member_id: u64, change: &MemberChange) -> Result<MemberChanged, StoreError> {
        let mut transaction = self.database.write().await?;
        advance(&mut transaction, TURN, 1).await?;
        let before = owners(&mut transaction).await?;
        let Some(changed) = set(&mut transaction, member_id, change).await? else { return Ok(MemberChanged::Missing) };
        if before > 0 && owners(&mut transaction).await? == 0 {
            return Ok(MemberChanged::LastOwner);
        }
        finish(transaction).await?;
        Ok(MemberChanged::Done(changed))
    }

    async fn save_link(&self, link: &Link) -> Result<(), StoreError> {
        let sql = "INSERT INTO member_link (member_id, hash, expires_us) VALUES ($1, $2, $3)
                   ON CONFLICT (member_id) DO UPDATE SET hash = excluded.hash, expires_us = excluded.expires_us";
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("keep a link", sql).number(link.member_id.unwrap_or(FIRST_OWNER));
        statement.bind(link.hash.to_vec()).bind(link.expires_us).run(&mut transaction).await?;
        finish(transaction).await
    }

    async fn link(&self, hash: &SecretHash, now_us: i64) -> Result<Option<Option<Member>>, StoreError> {
        let mut connection = self.database.read().await?;
        let sql = "SELECT member_id FROM member_link WHERE hash = $1 AND expires_us > $2";
        let statement = Statement::new("find a link", sql).bind(hash.to_vec()).bind(now_us);
        let Some(row) = statement.optional(&mut connection).await? else { return Ok(None) };
        match row.unsigned(0)? {
            FIRST_OWNER => Ok((owners(&mut connection).await? == 0).then_some(None)),
            member_id => Ok(find(&mut connection, member_id).await?.map(Some)),
        }
    }

    async fn set_up(&self, hash: &SecretHash, owner: &NewMember, now_us: i64) -> Result<Option<Member>, StoreError> {
        let mut transaction = self.database.write().await?;
        advance(&mut transaction, TURN, 1).await?;
        let spent = spend(&mut transaction, hash, now_us).await?;
        if spent != Some(FIRST_OWNER) || owners(&mut transaction).await? != 0 {
            return Ok(None);
        }
        let Some(number) = add(&mut transaction, owner).await? else { return Ok(None) };
        let made = find(&mut transaction, number).await?;
        finish(transaction).await?;
        Ok(made)
    }

    async fn join(&self, hash: &SecretHash, change: &MemberChange, now_us: i64) -> Result<Option<Member>, StoreError> {
        let mut transaction = self.database.write().await?;
        advance(&mut transaction, TURN, 1).await?;
        let spent = spend(&mut transaction, hash, now_us).await?;
        let Some(member_id) = spent.filter(|member_id| *member_id != FIRST_OWNER) else { return Ok(None) };
        shut_out(&mut transaction, member_id).await?;
        let joined = set(&mut transaction, member_id, change).await?;
        finish(transaction).await?;
        Ok(joined)
    }
}
