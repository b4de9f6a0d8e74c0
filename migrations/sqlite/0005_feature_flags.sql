-- What an admin set for a feature: for everybody, or for one group.

CREATE TABLE feature_flags (
    flag TEXT NOT NULL,
    -- 'all', or the id of the group that the row overrides.
    scope TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- Share of users (0 to 100) that has it when enabled; stable by user id.
    percent INTEGER NOT NULL,
    updated_by BLOB NOT NULL REFERENCES users (id),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (flag, scope)
);
