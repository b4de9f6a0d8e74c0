-- Live sessions: a command that was carried out is known by its key after a restart, and so is the time at which
-- the session's process gave its last sign of life.

-- On the first event of each command that carried one.
ALTER TABLE live_session_events ADD COLUMN command_key BLOB;
-- While a clock runs, written every second, Unix ms.
ALTER TABLE live_sessions ADD COLUMN alive_at INTEGER;
