package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"cutover/shared/store"
)

// View runs fn on one snapshot, which begins before fn does.
func (s *Store) View(ctx context.Context, fn func(store.Reader) error) error {
	r, end, err := s.begin(ctx, s.read, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer end()
	if _, err := r.Generation(); err != nil { // SQLite takes the snapshot at the first read
		return err
	}
	return fn(r)
}

// Update runs fn in the one write transaction and commits it if fn returns nil.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	r, end, err := s.begin(ctx, s.write, nil)
	if err != nil {
		return err
	}
	defer end() // after a commit: nothing
	t := &tx{reader: r}
	if err := fn(t); err != nil {
		return err
	}
	if t.spent != nil {
		return fmt.Errorf("committing after a failed write: %w", t.spent)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("committing to store %s: %w", s.path, err)
	}
	if err := r.tx.Commit(); err != nil {
		return s.fail("committing to store", err)
	}
	return nil
}

// begin takes a connection and opens a transaction. The context can end the
// waiting; the statements run without it, since an interrupted SQLite connection
// is thrown away, and long reads look at it themselves.
func (s *Store) begin(ctx context.Context, db *sql.DB, opts *sql.TxOptions) (*reader, func(), error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, s.fail("opening a transaction in store", err)
	}
	t, err := conn.BeginTx(context.WithoutCancel(ctx), opts)
	if err != nil {
		conn.Close()
		return nil, nil, s.fail("opening a transaction in store", err)
	}
	end := func() {
		_ = t.Rollback() // no news: sql.ErrTxDone after a commit, and a failed rollback ends with the connection
		conn.Close()
	}
	return &reader{s: s, ctx: ctx, tx: t, stmts: map[string]*sql.Stmt{}}, end, nil
}

// tx implements store.Tx.
type tx struct {
	*reader
	spent  error // the first failed write: nothing is committed any more
	bumped bool
}

// exec writes and says how many rows changed.
func (t *tx) exec(what, query string, args ...any) (int64, error) {
	if t.spent != nil {
		return 0, t.spent
	}
	n, err := t.execute(query, args)
	if err != nil {
		t.spent = t.s.fail("writing "+what+" to store", err)
		return 0, t.spent
	}
	return n, nil
}

func (t *tx) execute(query string, args []any) (int64, error) {
	st, err := t.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// encode makes the document; a value that JSON cannot express spends the transaction.
func (t *tx) encode(what string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		t.spent = fmt.Errorf("encoding %s: %w", what, err)
		return "", t.spent
	}
	return string(b), nil
}

// spend makes sure that nothing of the transaction is committed.
func (t *tx) spend(err error) error {
	if t.spent == nil {
		t.spent = err
	}
	return err
}

// facts counts the generation up, once per transaction, if rows of facts changed.
func (t *tx) facts(changed int64) error {
	if changed == 0 || t.bumped {
		return nil
	}
	if _, err := t.exec("the generation", `UPDATE meta SET value = value + 1 WHERE name = 'generation'`); err != nil {
		return err
	}
	t.bumped = true
	return nil
}
