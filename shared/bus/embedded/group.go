package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// group is how many calls are committed together at most.
const group = 256

// op is one call that wants to write.
type op struct {
	run  func(*writer) error
	done chan struct{} // closed when err is set
	err  error
}

// do runs a call in a transaction, together with others that wait. It returns
// when the commit is durable. An error of run leaves nothing of this call.
func (b *Bus) do(ctx context.Context, run func(*writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o := &op{run: run, done: make(chan struct{})}
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return ErrClosed
	}
	b.waiting = append(b.waiting, o)
	b.mu.Unlock()
	select {
	case <-o.done:
	case b.turn <- struct{}{}:
		b.lead(ctx, o)
		<-b.turn
	case <-ctx.Done():
		if b.withdraw(o) {
			return ctx.Err()
		}
		<-o.done // somebody is committing it
	}
	return o.err
}

// lead commits what waits until own is done.
func (b *Bus) lead(ctx context.Context, own *op) {
	for {
		select {
		case <-own.done:
			return
		default:
		}
		conn, err := b.db.Conn(ctx) // the store may be using it
		if err != nil {
			if b.withdraw(own) {
				own.err = fmt.Errorf("waiting for the database: %w", err)
			}
			return
		}
		b.commit(context.WithoutCancel(ctx), conn, b.take())
		conn.Close()
	}
}

func (b *Bus) take() []*op {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(len(b.waiting), group)
	ops := append([]*op(nil), b.waiting[:n]...)
	b.waiting = append(b.waiting[:0], b.waiting[n:]...)
	return ops
}

// withdraw takes a call back that nobody has begun with.
func (b *Bus) withdraw(o *op) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, w := range b.waiting {
		if w == o {
			b.waiting = append(b.waiting[:i], b.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// commit runs the calls in one transaction and tells each what became of it.
func (b *Bus) commit(ctx context.Context, conn *sql.Conn, ops []*op) {
	give(ops, b.together(ctx, conn, ops))
}

// give ends the calls; the error is for those that have none of their own.
func give(ops []*op, err error) {
	for _, o := range ops {
		if o.err == nil {
			o.err = err
		}
		close(o.done)
	}
}

func (b *Bus) together(ctx context.Context, conn *sql.Conn, ops []*op) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction of the bus: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit: nothing
	w := &writer{ctx: ctx, tx: tx, stmts: map[string]*sql.Stmt{}}
	for _, o := range ops {
		if o.err, err = w.alone(o.run, len(ops) == 1); err != nil {
			return fmt.Errorf("undoing a failed call of the bus: %w", err)
		}
	}
	if len(ops) == 1 && ops[0].err != nil {
		return nil // its transaction is rolled back
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing to the bus: %w", err)
	}
	return nil
}

// writer is the transaction of one group.
type writer struct {
	ctx   context.Context
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
}

// alone runs one call so that its failure leaves nothing and hurts no other. The
// second error says that this could not be done.
func (w *writer) alone(run func(*writer) error, only bool) (failed, broken error) {
	if only {
		return run(w), nil // the whole transaction is its own
	}
	if _, err := w.exec("SAVEPOINT call"); err != nil {
		return nil, err
	}
	failed = run(w)
	if failed != nil {
		if _, err := w.exec("ROLLBACK TO call"); err != nil {
			return failed, errors.Join(failed, err)
		}
	}
	_, err := w.exec("RELEASE call")
	return failed, err
}

// stmt prepares a statement once per transaction.
func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if st, ok := w.stmts[query]; ok {
		return st, nil
	}
	st, err := w.tx.PrepareContext(w.ctx, query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

// exec writes and says how many rows changed.
func (w *writer) exec(query string, args ...any) (int64, error) {
	st, err := w.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// collect reads all rows of a query: what is changed must not be open.
func collect[T any](scan func(*sql.Rows) (T, error)) func(*sql.Rows, error) ([]T, error) {
	return func(rows *sql.Rows, err error) ([]T, error) {
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var all []T
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, rows.Err()
	}
}
