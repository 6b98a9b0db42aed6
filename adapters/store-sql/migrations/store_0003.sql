-- Names seen with a phone, both as keyed hashes: a phone with too many names is a family's or a shop's.
CREATE TABLE phone_name (
    phone {BYTES} NOT NULL,
    name BIGINT NOT NULL,
    PRIMARY KEY (phone, name)
) {CLUSTERED};

-- Two known customers that may be one person, the smaller number first.
-- decision: NULL open, 1 merged, 2 rejected.
CREATE TABLE merge_suggestion (
    one BIGINT NOT NULL,
    other BIGINT NOT NULL,
    suggestion_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    first_at_us BIGINT NOT NULL,
    last_at_us BIGINT NOT NULL,
    times_seen BIGINT NOT NULL,
    decision BIGINT,
    decided_at_us BIGINT,
    PRIMARY KEY (one, other)
) {CLUSTERED};

CREATE UNIQUE INDEX merge_suggestion_by_id ON merge_suggestion (suggestion_id);
