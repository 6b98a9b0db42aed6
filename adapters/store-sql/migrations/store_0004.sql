-- What events must look like; the highest version of an event counts.
CREATE TABLE event_schema (
    event TEXT NOT NULL,
    version BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (event, version)
) {CLUSTERED};

-- Messages that do not fit their event's schema, until it is mended. Not clustered: texts are large.
CREATE TABLE aside_message (
    mid BIGINT NOT NULL PRIMARY KEY,
    event TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    time_us BIGINT NOT NULL,
    received_us BIGINT NOT NULL
);

-- Keyed hashes of the keys in them, by which an erasure finds them.
CREATE TABLE aside_key (
    hash {BYTES} NOT NULL,
    mid BIGINT NOT NULL,
    PRIMARY KEY (hash, mid)
) {CLUSTERED};
