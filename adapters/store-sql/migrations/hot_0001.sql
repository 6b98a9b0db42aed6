-- The hot log, in a file of its own so that an erasure can rewrite it.

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) {CLUSTERED};

-- Not clustered: batches are large, and SQLite keeps large rows better in a plain table.
CREATE TABLE hot_row (
    sequence {ROW_NUMBER} NOT NULL PRIMARY KEY,
    batch {BYTES} NOT NULL
);

{BATCHES_AS_THEY_ARE}
