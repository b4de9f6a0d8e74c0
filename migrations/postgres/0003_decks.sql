-- Decks with their categories, cards, tags and pictures, and uploads that wait for confirmation.

CREATE TABLE decks (
    id UUID PRIMARY KEY NOT NULL,
    -- NULL: the deck is its owner's alone.
    group_id UUID REFERENCES study_groups (id) ON DELETE CASCADE,
    owner_id UUID NOT NULL REFERENCES users (id),
    title TEXT NOT NULL,
    -- Lower-case title, for the search.
    search_text TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Living cards, kept by every write to cards, so that a page of decks need not count.
    card_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX decks_group ON decks (group_id, updated_at);
CREATE INDEX decks_owner ON decks (owner_id, updated_at);

CREATE TABLE categories (
    id UUID PRIMARY KEY NOT NULL,
    deck_id UUID NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (deck_id, name)
);

CREATE TABLE cards (
    id UUID PRIMARY KEY NOT NULL,
    deck_id UUID NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
    category_id UUID REFERENCES categories (id) ON DELETE SET NULL,
    -- Markdown.
    front TEXT NOT NULL,
    back TEXT NOT NULL,
    hint TEXT NOT NULL,
    explanation TEXT NOT NULL,
    -- JSON list of further answers that count as right.
    aliases TEXT NOT NULL,
    -- Lower-case text of front, back and tags, for the search.
    search_text TEXT NOT NULL,
    -- Order in the deck; gaps are fine.
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- Cards deleted together share it, so that an undo brings back exactly these.
    deletion_id UUID
);
CREATE INDEX cards_deck ON cards (deck_id, deleted_at, position);
CREATE INDEX cards_category ON cards (category_id);
CREATE INDEX cards_deletion ON cards (deletion_id);

CREATE TABLE card_tags (
    card_id UUID NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (card_id, tag)
);
CREATE INDEX card_tags_tag ON card_tags (tag);

CREATE TABLE images (
    id UUID PRIMARY KEY NOT NULL,
    deck_id UUID NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
    uploaded_by UUID NOT NULL REFERENCES users (id),
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX images_deck ON images (deck_id);

CREATE TABLE imports (
    id UUID PRIMARY KEY NOT NULL,
    deck_id UUID NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it was confirmed; NULL while it waits.
    confirmed_at BIGINT
);
CREATE INDEX imports_deck ON imports (deck_id);
CREATE INDEX imports_created ON imports (created_at);

-- Which cards an import made, so that it can be undone as one.
CREATE TABLE import_cards (
    import_id UUID NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    card_id UUID NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    PRIMARY KEY (import_id, card_id)
);
CREATE INDEX import_cards_card ON import_cards (card_id);
