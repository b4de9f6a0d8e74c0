-- One's own decks in the order of their page, so that it needs no sorting: the page that a whole school opens at eight.
DROP INDEX decks_owner;
CREATE INDEX decks_own ON decks (owner_id, updated_at DESC, id DESC) WHERE group_id IS NULL AND deleted_at IS NULL;
