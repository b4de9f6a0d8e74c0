-- What a quiz leaves with its players: cards that they took into decks of their own, and how sure they were.

CREATE TABLE taken_cards (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The quiz's card. No foreign key: the copy outlives it.
    source_card UUID NOT NULL,
    -- The copy, in a deck of the account's own.
    card_id UUID NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    -- Where it was asked. No foreign key, as above.
    session_id UUID NOT NULL,
    -- The deck's title then.
    source_title TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- Each card once, however often somebody taps.
    PRIMARY KEY (user_id, source_card)
);
CREATE INDEX taken_cards_card ON taken_cards (card_id);

-- NULL: not asked, or not said.
ALTER TABLE live_session_answers ADD COLUMN sure BOOLEAN;
