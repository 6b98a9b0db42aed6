-- Experiments that have begun. customers: how many took part then. plan: how they are divided.
CREATE TABLE experiment (
    name TEXT NOT NULL PRIMARY KEY,
    starts_us BIGINT NOT NULL,
    begun_us BIGINT NOT NULL,
    customers BIGINT NOT NULL,
    plan TEXT NOT NULL
);

-- Who takes part, some thousands a row: from the first to the last, as steps from one to the next. An
-- erasure finds the rows that may hold somebody by first and last. Not clustered: rows are large.
CREATE TABLE experiment_cohort (
    experiment TEXT NOT NULL,
    first_customer BIGINT NOT NULL,
    last_customer BIGINT NOT NULL,
    customers {BYTES} NOT NULL,
    PRIMARY KEY (experiment, first_customer)
);
