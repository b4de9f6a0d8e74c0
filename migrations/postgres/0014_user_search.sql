-- What the admin's search looks through: e-mail and name in the form in which texts are compared, filled by the program.
-- Empty: not filled yet.
ALTER TABLE users ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
