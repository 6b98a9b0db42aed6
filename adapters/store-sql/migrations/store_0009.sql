-- What the brand defines; the highest version counts. json: all definitions. changes: what differs from
-- the version before.
CREATE TABLE definition_version (
    version BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    member_id BIGINT,
    token_id BIGINT,
    remark TEXT,
    changes TEXT NOT NULL,
    json TEXT NOT NULL
);

-- The files that a version was read from, or those of the version before where it was not made in files.
-- Not clustered: texts are large.
CREATE TABLE definition_file (
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (version, name)
);
