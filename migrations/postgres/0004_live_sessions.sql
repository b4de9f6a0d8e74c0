-- Live sessions: the log that is the truth, and the tables projected from it in the same transactions.

CREATE TABLE live_sessions (
    id UUID PRIMARY KEY NOT NULL,
    -- blitz_quiz, study_room or peer_review.
    session_type TEXT NOT NULL,
    group_id UUID REFERENCES study_groups (id) ON DELETE CASCADE,
    host_id UUID NOT NULL REFERENCES users (id),
    deck_id UUID NOT NULL REFERENCES decks (id),
    category_id UUID REFERENCES categories (id) ON DELETE SET NULL,
    -- JSON: card count, time limit, hints, …
    config TEXT NOT NULL,
    -- waiting, active, completed or cancelled.
    status TEXT NOT NULL,
    -- JSON list of card ids in the order of the questions.
    selected_flashcards TEXT NOT NULL,
    -- Six digits while people may join; NULL afterwards, so that the PIN is free again.
    pin TEXT UNIQUE,
    -- Fencing token: only the holder of the newest may append to the log.
    owner_epoch BIGINT NOT NULL,
    next_offset BIGINT NOT NULL,
    -- The host's key for the command that made it: a repeated click makes one session.
    idempotency_key UUID NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    UNIQUE (host_id, idempotency_key)
);
CREATE INDEX live_sessions_group ON live_sessions (group_id, status);
CREATE INDEX live_sessions_host ON live_sessions (host_id, status);
CREATE INDEX live_sessions_status ON live_sessions (status);

CREATE TABLE live_session_events (
    session_id UUID NOT NULL REFERENCES live_sessions (id) ON DELETE CASCADE,
    "offset" BIGINT NOT NULL,
    owner_epoch BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- JSON of the domain's event.
    event TEXT NOT NULL,
    PRIMARY KEY (session_id, "offset")
);

CREATE TABLE live_session_participants (
    id UUID PRIMARY KEY NOT NULL,
    session_id UUID NOT NULL REFERENCES live_sessions (id) ON DELETE CASCADE,
    -- NULL: a guest.
    user_id UUID REFERENCES users (id),
    name TEXT NOT NULL,
    -- What the name looks like; two alike cannot be in one session.
    name_key TEXT NOT NULL,
    -- SHA-256 of the seat's secret.
    secret_hash BYTEA NOT NULL,
    joined_at BIGINT NOT NULL,
    left_at BIGINT,
    total_score BIGINT NOT NULL,
    correct_answers BIGINT NOT NULL,
    total_answers BIGINT NOT NULL,
    -- Milliseconds; 0 before the first answer.
    average_response_time BIGINT NOT NULL,
    rank BIGINT,
    UNIQUE (session_id, name_key),
    UNIQUE (session_id, user_id)
);
CREATE INDEX live_session_participants_user ON live_session_participants (user_id);

CREATE TABLE live_session_answers (
    session_id UUID NOT NULL REFERENCES live_sessions (id) ON DELETE CASCADE,
    participant_id UUID NOT NULL REFERENCES live_session_participants (id) ON DELETE CASCADE,
    user_id UUID REFERENCES users (id),
    -- No foreign key: a report outlives the card.
    flashcard_id UUID NOT NULL,
    answer TEXT NOT NULL,
    is_correct BOOLEAN NOT NULL,
    response_time_ms BIGINT NOT NULL,
    points_earned BIGINT NOT NULL,
    card_index BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, card_index, participant_id)
);
CREATE INDEX live_session_answers_user ON live_session_answers (user_id);
CREATE INDEX live_session_answers_flashcard ON live_session_answers (flashcard_id);

CREATE TABLE online_presence (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_id UUID REFERENCES study_groups (id) ON DELETE CASCADE,
    session_id UUID REFERENCES live_sessions (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    last_seen BIGINT NOT NULL,
    -- JSON: current activity, socket id.
    metadata TEXT NOT NULL
);
CREATE INDEX online_presence_user ON online_presence (user_id);
CREATE INDEX online_presence_group ON online_presence (group_id);
CREATE INDEX online_presence_session ON online_presence (session_id);
CREATE INDEX online_presence_status ON online_presence (status);
CREATE INDEX online_presence_last_seen ON online_presence (last_seen);
