-- Times are microseconds since 1970-01-01T00:00Z. Own columns for what is queried or constrained; `request` (what was
-- asked, written once) and `outcome` (what became of it) are JSON documents. See rows.py.
CREATE TABLE jobs (
    id              TEXT    NOT NULL PRIMARY KEY,
    caller          TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    fingerprint     TEXT    NOT NULL,
    idempotency_key TEXT,
    priority        INTEGER NOT NULL,
    request         TEXT    NOT NULL,

    state           TEXT    NOT NULL,
    epoch           INTEGER NOT NULL CHECK (epoch >= 0),
    owner           TEXT,
    lease_until     INTEGER,
    not_before      INTEGER NOT NULL,
    credential_id   TEXT,
    upstream_id     TEXT,
    bucket          TEXT,
    operation       TEXT,
    submitted_at    INTEGER,
    done_at         INTEGER,
    finished_at     INTEGER,
    unclaimed_since INTEGER,
    waited_by       TEXT,
    media           TEXT    NOT NULL,
    outcome         TEXT    NOT NULL,

    UNIQUE (caller, idempotency_key),
    CONSTRAINT known_state CHECK (
        state IN ('queued', 'submitting', 'running', 'fetching', 'completed', 'failed', 'cancelled', 'expired', 'uncertain')
    ),
    CONSTRAINT queued_is_unsent CHECK (
        state <> 'queued'
        OR (owner IS NULL AND credential_id IS NULL AND submitted_at IS NULL AND operation IS NULL AND done_at IS NULL)
    ),
    CONSTRAINT sent_is_pinned CHECK (
        state NOT IN ('submitting', 'running', 'fetching', 'completed', 'uncertain')
        OR (epoch > 0 AND credential_id IS NOT NULL AND upstream_id IS NOT NULL AND submitted_at IS NOT NULL)
    ),
    CONSTRAINT running_has_operation CHECK (state <> 'running' OR operation IS NOT NULL),
    -- What was found after an uncertain submit has no operation name.
    CONSTRAINT fetching_is_done CHECK (state NOT IN ('fetching', 'completed') OR done_at IS NOT NULL),
    CONSTRAINT completed_has_media CHECK (state <> 'completed' OR media <> '[]'),
    CONSTRAINT ended_is_finished CHECK (
        CASE
            WHEN state IN ('completed', 'failed', 'cancelled', 'expired') THEN finished_at IS NOT NULL
            WHEN state <> 'uncertain' THEN finished_at IS NULL
            ELSE 1
        END
    ),
    CONSTRAINT finished_is_free CHECK (finished_at IS NULL OR owner IS NULL),
    CONSTRAINT owner_has_lease CHECK ((owner IS NULL) = (lease_until IS NULL))
);

-- The request as the submit needs it, up to tens of megabytes: kept apart, and only until Google has it.
CREATE TABLE specs (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    spec   TEXT NOT NULL
);

CREATE INDEX jobs_in_turn   ON jobs (state, priority DESC, created_at, id);
CREATE INDEX jobs_due       ON jobs (state, not_before);
CREATE INDEX jobs_active    ON jobs (credential_id, upstream_id) WHERE state IN ('submitting', 'running');
CREATE INDEX jobs_submitted ON jobs (submitted_at, credential_id, upstream_id) WHERE submitted_at IS NOT NULL;
CREATE INDEX jobs_owned     ON jobs (owner) WHERE owner IS NOT NULL;
CREATE INDEX jobs_waited    ON jobs (waited_by) WHERE waited_by IS NOT NULL;
CREATE INDEX jobs_listed    ON jobs (caller, created_at, id);
CREATE INDEX jobs_repeated  ON jobs (caller, fingerprint, created_at, id);
CREATE INDEX jobs_timed     ON jobs (done_at, bucket, submitted_at) WHERE done_at IS NOT NULL;

-- The two promises about money, held against every writer, this version's and any other's.
CREATE TRIGGER never_pay_twice BEFORE UPDATE OF state ON jobs
WHEN NEW.state IN ('queued', 'submitting') AND OLD.state NOT IN ('queued', 'submitting')
BEGIN
    SELECT RAISE(ABORT, 'a job that Google may have accepted is never sent again');
END;

CREATE TRIGGER never_lose_a_video BEFORE UPDATE OF operation ON jobs
WHEN OLD.operation IS NOT NULL AND NEW.operation IS NOT OLD.operation
BEGIN
    SELECT RAISE(ABORT, 'an operation name, once stored, is never changed');
END;
