-- Accounts and their signed-in browsers.

CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL,
    -- Lower case; the unique key of an account.
    email TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    -- argon2id in PHC form.
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE sign_ins (
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the cookie's token: a stolen database signs nobody in.
    token_hash BLOB NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);

-- One row: which account came first and so became admin. Two first sign-ups at once meet at its key.
CREATE TABLE first_account (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    user_id BLOB NOT NULL
);
