-- Groups, who is in them, and the invitations to them.

CREATE TABLE study_groups (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);

CREATE TABLE memberships (
    group_id BLOB NOT NULL REFERENCES study_groups (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE invites (
    -- What a link, a QR code or a person carries.
    code TEXT PRIMARY KEY NOT NULL,
    group_id BLOB NOT NULL REFERENCES study_groups (id) ON DELETE CASCADE,
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE INDEX invites_group ON invites (group_id);
