-- Which server wrote a row of presence and when, what people chose for themselves, and the runs of background jobs.

-- One row for each person and server; a restarted server replaces its own at once.
ALTER TABLE online_presence ADD COLUMN node BIGINT NOT NULL DEFAULT 0;
ALTER TABLE online_presence ADD COLUMN boot_epoch BIGINT NOT NULL DEFAULT 0;
-- When the server last confirmed the row. last_seen is what others may read: it stands still for who is invisible.
ALTER TABLE online_presence ADD COLUMN refreshed_at BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX online_presence_person ON online_presence (user_id, node);

-- online (as the devices say), busy, away or invisible.
ALTER TABLE users ADD COLUMN presence_status TEXT NOT NULL DEFAULT 'online';

CREATE TABLE job_runs (
    job TEXT NOT NULL,
    -- The moment it was due; the key makes it run once, however many servers try.
    due_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- running, done or failed.
    result TEXT NOT NULL,
    -- What it did, or why it failed: a line for the operator.
    detail TEXT NOT NULL,
    PRIMARY KEY (job, due_at)
);
