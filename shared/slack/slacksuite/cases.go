package slacksuite

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"cutover/shared/slack"
)

func post(t *testing.T, rig Rig) {
	m := Draft(One, effect(1))
	ref := must(t, rig, m)
	if n := len(rig.Look(t)); n != 1 {
		t.Fatalf("%d messages stand there, want 1", n)
	}
	got := the(t, rig, ref)
	want := Seen{Ref: ref, Text: m.Text, Blocks: m.Blocks, Metadata: slack.MetadataOf(m)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("it arrived as\n%+v, want\n%+v", got, want)
	}
	again := must(t, rig, m)
	if again == ref || len(rig.Look(t)) != 2 {
		t.Errorf("a second post of the same message stands at %+v, the first at %+v", again, ref)
	}
	bare := must(t, rig, slack.Message{Channel: One, Kind: slack.KindDigest, Text: "x", Action: "a", Effect: effect(2)})
	if got := the(t, rig, bare); got.Text != "x" || len(got.Blocks) != 0 {
		t.Errorf("a message without blocks arrived as %+v", got)
	}
}

func threads(t *testing.T, rig Rig) {
	parent := must(t, rig, Draft(One, effect(1)))
	other := must(t, rig, Draft(One, effect(2)))
	reply := Draft(One, effect(3))
	reply.Thread, reply.Kind = parent.TS, slack.KindReminder
	ref := must(t, rig, reply)
	if got := the(t, rig, ref); got.Thread != parent.TS {
		t.Errorf("the reply stands in thread %q, want %q", got.Thread, parent.TS)
	}
	finds(t, rig, One, parent.TS, effect(3), &ref)
	finds(t, rig, One, other.TS, effect(3), nil)
	finds(t, rig, One, "", effect(3), nil)
	finds(t, rig, One, "", effect(1), &parent)
}

func findByEffect(t *testing.T, rig Rig) {
	finds(t, rig, One, "", effect(1), nil)
	ten := must(t, rig, Draft(One, effect(10)))
	finds(t, rig, One, "", effect(1), nil) // a key is no prefix
	one := must(t, rig, Draft(One, effect(1)))
	odd := must(t, rig, Draft(One, `<a&b> "c" \u0041 é/`))
	finds(t, rig, One, "", effect(1), &one)
	finds(t, rig, One, "", effect(10), &ten)
	finds(t, rig, One, "", `<a&b> "c" \u0041 é/`, &odd)
	finds(t, rig, Two, "", effect(1), nil)
	finds(t, rig, one.Channel, "", effect(1), &one) // a channel by what the ref calls it
	two := must(t, rig, Draft(Two, effect(1)))
	finds(t, rig, Two, "", effect(1), &two)
}

// findAmongMany looks for the first and the last of more messages than one answer holds.
func findAmongMany(t *testing.T, rig Rig) {
	const many = 120
	var refs []slack.Ref
	for i := range many {
		refs = append(refs, must(t, rig, Draft(One, effect(i))))
	}
	for i := 1; i < many; i++ {
		if refs[i-1].TS >= refs[i].TS {
			t.Fatalf("times do not rise: %s, %s", refs[i-1].TS, refs[i].TS)
		}
	}
	finds(t, rig, One, "", effect(0), &refs[0])
	finds(t, rig, One, "", effect(many-1), &refs[many-1])
	finds(t, rig, One, "", effect(many), nil)
}

func update(t *testing.T, rig Rig) {
	first := must(t, rig, Draft(One, effect(1)))
	second := must(t, rig, Draft(One, effect(2)))
	before := the(t, rig, second)
	m := Draft(One, effect(1))
	m.Text, m.Blocks = "now resolved", m.Blocks[:2]
	for range 2 { // twice is as good as once
		if err := rig.Slack.Update(t.Context(), first, m); err != nil {
			t.Fatalf("Update: %v", err)
		}
		got := the(t, rig, first)
		want := Seen{Ref: first, Text: "now resolved", Blocks: m.Blocks, Metadata: slack.MetadataOf(m), Edited: true}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("it reads\n%+v, want\n%+v", got, want)
		}
	}
	if got := the(t, rig, second); !reflect.DeepEqual(got, before) {
		t.Errorf("another message was touched: %+v", got)
	}
	m.Blocks = nil
	if err := rig.Slack.Update(t.Context(), first, m); err != nil {
		t.Fatalf("Update: %v", err)
	}
	if got := the(t, rig, first); len(got.Blocks) != 0 {
		t.Errorf("the blocks did not go: %+v", got.Blocks)
	}
	if n := len(rig.Look(t)); n != 2 {
		t.Errorf("%d messages stand there, want 2", n)
	}
}

// updateKeeps edits a reply under another effect's key: where it stands and which
// effect posted it does not change.
func updateKeeps(t *testing.T, rig Rig) {
	parent := must(t, rig, Draft(One, effect(1)))
	reply := Draft(One, effect(2))
	reply.Thread = parent.TS
	ref := must(t, rig, reply)
	edit := Draft(One, effect(3))
	edit.Text = "edited"
	if err := rig.Slack.Update(t.Context(), ref, edit); err != nil {
		t.Fatalf("Update: %v", err)
	}
	if got := the(t, rig, ref); got.Thread != parent.TS || got.Text != "edited" || !reflect.DeepEqual(got.Metadata, slack.MetadataOf(reply)) {
		t.Errorf("the edited reply is %+v", got)
	}
	finds(t, rig, One, parent.TS, effect(2), &ref)
	finds(t, rig, One, parent.TS, effect(3), nil)
}

func gone(t *testing.T, rig Rig) {
	ref := must(t, rig, Draft(One, effect(1)))
	isGone(t, "Update of a time that is none", rig.Slack.Update(t.Context(), slack.Ref{Channel: ref.Channel, TS: "1000000000.000100"}, Draft(One, effect(1))))
	rig.Delete(t, ref)
	isGone(t, "Update of a deleted message", rig.Slack.Update(t.Context(), ref, Draft(One, effect(1))))
	finds(t, rig, One, "", effect(1), nil)
	if n := len(rig.Look(t)); n != 0 {
		t.Errorf("%d messages stand there, want none", n)
	}
}

func atOnce(t *testing.T, rig Rig) {
	const each = 4
	var wg sync.WaitGroup
	var mu sync.Mutex
	refs := map[slack.Ref]bool{}
	for w := range 4 {
		wg.Go(func() {
			for i := range each {
				ref, err := rig.Slack.Post(t.Context(), Draft(One, effect(each*w+i)))
				if err != nil {
					t.Errorf("Post: %v", err)
				}
				mu.Lock()
				refs[ref] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(refs) != 4*each || len(rig.Look(t)) != 4*each {
		t.Errorf("%d messages stand at %d places, want %d", len(rig.Look(t)), len(refs), 4*each)
	}
}

// cancelled makes calls whose context has ended before them: nothing is done.
func cancelled(t *testing.T, rig Rig) {
	ref := must(t, rig, Draft(One, effect(1)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := rig.Slack.Post(ctx, Draft(One, effect(2))); err == nil || !slack.Undone(err) {
		t.Errorf("Post: %v, want one that is surely undone", err)
	}
	m := Draft(One, effect(1))
	m.Text = "edited"
	if err := rig.Slack.Update(ctx, ref, m); err == nil || !slack.Undone(err) {
		t.Errorf("Update: %v, want one that is surely undone", err)
	}
	if _, _, err := rig.Slack.Find(ctx, One, "", effect(1), rig.Now()); err == nil {
		t.Error("Find answers although it was called off")
	}
	if all := rig.Look(t); len(all) != 1 || all[0].Edited {
		t.Errorf("something was done: %+v", all)
	}
}
