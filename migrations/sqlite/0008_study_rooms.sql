-- Study rooms: what people write there, and which quiz was started from which room.

CREATE TABLE room_messages (
    session_id BLOB NOT NULL REFERENCES live_sessions (id) ON DELETE CASCADE,
    -- Offset of the event in the room's log that sent it: the order of the conversation, and the cursor of its pages.
    number INTEGER NOT NULL,
    -- Chosen by the sender, so that one that is sent again is known.
    id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    -- Empty once it is deleted: the log holds no words.
    text TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    -- Offset of the event that changed it last; the sending one at first.
    changed INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    deleted_by BLOB REFERENCES users (id),
    PRIMARY KEY (session_id, number),
    UNIQUE (session_id, id)
);
CREATE INDEX room_messages_user ON room_messages (user_id);

-- The study room from which a quiz was started, and to which its players come back.
ALTER TABLE live_sessions ADD COLUMN room_id BLOB REFERENCES live_sessions (id) ON DELETE SET NULL;
CREATE INDEX live_sessions_room ON live_sessions (room_id);
