-- The profile of each order that has an id, under the keyed hash of its source and id. Without an
-- index by profile: only an erasure asks for that, and it rewrites the whole file anyway.
CREATE TABLE order_owner (
    order_key BIGINT NOT NULL PRIMARY KEY,
    profile BIGINT NOT NULL
) {CLUSTERED};
