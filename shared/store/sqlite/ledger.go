package sqlite

import (
	"iter"

	"cutover/shared/cutover"
)

// Action loads by id.
func (r *reader) Action(id string) (cutover.Action, error) {
	return document[cutover.Action](r, "action "+id, `SELECT doc FROM actions WHERE id = $1`, id)
}

// Actions lists those that have not ended, or all.
func (r *reader) Actions(all bool) iter.Seq2[cutover.Action, error] {
	query := `SELECT doc FROM actions WHERE ended = 0 ORDER BY key, id`
	if all {
		query = `SELECT doc FROM actions ORDER BY key, id`
	}
	return documents[cutover.Action](r, "actions", query)
}

// Effect loads by key.
func (r *reader) Effect(key string) (cutover.Effect, error) {
	return document[cutover.Effect](r, "effect "+key, `SELECT doc FROM effects WHERE key = $1`, key)
}

// Effects lists those of one subject, or all.
func (r *reader) Effects(subject string) iter.Seq2[cutover.Effect, error] {
	if subject == "" {
		return documents[cutover.Effect](r, "effects", `SELECT doc FROM effects ORDER BY key`)
	}
	return documents[cutover.Effect](r, "effects", `SELECT doc FROM effects WHERE subject = $1 ORDER BY key`, subject)
}

// PutAction writes an action.
func (t *tx) PutAction(a cutover.Action) error {
	doc, err := t.encode("action "+a.ID, a)
	if err != nil {
		return err
	}
	ended := 0
	if a.State.Ended() {
		ended = 1
	}
	_, err = t.exec("action "+a.ID, `INSERT INTO actions (id, key, ended, doc) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET key = excluded.key, ended = excluded.ended, doc = excluded.doc`, a.ID, a.Key, ended, doc)
	return err
}

// PutEffect writes an effect.
func (t *tx) PutEffect(e cutover.Effect) error {
	doc, err := t.encode("effect "+e.Key, e)
	if err != nil {
		return err
	}
	_, err = t.exec("effect "+e.Key, `INSERT INTO effects (key, subject, doc) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET subject = excluded.subject, doc = excluded.doc`, e.Key, e.Subject, doc)
	return err
}
