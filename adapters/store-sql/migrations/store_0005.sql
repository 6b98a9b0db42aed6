-- Keys with which others send messages: a one-way hash of each.
CREATE TABLE write_key (
    key_id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash {BYTES} NOT NULL,
    created_at_us BIGINT NOT NULL,
    revoked_at_us BIGINT
);
