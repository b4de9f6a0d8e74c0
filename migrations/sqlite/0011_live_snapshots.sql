-- The state of a live session after so many events, so that a long log is not replayed from its beginning.
-- The log stays the truth: whoever cannot read a snapshot replays all of it.

CREATE TABLE live_session_snapshots (
    session_id BLOB PRIMARY KEY REFERENCES live_sessions (id) ON DELETE CASCADE,
    -- Of the first event that is not in it.
    "offset" INTEGER NOT NULL,
    -- Of the program's idea of the state.
    version INTEGER NOT NULL,
    -- JSON.
    state TEXT NOT NULL
);
