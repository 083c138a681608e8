-- A library of format 1, as the first release made it: one article of the sources that stayed, one that went.
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    publisher TEXT, published TEXT, url TEXT, groups TEXT NOT NULL, digest TEXT NOT NULL, recipe TEXT NOT NULL,
    dictionary TEXT NOT NULL, born INTEGER NOT NULL, died INTEGER, text TEXT NOT NULL);
CREATE INDEX articles_restricted ON articles (row) WHERE groups != '[]';
CREATE INDEX articles_retired ON articles (died) WHERE died IS NOT NULL;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (row),
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT, vector BLOB NOT NULL, text TEXT NOT NULL,
    words TEXT NOT NULL);
CREATE INDEX passages_by_article ON passages (article);
CREATE TABLE generations (
    number INTEGER PRIMARY KEY, model TEXT NOT NULL, model_sha256 TEXT NOT NULL, dim INTEGER NOT NULL,
    passage_chars INTEGER NOT NULL, dictionary_sha256 TEXT NOT NULL, articles INTEGER NOT NULL,
    passages INTEGER NOT NULL, built_at TEXT NOT NULL, vectors_sha256 TEXT NOT NULL, lexical_sha256 TEXT NOT NULL);
INSERT INTO articles (id, title, source, groups, digest, recipe, dictionary, born, text)
    VALUES ('tea.md', '茶', 'tea.md', '[]', 'd', 'r', 'w', 1, '旧的春茶产量。'), ('old.md', '旧', 'old.md', '[]', 'd', 'r', 'w', 1, '旧文。');
INSERT INTO passages (article, start, end, vector, text, words)
    VALUES (1, 0, 7, x'00', '旧的春茶产量。', '旧 春茶 产量'), (2, 0, 3, x'00', '旧文。', '旧文');
INSERT INTO generations VALUES (1, 'shipped', 'm', 256, 220, 'w', 2, 2, '2026-01-01T00:00:00+00:00', 'v', 'l');
