package sqlite

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Sources lists all by name.
func (r *reader) Sources() ([]cutover.Source, error) {
	var all []cutover.Source
	for s, err := range documents[cutover.Source](r, "sources", `SELECT doc FROM sources ORDER BY name`) {
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// PutSource records how a look went. Since when a source has been silent is a
// note of the reminders' and no fact: it does not count the generation up.
func (t *tx) PutSource(src cutover.Source) error {
	old, err := document[cutover.Source](t.reader, "source "+src.Name, `SELECT doc FROM sources WHERE name = $1`, src.Name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	doc, err := t.encode("source "+src.Name, src)
	if err != nil {
		return err
	}
	n, err := t.exec("source "+src.Name, `INSERT INTO sources (name, doc) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET doc = excluded.doc WHERE sources.doc <> excluded.doc`, src.Name, doc)
	if err != nil || n == 0 {
		return err
	}
	old.Silent, src.Silent = time.Time{}, time.Time{}
	if fmt.Sprint(old) == fmt.Sprint(src) { // maps print sorted
		return nil
	}
	return t.facts(n)
}

// seen remembers keys by their digests, which are smaller.
type seen map[[16]byte]struct{}

func (s seen) add(key ...string)      { s[digest(key)] = struct{}{} }
func (s seen) has(key ...string) bool { _, ok := s[digest(key)]; return ok }

func digest(key []string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(key, "\x00")))
	return [16]byte(sum[:16])
}

// places lists n parameters from $first on.
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

func anys[S ~string](ss []S) []any {
	out := make([]any, len(ss))
	for i, s := range ss {
		out[i] = string(s)
	}
	return out
}
