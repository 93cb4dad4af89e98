package embedded

// The tables of the bus are made where they are missing, so that store and bus
// may open the file in either order.
//
// A message that waits has no token and may be received from ready on; one that
// is locked has a token and may be received again from ready on, when the lock
// has run out. Dead ones stay until a person handles them. seen holds the ids of
// the duplicate window.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS bus_messages (
		seq         INTEGER PRIMARY KEY,
		queue       TEXT NOT NULL,
		id          TEXT NOT NULL,
		event       TEXT NOT NULL,
		enqueued    BIGINT NOT NULL,
		ready       BIGINT NOT NULL,
		token       TEXT NOT NULL DEFAULT '',
		attempts    BIGINT NOT NULL DEFAULT 0,
		said        TEXT NOT NULL DEFAULT '', -- at the last abandoning
		dead        BIGINT NOT NULL DEFAULT 0, -- 1: in the dead-letter queue
		reason      TEXT NOT NULL DEFAULT '',
		description TEXT NOT NULL DEFAULT '',
		died        BIGINT NOT NULL DEFAULT 0
	)`,
	`CREATE INDEX IF NOT EXISTS bus_messages_alive ON bus_messages (queue, seq) WHERE dead = 0`,
	`CREATE INDEX IF NOT EXISTS bus_messages_dead ON bus_messages (queue, id) WHERE dead = 1`,
	`CREATE TABLE IF NOT EXISTS bus_seen (
		id   TEXT PRIMARY KEY,
		seen BIGINT NOT NULL
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS bus_scheduled (
		token TEXT PRIMARY KEY,
		due   BIGINT NOT NULL,
		event TEXT NOT NULL
	)`,
	`CREATE INDEX IF NOT EXISTS bus_scheduled_due ON bus_scheduled (due)`,
}
