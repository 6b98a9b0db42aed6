-- The relational store of one brand. {CLUSTERED} and {BYTES} are the only words that differ
-- between SQLite and PostgreSQL (src/dialect.rs).

-- Fixed at creation: hash_key, shards.
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) {CLUSTERED};

-- Numbers that only grow: epoch, run, journal, flushed_through.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) {CLUSTERED};

-- The next free customer number of each shard.
CREATE TABLE customer_counter (
    shard BIGINT NOT NULL PRIMARY KEY,
    next_number BIGINT NOT NULL
) {CLUSTERED};

-- state: 0 live, 1 quarantined, 2 retired.
CREATE TABLE run (
    run_id BIGINT NOT NULL PRIMARY KEY,
    shard BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    file TEXT NOT NULL,
    format_version BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    min_time_us BIGINT NOT NULL,
    max_time_us BIGINT NOT NULL,
    rehomed BIGINT NOT NULL,
    state BIGINT NOT NULL,
    retired_at_us BIGINT
) {CLUSTERED};

CREATE TABLE identity (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    profile BIGINT NOT NULL,
    PRIMARY KEY (kind, value)
) {CLUSTERED};

-- The same, by profile. Not an index of the table above, because that would be filled in the order
-- of the values: 4 s for a million identities; this one is filled in its own order: 0.7 s.
CREATE TABLE profile_identity (
    profile BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (profile, kind, value)
) {CLUSTERED};

CREATE TABLE alias (
    profile BIGINT NOT NULL PRIMARY KEY,
    customer BIGINT NOT NULL
) {CLUSTERED};

CREATE TABLE property (
    name TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    property_type TEXT NOT NULL
) {CLUSTERED};

CREATE TABLE journal (
    entry_id BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    from_customer BIGINT NOT NULL,
    into_customer BIGINT NOT NULL,
    reason TEXT NOT NULL,
    undone_at_us BIGINT
) {CLUSTERED};

CREATE TABLE import_mark (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    rows_done BIGINT NOT NULL,
    finished BIGINT NOT NULL
) {CLUSTERED};

-- All that remains of an erased identity.
CREATE TABLE suppression (
    hash {BYTES} NOT NULL PRIMARY KEY
) {CLUSTERED};

CREATE TABLE parameters (
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    as_of_us BIGINT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (fold, version)
) {CLUSTERED};

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) {CLUSTERED};
