-- The store's tables, in SQL that SQLite and Postgres share (there, BLOB is BYTEA and
-- WITHOUT ROWID, which sorts a table by its key, falls away). Times are
-- epoch milliseconds (UTC), documents are JSON in doc, and what is asked for or
-- sorted by stands in columns of its own.

-- +goose Up
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO meta (name, value) VALUES ('generation', 0);

CREATE TABLE deliveries (
    id       TEXT PRIMARY KEY,
    state    TEXT NOT NULL,
    notice   TEXT NOT NULL,
    received BIGINT NOT NULL,
    doc      TEXT NOT NULL
);
CREATE INDEX deliveries_by_arrival ON deliveries (received, id);
CREATE INDEX deliveries_by_state ON deliveries (state, received, id);

-- The bytes stand apart, so that a change of state does not rewrite them.
CREATE TABLE delivery_bytes (
    delivery TEXT PRIMARY KEY REFERENCES deliveries (id),
    raw      BLOB NOT NULL
);

CREATE TABLE readings (
    delivery TEXT PRIMARY KEY,
    doc      TEXT NOT NULL
);

CREATE TABLE notices (
    key      TEXT PRIMARY KEY,
    revision BIGINT NOT NULL,
    doc      TEXT NOT NULL
);

CREATE TABLE aliases (
    alias TEXT PRIMARY KEY,
    key   TEXT NOT NULL
);
CREATE INDEX aliases_by_key ON aliases (key);

CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    doc  TEXT NOT NULL
);

CREATE TABLE subscriptions (
    id     TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    doc    TEXT NOT NULL
);

CREATE TABLE resource_groups (
    subscription TEXT NOT NULL,
    name         TEXT NOT NULL,
    source       TEXT NOT NULL,
    doc          TEXT NOT NULL,
    PRIMARY KEY (subscription, name)
);

-- id is folded to lower case; doc is the tab-separated row of rowcodec.go, which
-- reads several times faster than JSON: there are hundreds of thousands.
CREATE TABLE resources (
    id     TEXT PRIMARY KEY,
    type   TEXT NOT NULL,
    region TEXT NOT NULL,
    source TEXT NOT NULL,
    doc    TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX resources_by_type ON resources (type, region);

-- id is the digest of repository, path, fingerprint and, where these repeat, a count.
CREATE TABLE findings (
    id          TEXT PRIMARY KEY,
    source      TEXT NOT NULL,
    repository  TEXT NOT NULL,
    path        TEXT NOT NULL,
    line        BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    doc         TEXT NOT NULL
);
CREATE INDEX findings_by_place ON findings (repository, path, line, fingerprint, id);
CREATE INDEX findings_by_source ON findings (source);

-- A finding without an identity stands here under the empty one.
CREATE TABLE finding_identities (
    identity TEXT NOT NULL,
    finding  TEXT NOT NULL REFERENCES findings (id) ON DELETE CASCADE,
    PRIMARY KEY (identity, finding)
);
CREATE INDEX finding_identities_by_finding ON finding_identities (finding);

CREATE TABLE actions (
    id    TEXT PRIMARY KEY,
    key   TEXT NOT NULL,
    ended BIGINT NOT NULL, -- 1: ended
    doc   TEXT NOT NULL
);
CREATE INDEX actions_by_key ON actions (key, id);

CREATE TABLE effects (
    key     TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    doc     TEXT NOT NULL
);
CREATE INDEX effects_by_subject ON effects (subject, key);

CREATE TABLE decisions (
    id     TEXT PRIMARY KEY,
    seq    BIGINT NOT NULL,
    target TEXT NOT NULL,
    said   BIGINT NOT NULL,
    doc    TEXT NOT NULL
);
CREATE INDEX decisions_by_target ON decisions (target, said, seq);
CREATE UNIQUE INDEX decisions_by_seq ON decisions (seq);

CREATE TABLE cases (
    id     TEXT PRIMARY KEY,
    state  TEXT NOT NULL,
    opened BIGINT NOT NULL,
    doc    TEXT NOT NULL
);
CREATE INDEX cases_by_opening ON cases (opened, id);

CREATE TABLE outcomes (
    notice TEXT NOT NULL,
    scope  TEXT NOT NULL,
    nth    BIGINT NOT NULL, -- where a scope comes twice
    doc    TEXT NOT NULL,
    PRIMARY KEY (notice, scope, nth)
);

CREATE TABLE outbox (
    id  TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE UNIQUE INDEX outbox_by_seq ON outbox (seq);

-- +goose Down
DROP TABLE outbox;
DROP TABLE outcomes;
DROP TABLE cases;
DROP TABLE decisions;
DROP TABLE effects;
DROP TABLE actions;
DROP TABLE finding_identities;
DROP TABLE findings;
DROP TABLE resources;
DROP TABLE resource_groups;
DROP TABLE subscriptions;
DROP TABLE sources;
DROP TABLE aliases;
DROP TABLE notices;
DROP TABLE readings;
DROP TABLE delivery_bytes;
DROP TABLE deliveries;
DROP TABLE meta;
