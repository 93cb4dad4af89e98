package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/fixtures"
	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// TestDeadLetters: a message that no retry can mend is set aside with its reason,
// the rest of the run goes on, and a person shows, retries and drops it.
func TestDeadLetters(t *testing.T) {
	config := filepath.Join(company(t), "cutover.yaml")
	e := &env{streams: streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}}, ctx: context.Background(), now: time.Now, log: logger(&bytes.Buffer{}, false)}
	err := e.withApp(config, func(a *app) error {
		ev := cutover.NewEvent(cutover.TypeActionChanged, "test", "act-none", time.Now(), nil, "poison")
		return a.store.Update(e.ctx, func(tx store.Tx) error { return tx.Emit(ev) })
	})
	if err != nil {
		t.Fatal(err)
	}
	code, out, _ := tool(t, "", "run", "--config", config, "--at", fixtures.Clock, "--format", "json")
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitFailed || r.Effects.TicketsOpened < 10 {
		t.Fatalf("exit %d, %v, %+v", code, err, r.Effects)
	}
	dead := func() []bus.Dead {
		t.Helper()
		code, out, errs := tool(t, "", "dlq", "list", "--config", config, "--format", "json")
		var ds []bus.Dead
		if err := json.Unmarshal([]byte(out), &ds); err != nil || code != exitDone {
			t.Fatalf("exit %d, %v, %s", code, err, errs)
		}
		return ds
	}
	ds := dead()
	if len(ds) != 1 || ds[0].Reason != "unknown action" || !strings.Contains(ds[0].Description, "act-none") {
		t.Fatalf("%+v", ds)
	}
	for _, c := range []struct {
		args []string
		code int
		left int
	}{
		{[]string{"dlq", "show", ds[0].ID}, exitDone, 1},
		{[]string{"dlq", "show", "ticket:none"}, exitUsage, 1},
		{[]string{"dlq", "retry", ds[0].ID}, exitDone, 0},
		{[]string{"run", "--at", fixtures.Clock}, exitFailed, 1}, // it is as poisonous as before
		{[]string{"dlq", "drop", ds[0].ID}, exitDone, 0},
		{[]string{"dlq", "drop", ds[0].ID}, exitUsage, 0},
		{[]string{"run", "--at", fixtures.Clock}, exitDone, 0},
	} {
		if code, out, errs := tool(t, "", append(c.args, "--config", config)...); code != c.code || len(dead()) != c.left {
			t.Errorf("%q: exit %d, want %d; %d left, want %d: %s%s", c.args, code, c.code, len(dead()), c.left, out, errs)
		}
	}
}
