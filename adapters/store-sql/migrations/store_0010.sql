-- Lists and tags of customers (kind: list, tag), and the profiles in them.
CREATE TABLE customer_group (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
) {CLUSTERED};

CREATE TABLE customer_group_member (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    profile BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (kind, name, profile)
) {CLUSTERED};
CREATE INDEX customer_group_member_by_profile ON customer_group_member (profile);

-- Segments that act, and the condition by which their members were found.
CREATE TABLE membership (
    segment TEXT NOT NULL PRIMARY KEY,
    condition TEXT NOT NULL
);

-- Members of a shard: packed numbers, with all changes up to `upto` in them. Not clustered: values are large.
CREATE TABLE membership_shard (
    segment TEXT NOT NULL,
    shard BIGINT NOT NULL,
    upto BIGINT NOT NULL,
    members {BYTES} NOT NULL,
    PRIMARY KEY (segment, shard)
);

-- Who entered (1) and left (0), counted up over all segments.
CREATE TABLE membership_change (
    number {ROW_NUMBER} NOT NULL PRIMARY KEY,
    segment TEXT NOT NULL,
    shard BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    cause TEXT NOT NULL,
    at_us BIGINT NOT NULL
);
CREATE INDEX membership_change_by_segment ON membership_change (segment, number);
CREATE INDEX membership_change_by_customer ON membership_change (customer);

-- How many were in a segment on a day, and of how many it was not known.
CREATE TABLE segment_size (
    segment TEXT NOT NULL,
    day BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    size BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    PRIMARY KEY (segment, day)
) {CLUSTERED};
