package sqlite

import (
	"errors"
	"fmt"
	"iter"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Notice loads by key or by the key of an alias.
func (r *reader) Notice(key string) (cutover.Notice, error) {
	n, err := document[cutover.Notice](r, "notice "+key, `SELECT doc FROM notices WHERE key = $1`, key)
	if !errors.Is(err, store.ErrNotFound) {
		return n, err
	}
	return document[cutover.Notice](r, "notice "+key,
		`SELECT n.doc FROM aliases a JOIN notices n ON n.key = a.key WHERE a.alias = $1`, key)
}

// Notices lists all by key.
func (r *reader) Notices() iter.Seq2[cutover.Notice, error] {
	return documents[cutover.Notice](r, "notices", `SELECT doc FROM notices ORDER BY key`)
}

// PutNotice writes the notice if the stored revision is the known one.
func (t *tx) PutNotice(n cutover.Notice, known int) error {
	what := "notice " + n.Key
	stored, err := t.Notice(n.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		stored.Revision = 0
	case err != nil:
		return err
	case stored.Key != n.Key:
		return fmt.Errorf("writing %s: it was merged into %s: %w", what, stored.Key, store.ErrStale)
	}
	if stored.Revision != known {
		return fmt.Errorf("writing %s: revision %d was read, %d is stored: %w", what, known, stored.Revision, store.ErrStale)
	}
	doc, err := t.encode(what, n)
	if err != nil {
		return err
	}
	changed, err := t.exec(what, `INSERT INTO notices (key, revision, doc) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, doc = excluded.doc
		WHERE notices.doc <> excluded.doc`, n.Key, n.Revision, doc)
	if err != nil {
		return err
	}
	for _, id := range n.TrackingIDs {
		moved, err := t.lead(n.Provider+":"+id, n.Key)
		if err != nil {
			return err
		}
		changed += moved
	}
	return t.facts(changed)
}

// lead makes an alias lead to a key. A notice's own key needs none.
func (t *tx) lead(alias, key string) (int64, error) {
	if alias == key {
		return 0, nil
	}
	return t.exec("alias "+alias, `INSERT INTO aliases (alias, key) VALUES ($1, $2)
		ON CONFLICT (alias) DO UPDATE SET key = excluded.key WHERE aliases.key <> excluded.key`, alias, key)
}

// MergeNotice removes one notice and leads its names to another. Doing it twice
// is fine.
func (t *tx) MergeNotice(from, into string) error {
	target, err := t.Notice(into)
	if err != nil {
		return fmt.Errorf("merging notice %s: %w", from, err)
	}
	source, err := t.Notice(from)
	if err != nil {
		return fmt.Errorf("merging into notice %s: %w", into, err)
	}
	if source.Key == target.Key {
		return nil // the same notice by now
	}
	n, err := t.exec("notice "+source.Key, `DELETE FROM notices WHERE key = $1`, source.Key)
	if err != nil {
		return err
	}
	if _, err := t.exec("aliases of "+source.Key, `UPDATE aliases SET key = $1 WHERE key = $2`, target.Key, source.Key); err != nil {
		return err
	}
	if _, err := t.lead(source.Key, target.Key); err != nil {
		return err
	}
	return t.facts(n)
}
