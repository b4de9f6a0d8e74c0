-- Groups, who is in them, and the invitations to them.

CREATE TABLE study_groups (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE TABLE memberships (
    group_id UUID NOT NULL REFERENCES study_groups (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE invites (
    -- What a link, a QR code or a person carries.
    code TEXT PRIMARY KEY NOT NULL,
    group_id UUID NOT NULL REFERENCES study_groups (id) ON DELETE CASCADE,
    created_by UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX invites_group ON invites (group_id);
