-- A quiz that is over, played later alone: the link to it, who plays, and what they answered.
-- Nothing of this is in memory only, and nothing of it touches the live session's own rows.

CREATE TABLE self_paced (
    session_id UUID PRIMARY KEY NOT NULL REFERENCES live_sessions (id) ON DELETE CASCADE,
    -- Of the link: whoever knows it may play.
    token TEXT NOT NULL UNIQUE,
    opened_by UUID NOT NULL REFERENCES users (id),
    opened_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    -- Whether the questions have their time limits, for whoever comes in from now on.
    timed BOOLEAN NOT NULL
);

CREATE TABLE self_paced_attempts (
    id UUID PRIMARY KEY NOT NULL,
    session_id UUID NOT NULL REFERENCES self_paced (session_id) ON DELETE CASCADE,
    -- NULL: a guest.
    user_id UUID REFERENCES users (id),
    name TEXT NOT NULL,
    -- What the name looks like; two alike cannot play the same session.
    name_key TEXT NOT NULL,
    -- SHA-256 of the browser's secret.
    secret_hash BYTEA NOT NULL,
    -- Played in the room already: counts in no report.
    practice BOOLEAN NOT NULL,
    -- none, quarter, half or no_limit.
    extra TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    -- When something happened last.
    last_at BIGINT NOT NULL,
    finished_at BIGINT,
    total_score BIGINT NOT NULL,
    correct_answers BIGINT NOT NULL,
    total_answers BIGINT NOT NULL,
    -- Milliseconds; 0 before the first answer.
    average_response_time BIGINT NOT NULL,
    -- Among the room.
    rank BIGINT,
    UNIQUE (session_id, name_key),
    UNIQUE (session_id, user_id)
);
CREATE INDEX self_paced_attempts_user ON self_paced_attempts (user_id);

CREATE TABLE self_paced_answers (
    attempt_id UUID NOT NULL REFERENCES self_paced_attempts (id) ON DELETE CASCADE,
    -- As in the live session.
    card_index BIGINT NOT NULL,
    -- When the options appear to whoever plays.
    opened_at BIGINT NOT NULL,
    -- NULL while the question is open.
    closed_at BIGINT,
    -- JSON; NULL: none was given.
    answer TEXT,
    is_correct BOOLEAN NOT NULL,
    response_time_ms BIGINT NOT NULL,
    -- With the bonus.
    points_earned BIGINT NOT NULL,
    bonus BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, card_index)
);
