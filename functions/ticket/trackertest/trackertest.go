// Package trackertest is the one suite that every tracker passes: what the ticket
// room relies on, held against the real adapter with a folder or a strict fake
// behind it.
package trackertest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cutover/functions/ticket"
	"cutover/shared/tracker"
)

// People does to a ticket what a person does in the tracker's own pages.
type People interface {
	Rewrite(t *testing.T, at tracker.Ref, body func(string) string)
	Label(t *testing.T, at tracker.Ref, label string)
	Delete(t *testing.T, at tracker.Ref)
}

const project = "contoso/payments-api"

func draft(action string) tracker.Ticket {
	return tracker.Ticket{
		Title: "[due 15 Feb 2023] Trust the new root — 1 place", Body: "<!-- " + ticket.Marker(action) + " -->\nWhat to do, 何をする\n" + "<!-- cutover:end -->",
		Labels: []string{tracker.Label}, Key: "azure:AB12-CD3/payments", Owner: "payments", Notice: "azure:AB12-CD3", Due: "2023-02-15",
	}
}

// Run holds a tracker to the suite; open gives a fresh and empty one.
func Run(t *testing.T, open func(t *testing.T) (ticket.Tracker, People)) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, tr ticket.Tracker, people People)
	}{
		{"find by marker", findByMarker},
		{"edit", edit},
		{"edit nothing", editNothing},
		{"what people write stays", peopleStay},
		{"comments", comments},
		{"gone", gone},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr, people := open(t)
			c.run(t, tr, people)
		})
	}
}

func create(t *testing.T, tr ticket.Tracker, d tracker.Ticket) tracker.Ref {
	t.Helper()
	ref, err := tr.Create(t.Context(), project, d)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func find(t *testing.T, tr ticket.Tracker, marker string) *tracker.Ticket {
	t.Helper()
	found, err := tr.Find(t.Context(), project, marker)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func findByMarker(t *testing.T, tr ticket.Tracker, _ People) {
	if found := find(t, tr, ticket.Marker("a1")); found != nil {
		t.Fatalf("an empty tracker gives %+v", found)
	}
	ref := create(t, tr, draft("a1"))
	create(t, tr, draft("a11"))
	create(t, tr, draft("a1")) // a copy that a person made: the older one counts
	if ref.Number == "" || ref.Link == "" || ref.Project != project {
		t.Errorf("Create says %+v", ref)
	}
	found := find(t, tr, ticket.Marker("a1"))
	if found == nil {
		t.Fatal("the ticket is not found")
	}
	if found.Ref != ref {
		t.Errorf("Create names it %+v, Find %+v", ref, found.Ref)
	}
	if found.Title != draft("a1").Title || !strings.Contains(found.Body, "What to do, 何をする") || found.Closed || !slices.Equal(found.Labels, []string{tracker.Label}) {
		t.Errorf("the ticket came back as %+v", found)
	}
	if found := find(t, tr, ticket.Marker("a")); found != nil {
		t.Errorf("the marker of action a finds %s", found.Number)
	}
}

func edit(t *testing.T, tr ticket.Tracker, _ People) {
	ref := create(t, tr, draft("a1"))
	do := func(fn func(*tracker.Ticket) error) bool {
		t.Helper()
		changed, err := tr.Edit(t.Context(), ref, fn)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	if !do(func(tk *tracker.Ticket) error {
		tk.Title, tk.Body = "another title", strings.Replace(tk.Body, "What to do", "What else to do", 1)
		tk.Closed, tk.Unplanned = true, true
		tk.Labels = []string{tracker.Label, tracker.Label + "/moved"}
		return nil
	}) {
		t.Error("Edit reports that nothing changed")
	}
	do(func(tk *tracker.Ticket) error {
		if tk.Title != "another title" || !strings.Contains(tk.Body, "What else to do") || !tk.Closed || !slices.Equal(tk.Labels, []string{tracker.Label, tracker.Label + "/moved"}) {
			t.Errorf("after the edit it stands as %+v", tk)
		}
		tk.Closed, tk.Unplanned, tk.Labels = false, false, []string{tracker.Label}
		return nil
	})
	do(func(tk *tracker.Ticket) error {
		if tk.Closed || !slices.Equal(tk.Labels, []string{tracker.Label}) {
			t.Errorf("after reopening it stands as %+v", tk)
		}
		return nil
	})
}

func editNothing(t *testing.T, tr ticket.Tracker, _ People) {
	ref := create(t, tr, draft("a1"))
	changed, err := tr.Edit(t.Context(), ref, func(*tracker.Ticket) error { return nil })
	if err != nil || changed {
		t.Errorf("an edit that changes nothing: changed %v, error %v", changed, err)
	}
	stop := errors.New("stop")
	_, err = tr.Edit(t.Context(), ref, func(tk *tracker.Ticket) error {
		tk.Title, tk.Body = "never", "never"
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("the error of fn comes back as %v", err)
	}
	if found := find(t, tr, ticket.Marker("a1")); found == nil || found.Title != draft("a1").Title {
		t.Errorf("an edit that failed wrote %+v", found)
	}
}

func peopleStay(t *testing.T, tr ticket.Tracker, people People) {
	ref := create(t, tr, draft("a1"))
	const above, below = "I looked: **device-3** is special.\r\n\r\n", "\n\nMy own list:\n- [ ]  one  \n"
	people.Rewrite(t, ref, func(body string) string { return above + strings.Trim(body, "\n") + below })
	people.Label(t, ref, "team/payments")
	block := "<!-- " + ticket.Marker("a1") + " -->\nnew text\n<!-- cutover:end -->"
	_, err := tr.Edit(t.Context(), ref, func(tk *tracker.Ticket) error {
		tk.Body = ticket.Splice(tk.Body, "a1", block)
		tk.Labels = append(tk.Labels, tracker.Label+"/snoozed")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	found := find(t, tr, ticket.Marker("a1"))
	if found == nil {
		t.Fatal("the ticket is lost")
	}
	if want := above + block + below; strings.Trim(found.Body, "\n") != strings.Trim(want, "\n") {
		t.Errorf("body: got %q, want %q", found.Body, want)
	}
	for _, l := range []string{"team/payments", tracker.Label, tracker.Label + "/snoozed"} {
		if !slices.Contains(found.Labels, l) {
			t.Errorf("label %s is lost: %v", l, found.Labels)
		}
	}
}

func comments(t *testing.T, tr ticket.Tracker, _ People) {
	ref := create(t, tr, draft("a1"))
	has := func(marker string) bool {
		t.Helper()
		there, err := tr.Commented(t.Context(), ref, marker)
		if err != nil {
			t.Fatal(err)
		}
		return there
	}
	const one, two = `cutover:comment "a1/comment/2"`, `cutover:comment "a1/comment/22"`
	if has(one) {
		t.Error("a fresh ticket has a comment")
	}
	for _, m := range []string{two, one} {
		if err := tr.Comment(t.Context(), ref, m, "The due date is earlier now.\n\n- by 3 days\n"); err != nil {
			t.Fatal(err)
		}
		if m == two && has(one) {
			t.Error("one comment is taken for another")
		}
	}
	if !has(one) || !has(two) {
		t.Error("a comment is not found again")
	}
	if found := find(t, tr, ticket.Marker("a1")); found == nil || strings.Contains(found.Body, "earlier now") {
		t.Errorf("a comment became part of the body: %+v", found)
	}
}

func gone(t *testing.T, tr ticket.Tracker, people People) {
	ref := create(t, tr, draft("a1"))
	people.Delete(t, ref)
	if _, err := tr.Edit(t.Context(), ref, func(*tracker.Ticket) error { return nil }); !errors.Is(err, tracker.ErrGone) {
		t.Errorf("Edit of a deleted ticket: %v", err)
	}
	if _, err := tr.Commented(t.Context(), ref, "x"); !errors.Is(err, tracker.ErrGone) {
		t.Errorf("Commented of a deleted ticket: %v", err)
	}
	if err := tr.Comment(t.Context(), ref, "x", "y"); !errors.Is(err, tracker.ErrGone) {
		t.Errorf("Comment of a deleted ticket: %v", err)
	}
	if found := find(t, tr, ticket.Marker("a1")); found != nil {
		t.Errorf("a deleted ticket is found: %+v", found)
	}
}
