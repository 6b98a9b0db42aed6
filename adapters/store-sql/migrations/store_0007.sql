-- Changes of consent with their proof; the state follows from them. given: 1 given, 0 withdrawn.
CREATE TABLE consent (
    profile BIGINT NOT NULL,
    mid BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    given BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    recorded_us BIGINT NOT NULL,
    source TEXT NOT NULL,
    wording_version TEXT,
    ip TEXT,
    evidence TEXT,
    PRIMARY KEY (profile, mid)
) {CLUSTERED};
