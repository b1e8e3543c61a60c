-- What a waiting job waits for, NULL once it waits no more: where jobs are of one lane, a claim looks at the first alone.
-- Jobs that wait already get a lane each, until they are next written. See rows.py.
ALTER TABLE jobs ADD COLUMN lane TEXT;
UPDATE jobs SET lane = id WHERE state = 'queued';
CREATE INDEX jobs_in_lane ON jobs (lane, priority DESC, created_at, id, not_before) WHERE lane IS NOT NULL;

-- The latest changes, in their order: how a process learns which jobs another one has moved. What falls off the end is
-- old news: whoever missed it looks at everything.
CREATE TABLE changes (
    number INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL
);

CREATE TRIGGER tell_of_a_move AFTER UPDATE OF state ON jobs
BEGIN
    INSERT INTO changes (job_id) VALUES (NEW.id);
    DELETE FROM changes WHERE number <= (SELECT MAX(number) FROM changes) - 1000;
END;

CREATE TRIGGER tell_of_an_end AFTER DELETE ON jobs
BEGIN
    INSERT INTO changes (job_id) VALUES (OLD.id);
    DELETE FROM changes WHERE number <= (SELECT MAX(number) FROM changes) - 1000;
END;
