-- Who may use the server. Secrets are kept as hashes only.
-- password: PHC form, NULL until an invited member joins.
CREATE TABLE member (
    member_id BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    password TEXT,
    created_us BIGINT NOT NULL,
    disabled_us BIGINT
) {CLUSTERED};

CREATE UNIQUE INDEX member_by_email ON member (email);

-- Links that set a password once. member_id 0: the link by which the first owner is made.
CREATE TABLE member_link (
    member_id BIGINT NOT NULL PRIMARY KEY,
    hash {BYTES} NOT NULL,
    expires_us BIGINT NOT NULL
) {CLUSTERED};

CREATE TABLE member_session (
    hash {BYTES} NOT NULL PRIMARY KEY,
    member_id BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
) {CLUSTERED};

CREATE INDEX member_session_by_member ON member_session (member_id);

-- scopes: words with a space between.
CREATE TABLE api_token (
    token_id BIGINT NOT NULL PRIMARY KEY,
    hash {BYTES} NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    member_id BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    used_us BIGINT,
    revoked_us BIGINT
) {CLUSTERED};

CREATE UNIQUE INDEX api_token_by_hash ON api_token (hash);

-- Customers are named by their numbers, and nothing else of theirs is here.
CREATE TABLE audit (
    audit_id BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    member_id BIGINT,
    token_id BIGINT,
    action TEXT NOT NULL,
    subject TEXT,
    detail TEXT
) {CLUSTERED};
