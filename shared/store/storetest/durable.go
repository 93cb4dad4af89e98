package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// childDir tells the test binary, started again, that it is the process to be
// killed, and where to write.
const childDir = "CUTOVER_STORETEST_DIR"

// RunDurable checks what outlives a process. open opens the store that stands in
// dir, and makes it the first time. The test that calls it starts its own binary
// again and must reach this call without doing anything before that it would mind
// to do twice.
func RunDurable(t *testing.T, open func(t *testing.T, dir string) store.Store) {
	if dir := os.Getenv(childDir); dir != "" {
		writeUntilKilled(t, open(t, dir))
		return
	}
	t.Run("reopen", func(t *testing.T) {
		dir := t.TempDir()
		st := open(t, dir)
		update(t, st, func(tx store.Tx) error { return writeAll(tx, 1) })
		before := snapshot(t, st)
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		st = open(t, dir)
		defer st.Close()
		same(t, "after reopening", snapshot(t, st), before)
	})
	name := t.Name()
	t.Run("kill", func(t *testing.T) {
		dir := t.TempDir()
		for round := range 4 {
			last := killedWriter(t, name, dir, time.Duration(20+round*35)*time.Millisecond)
			checkCommitted(t, open(t, dir), last)
		}
	})
}

// writeUntilKilled commits transaction after transaction and reports each when
// Update has returned.
func writeUntilKilled(t *testing.T, st store.Store) {
	from := 0
	if n, err := loadNotice(t, st, "azure:A"); err == nil {
		from = n.Revision
	} else if !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	for n := from + 1; ; n++ {
		update(t, st, func(tx store.Tx) error { return writeRound(tx, n) })
		fmt.Printf("committed %d\n", n)
	}
}

// writeRound writes the same number into every kind of thing.
func writeRound(tx store.Tx, n int) error {
	var rs []cutover.Resource
	for i := range 40 {
		rs = append(rs, resource(fmt.Sprintf("/%d", i), "t", fmt.Sprint("r", n)))
	}
	a := action("1", "payments", cutover.ActionOpen)
	a.Version = n
	return errors.Join(tx.PutNotice(notice("azure:A", n), n-1), tx.PutAction(a), tx.Emit(event(fmt.Sprint(n))),
		tx.ReplaceInventory(look("inventory", n, true), store.Rows{Resources: values(rs...)}))
}

// killedWriter starts a writer, kills it in the middle of its work and gives the
// number that it reported last.
func killedWriter(t *testing.T, name, dir string, after time.Duration) (last int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+name+"$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait() // killed: an error is what we want
	sc := bufio.NewScanner(out)
	first := true
	for sc.Scan() {
		if _, err := fmt.Sscanf(sc.Text(), "committed %d", &last); err != nil {
			t.Errorf("the writer says %q", sc.Text())
			break
		}
		if first {
			first = false
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
	}
	if first {
		cmd.Process.Kill()
		t.Fatal("the writer committed nothing")
	}
	return last
}

// checkCommitted checks that all that was reported is there, and that what is
// there is whole.
func checkCommitted(t *testing.T, st store.Store, last int) {
	t.Helper()
	defer st.Close()
	view(t, st, func(r store.Reader) error {
		n, err := r.Notice("azure:A")
		if err != nil || n.Revision < last {
			t.Fatalf("revision %d is there, %v; %d was reported as committed", n.Revision, err, last)
		}
		a, err := r.Action("1")
		if err != nil || a.Version != n.Revision {
			t.Errorf("action of version %d beside a notice of revision %d, %v", a.Version, n.Revision, err)
		}
		if rs := list(t, r.Candidates([]string{"t"}, []string{fmt.Sprint("r", n.Revision)})); len(rs) != 40 {
			t.Errorf("%d of 40 resources of transaction %d", len(rs), n.Revision)
		}
		es, err := r.Pending(n.Revision + 10)
		if err != nil || len(es) != n.Revision {
			t.Errorf("%d events in the outbox, %v; want %d", len(es), err, n.Revision)
		}
		return nil
	})
}
