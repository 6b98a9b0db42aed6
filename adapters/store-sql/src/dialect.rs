//! The words that differ between the databases; everything else is one text for both.

/// What a database calls things. PostgreSQL's words: nothing, `BYTEA`, `BIGINT`, `$1`.
pub(crate) struct Dialect {
    /// After a table's columns: keep the rows in the order of the primary key. SQLite keeps them
    /// in a hidden number's order otherwise (a million identities: 35 s instead of 0.7 s).
    clustered: &'static str,
    /// Type of a byte string.
    bytes: &'static str,
    /// Type of a 64-bit primary key of a table that is not clustered; SQLite needs this very word
    /// to do without a second tree.
    row_number: &'static str,
    /// Writes the `n`th argument of a long list. SQLite looks for a name such as `$7` by going
    /// through all names, half a second for each million arguments in lists of 2,000; `?` has none.
    pub(crate) list_argument: fn(&mut String, usize),
}

/// SQLite's words.
pub(crate) const SQLITE: Dialect =
    Dialect { clustered: "WITHOUT ROWID", bytes: "BLOB", row_number: "INTEGER", list_argument: |sql, _| sql.push('?') };

impl Dialect {
    /// A migration's text in this database's words.
    pub(crate) fn translate(&self, migration: &str) -> String {
        migration
            .replace("{CLUSTERED}", self.clustered)
            .replace("{BYTES}", self.bytes)
            .replace("{ROW_NUMBER}", self.row_number)
    }
}
