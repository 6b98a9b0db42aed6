//! Moves a brand from SQLite files to PostgreSQL or back: every row of every table, in the order of
//! its key, compared afterwards.

use crate::bulk::{CHUNK_ROWS, List};
use crate::connection::Connection;
use crate::creation::MOVING;
use crate::database::{Database, LEASE, finish};
use crate::error::other;
use crate::hot_log::SqlHotLog;
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use crate::value::Value;
use perennial_ports::StoreError;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Rows read at once.
const PAGE_ROWS: usize = 5 * CHUNK_ROWS;
/// Of tables with large values.
const PAGE_LARGE_ROWS: usize = 64;
/// Tables with large texts: whole files.
const LARGE_TEXTS: [&str; 2] = ["definition_file", "definition_version"];
const ACTION: &str = "move the brand";

/// Which way a brand is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From files to the database.
    IntoPostgres,
    /// From the database to files.
    IntoFiles,
}

/// What was moved of one table: the same in both places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: String,
    /// Rows in it.
    pub rows: u64,
    /// Hash of all values in all rows, in the order of the key.
    pub checksum: u64,
}

/// Moves a brand between the SQLite files of `folder` and the PostgreSQL database at `address`. The
/// place it is moved from keeps everything. The place it is moved into must be empty; until all is
/// there and compared it opens as no brand ([`StoreError::Unfinished`]).
///
/// # Errors
/// [`StoreError::InUse`] or [`StoreError::Locked`] when another process has one of the places,
/// [`StoreError::Unfinished`] after a move that was cut short, or what a database says.
pub async fn move_brand(folder: &Path, address: &str, direction: Direction) -> Result<Vec<MovedTable>, StoreError> {
    let (file, server) = (SqlStore::raw_file(folder).await?, SqlStore::raw_server(address).await?);
    let (hot_file, hot_server) = (SqlHotLog::raw_file(folder).await?, SqlHotLog::raw_server(address).await?);
    let into_postgres = direction == Direction::IntoPostgres;
    let in_direction = |file, server| if into_postgres { (file, server) } else { (server, file) };
    let (from, to) = in_direction(&file, &server);
    let (hot_from, hot_to) = in_direction(&hot_file, &hot_server);
    let (tables, hot_tables) = (tables(&file).await?, tables(&hot_file).await?);
    refuse_no_brand(from).await?;
    refuse_used(to, &tables).await?;
    refuse_used(hot_to, &hot_tables).await?;
    mark(to).await?;
    let mut moved = Vec::with_capacity(tables.len() + hot_tables.len());
    for table in &tables {
        moved.push(table.copy(from, to).await?);
    }
    for table in &hot_tables {
        let done = table.copy(hot_from, hot_to).await?;
        moved.push(MovedTable { name: format!("hot log: {}", done.name), ..done });
    }
    unmark(to).await?;
    for database in [&file, &server, &hot_file, &hot_server] {
        database.close().await;
    }
    Ok(moved)
}

/// From now on the database opens as no brand: one that was moved away must not be written again.
///
/// # Errors
/// As [`move_brand`].
pub async fn retire_database(address: &str) -> Result<(), StoreError> {
    let server = SqlStore::raw_server(address).await?;
    mark(&server).await?;
    server.close().await;
    Ok(())
}

async fn mark(database: &Database) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    let mut transaction = database.write().await?;
    Statement::new(ACTION, sql).bind(MOVING).bind("yes").run(&mut transaction).await?;
    finish(transaction).await
}

async fn unmark(database: &Database) -> Result<(), StoreError> {
    let mut transaction = database.write().await?;
    Statement::new(ACTION, "DELETE FROM meta WHERE name = $1").bind(MOVING).run(&mut transaction).await?;
    finish(transaction).await
}

async fn refuse_no_brand(from: &Database) -> Result<(), StoreError> {
    let sql = "SELECT name FROM meta ORDER BY name";
    let rows = Statement::new(ACTION, sql).all(&mut *from.read().await?).await?;
    let names = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?;
    match names.iter().any(|name| name == MOVING) {
        true => Err(StoreError::Unfinished),
        false if names.is_empty() => Err(other(ACTION, "there is none at the place to move it from")),
        false => Ok(()),
    }
}

async fn refuse_used(to: &Database, tables: &[Table]) -> Result<(), StoreError> {
    let mut connection = to.read().await?;
    for table in tables {
        let sql = format!("SELECT COUNT(*) FROM {} WHERE {}", table.name, table.moved());
        if Statement::new(ACTION, sql).one(&mut connection).await?.unsigned(0)? > 0 {
            let used = "the place to move it into holds data already: take an empty one";
            return Err(other(ACTION, used));
        }
    }
    let marked = Statement::new(ACTION, "SELECT value FROM meta WHERE name = $1").bind(MOVING);
    let is_store = tables.iter().any(|table| table.name == "meta");
    match is_store && marked.optional(&mut connection).await?.is_some() {
        true => Err(StoreError::Unfinished),
        false => Ok(()),
    }
}

struct Table {
    name: String,
    columns: Vec<Column>,
    /// Columns of the primary key, in its order.
    key: Vec<usize>,
}

struct Column {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Text,
    Bytes,
}

/// All tables but the format's, as SQLite describes them; the migrations are the same on PostgreSQL.
async fn tables(file: &Database) -> Result<Vec<Table>, StoreError> {
    let mut connection = file.read().await?;
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('format') ORDER BY name";
    let mut tables = Vec::new();
    for row in Statement::new(ACTION, sql).all(&mut connection).await? {
        tables.push(Table::describe(&mut connection, row.get(0)?).await?);
    }
    Ok(tables)
}

impl Table {
    async fn describe(connection: &mut Connection, name: String) -> Result<Self, StoreError> {
        let sql = "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid";
        let (mut columns, mut key) = (Vec::new(), Vec::new());
        for row in Statement::new(ACTION, sql).bind(name.as_str()).all(connection).await? {
            let kind = match row.get::<String>(1)?.as_str() {
                "BIGINT" | "INTEGER" => Kind::Integer,
                "TEXT" => Kind::Text,
                "BLOB" => Kind::Bytes,
                kind => return Err(other(ACTION, format!("the type {kind} in {name} is not known"))),
            };
            if row.get::<i64>(2)? > 0 {
                key.push((row.get::<i64>(2)?, columns.len()));
            }
            columns.push(Column { name: row.get(0)?, kind });
        }
        key.sort_unstable();
        if key.is_empty() {
            return Err(other(ACTION, format!("the table {name} has no primary key")));
        }
        Ok(Self { name, columns, key: key.into_iter().map(|(_, column)| column).collect() })
    }

    /// Which rows belong to the brand and not to the place.
    fn moved(&self) -> String {
        match self.name.as_str() {
            "counter" => format!("name <> '{LEASE}'"),
            "meta" => format!("name <> '{MOVING}'"),
            _ => "true".to_owned(),
        }
    }

    /// Copies all rows, reads them again, and compares.
    async fn copy(&self, from: &Database, to: &Database) -> Result<MovedTable, StoreError> {
        let mut source = from.snapshot().await?;
        let mut target = to.write().await?;
        let mut sent = Digest::default();
        let mut after = None;
        loop {
            let rows = self.page(&mut source, after.take()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(self.key.iter().map(|column| last[*column].clone()).collect());
            rows.iter().for_each(|row| sent.add(row));
            self.insert(&mut target, rows).await?;
        }
        finish(target).await?;
        let mut target = to.snapshot().await?;
        let mut arrived = Digest::default();
        let mut after = None;
        loop {
            let rows = self.page(&mut target, after.take()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(self.key.iter().map(|column| last[*column].clone()).collect());
            rows.iter().for_each(|row| arrived.add(row));
        }
        let name = self.name.clone();
        if (sent.rows, sent.hash()) != (arrived.rows, arrived.hash()) {
            let counts = format!("{} rows left, {} arrived", sent.rows, arrived.rows);
            return Err(other(ACTION, format!("the table {name} is not the same in both places: {counts}")));
        }
        Ok(MovedTable { name, rows: arrived.rows, checksum: arrived.hash() })
    }

    async fn page(
        &self,
        connection: &mut Connection,
        after: Option<Vec<Value>>,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let key: Vec<&str> = self.key.iter().map(|column| self.columns[*column].name.as_str()).collect();
        let key = key.join(", ");
        let beyond = after.as_ref().map(|after| {
            let arguments: Vec<String> = (1..=after.len()).map(|number| format!("${number}")).collect();
            format!(" AND ({key}) > ({})", arguments.join(", "))
        });
        let is_large = |place: usize, column: &Column| column.kind == Kind::Bytes && !self.key.contains(&place);
        let large_texts = LARGE_TEXTS.contains(&self.name.as_str());
        let large = large_texts || self.columns.iter().enumerate().any(|(place, column)| is_large(place, column));
        let limit = if large { PAGE_LARGE_ROWS } else { PAGE_ROWS };
        let (columns, name, moved) = (self.names().join(", "), &self.name, self.moved());
        let beyond = beyond.unwrap_or_default();
        let sql = format!("SELECT {columns} FROM {name} WHERE {moved}{beyond} ORDER BY {key} LIMIT {limit}");
        let mut statement = Statement::new(ACTION, sql);
        for value in after.into_iter().flatten() {
            statement.add(value);
        }
        statement.all(connection).await?.iter().map(|row| self.values(row)).collect()
    }

    async fn insert(&self, connection: &mut Connection, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(CHUNK_ROWS).collect();
            let mut statement = Statement::of_list(ACTION, List::insert(&self.name, &self.names(), chunk.len()));
            for value in chunk.into_iter().flatten() {
                statement.add(value);
            }
            statement.run(connection).await?;
        }
        Ok(())
    }

    fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn values(&self, row: &Answer) -> Result<Vec<Value>, StoreError> {
        let value = |(place, column): (usize, &Column)| {
            Ok(match column.kind {
                Kind::Integer => Value::Integer(row.get(place)?),
                Kind::Text => Value::Text(row.get(place)?),
                Kind::Bytes => Value::Bytes(row.get(place)?),
            })
        };
        self.columns.iter().enumerate().map(value).collect()
    }
}

/// Count and hash of rows.
#[derive(Default)]
struct Digest {
    rows: u64,
    hasher: DefaultHasher,
}

impl Digest {
    fn add(&mut self, row: &[Value]) {
        self.rows += 1;
        row.hash(&mut self.hasher);
    }

    fn hash(&self) -> u64 {
        self.hasher.finish()
    }
}
