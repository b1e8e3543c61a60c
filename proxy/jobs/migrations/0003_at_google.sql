-- How many jobs are submitting or running, by credential and upstream model: each claim asks, and counting them takes
-- as long as there are many.
CREATE TABLE at_google (
    credential_id TEXT    NOT NULL,
    upstream_id   TEXT    NOT NULL,
    jobs          INTEGER NOT NULL,
    PRIMARY KEY (credential_id, upstream_id)
) WITHOUT ROWID;

INSERT INTO at_google (credential_id, upstream_id, jobs)
SELECT credential_id, upstream_id, COUNT(*) FROM jobs WHERE state IN ('submitting', 'running')
GROUP BY credential_id, upstream_id;

CREATE TRIGGER comes_to_google AFTER UPDATE OF state ON jobs
WHEN NEW.state IN ('submitting', 'running') AND OLD.state NOT IN ('submitting', 'running')
BEGIN
    INSERT INTO at_google (credential_id, upstream_id, jobs) VALUES (NEW.credential_id, NEW.upstream_id, 1)
    ON CONFLICT (credential_id, upstream_id) DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER leaves_google AFTER UPDATE OF state ON jobs
WHEN OLD.state IN ('submitting', 'running') AND NEW.state NOT IN ('submitting', 'running')
BEGIN
    -- Never below nought, whatever was miscounted: what Google has made is written down before anything is counted.
    UPDATE at_google SET jobs = MAX(jobs - 1, 0)
    WHERE credential_id = OLD.credential_id AND upstream_id = OLD.upstream_id;
END;

-- The count holds as long as a job is written waiting, keeps its credential while it is at Google, and is deleted only
-- once it is no longer there.
CREATE TRIGGER begins_in_the_queue BEFORE INSERT ON jobs
WHEN NEW.state IN ('submitting', 'running')
BEGIN
    SELECT RAISE(ABORT, 'a job is never written first when it is at Google');
END;

CREATE TRIGGER stays_where_it_is BEFORE UPDATE OF credential_id, upstream_id ON jobs
WHEN OLD.state IN ('submitting', 'running') AND NEW.state IN ('submitting', 'running')
 AND (NEW.credential_id IS NOT OLD.credential_id OR NEW.upstream_id IS NOT OLD.upstream_id)
BEGIN
    SELECT RAISE(ABORT, 'a job at Google never changes its credential or its model');
END;

CREATE TRIGGER is_not_forgotten_at_google BEFORE DELETE ON jobs
WHEN OLD.state IN ('submitting', 'running')
BEGIN
    SELECT RAISE(ABORT, 'a job at Google is never deleted');
END;

-- The latest submits of one credential and model, without those of the others.
CREATE INDEX jobs_submitted_at ON jobs (credential_id, upstream_id, submitted_at) WHERE submitted_at IS NOT NULL;
DROP INDEX jobs_submitted;
