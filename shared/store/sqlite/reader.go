package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"cutover/shared/store"
)

// reader implements store.Reader over a transaction.
type reader struct {
	s     *Store
	ctx   context.Context
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
}

// prepared gives the statement of a fixed query, prepared once per transaction.
func (r *reader) prepared(query string) (*sql.Stmt, error) {
	if st, ok := r.stmts[query]; ok {
		return st, nil
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	st, err := r.tx.PrepareContext(context.WithoutCancel(r.ctx), query)
	if err == nil {
		r.stmts[query] = st
	}
	return st, err
}

// row reads one row into dest; store.ErrNotFound if there is none.
func (r *reader) row(what, query string, args []any, dest ...any) error {
	st, err := r.prepared(query)
	if err == nil {
		err = st.QueryRow(args...).Scan(dest...)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", what, store.ErrNotFound)
	case err != nil:
		return r.s.fail("reading "+what+" from store", err)
	}
	return nil
}

// document reads one JSON document.
func document[T any](r *reader, what, query string, args ...any) (T, error) {
	var v T
	var doc []byte
	if err := r.row(what, query, args, &doc); err != nil {
		return v, err
	}
	if err := json.Unmarshal(doc, &v); err != nil {
		return v, fmt.Errorf("decoding %s of store %s: %w", what, r.s.path, err)
	}
	return v, nil
}

// documents streams JSON documents.
func documents[T any](r *reader, what, query string, args ...any) iter.Seq2[T, error] {
	return stream(r, what, func(rows *sql.Rows) (T, error) {
		var v T
		var doc sql.RawBytes
		if err := rows.Scan(&doc); err != nil {
			return v, err
		}
		return v, json.Unmarshal(doc, &v)
	}, query, args...)
}

// stream runs a query and hands out its rows one by one. The statement is the
// iterator's own, so that the same query may run again inside it.
func stream[T any](r *reader, what string, scan func(*sql.Rows) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		fail := func(err error) { yield(zero, r.s.fail("reading "+what+" from store", err)) }
		if err := r.ctx.Err(); err != nil {
			fail(err)
			return
		}
		rows, err := r.tx.QueryContext(context.WithoutCancel(r.ctx), query, args...)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		for n := 1; rows.Next(); n++ {
			if n%256 == 0 && r.ctx.Err() != nil {
				fail(r.ctx.Err())
				return
			}
			v, err := scan(rows)
			if err != nil {
				fail(err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}

// Generation counts the changes of facts.
func (r *reader) Generation() (int64, error) {
	var n int64
	err := r.row("the generation", `SELECT value FROM meta WHERE name = 'generation'`, nil, &n)
	return n, err
}
