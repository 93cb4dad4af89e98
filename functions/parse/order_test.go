package parse_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cutover/shared/cutover"
)

// permutations calls fn with every order of 0…n-1.
func permutations(n int, fn func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var rec func(int)
	rec = func(k int) {
		if k == n {
			fn(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			rec(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	rec(0)
}

// Each group of deliveries, in every order, leaves the same behind.
func TestOrderDoesNotMatter(t *testing.T) {
	groups := map[string][]cutover.Delivery{
		"amendments": {
			letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "One", ActBy: "2027-02-01", Stamp: 1}),
			letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "One, amended", ActBy: "2027-03-01", Stamp: 2, Subs: []string{"s1"}}),
			hook(secretAuth, says{IDs: []string{"AAAA-111"}, Title: "One", Stamp: 3, Subs: []string{"s2"}}),
			letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "One, tied", Stamp: 3}),
		},
		"waiting and confirmed": {
			letter(dkimAuth, says{IDs: []string{"AAAA-111"}, Title: "Mail", ActBy: "2027-02-01", Stamp: 1}),
			letter(dkimAuth, says{IDs: []string{"BBBB-222", "AAAA-111"}, Title: "Mail of two", Stamp: 2}),
			hook(secretAuth, says{IDs: []string{"AAAA-111"}, Title: "Hook", Stamp: 3}),
			letter(dkimAuth, says{IDs: []string{"CCCC-333"}, Title: "Of another", Stamp: 2}),
		},
		"aliases meet": {
			letter(folderAuth, says{IDs: []string{"BBBB-222"}, Title: "B", Stamp: 1, Subs: []string{"b"}}),
			letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "A", Stamp: 2, Subs: []string{"a"}}),
			letter(folderAuth, says{IDs: []string{"CCCC-333", "AAAA-111"}, Title: "C and A", Stamp: 3, Subs: []string{"ca"}}),
			letter(folderAuth, says{IDs: []string{"CCCC-333", "BBBB-222"}, Title: "C and B", Stamp: 4, Subs: []string{"cb"}}),
		},
		"two first IDs share an alias": {
			letter(folderAuth, says{IDs: []string{"DDDD-444", "XXXX-999"}, Title: "D", Stamp: 1}),
			letter(folderAuth, says{IDs: []string{"BBBB-222", "XXXX-999"}, Title: "B", Stamp: 2}),
			letter(folderAuth, says{IDs: []string{"XXXX-999"}, Title: "X", Stamp: 3}),
			hook(secretAuth, says{IDs: []string{"DDDD-444"}, Title: "D", Stamp: 4}),
		},
		"all sorts": {
			delivery(cutover.ChannelMail, folderAuth, []byte("garbage")),
			letter(folderAuth, says{Title: "News", Verdict: "irrelevant"}),
			letter(folderAuth, says{Title: "No ID", Verdict: "partial", Stamp: 2}),
			letter(folderAuth, says{Title: "No  id", Stamp: 1, Subs: []string{"s"}}),
		},
	}
	for name, ds := range groups {
		t.Run(name, func(t *testing.T) {
			var want *state
			nth := 0
			permutations(len(ds), func(order []int) {
				nth++
				h := open(t, accepting)
				var seq []cutover.Delivery
				for _, i := range order {
					seq = append(seq, ds[i])
				}
				size := []int{1, 4, 2}[nth%3] // one by one, all at once, in two batches
				for batch := range slices.Chunk(seq, size) {
					h.arrive(batch...)
				}
				got := h.state()
				if want == nil {
					want = &got
				} else if diff := cmp.Diff(*want, got); diff != "" {
					t.Fatalf("order %v in batches of %d:\n%s", order, size, diff)
				}
				h.close()
			})
		})
	}
}

// fewer keeps a test that opens stores short, unless -rapid.checks says otherwise.
func fewer(t *testing.T) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	t.Cleanup(func() {
		if err := f.Value.Set(f.DefValue); err != nil {
			t.Error(err)
		}
	})
	if err := f.Value.Set("20"); err != nil {
		t.Fatal(err)
	}
}

// Any deliveries, in any order, cut into any batches, with any of them repeated.
func TestOrderDoesNotMatterAtAll(t *testing.T) {
	ids := []string{"AAAA-111", "BBBB-222", "CCCC-333", "DDDD-444"}
	one := rapid.Custom(func(rt *rapid.T) cutover.Delivery {
		s := says{
			Title: rapid.SampledFrom([]string{"", "One", "Two", "Three"}).Draw(rt, "title"),
			Stamp: rapid.IntRange(0, 3).Draw(rt, "stamp"),
			ActBy: rapid.SampledFrom([]string{"", "2027-01-01", "2027-02-01"}).Draw(rt, "act-by"),
			Subs:  rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"s1", "s2", "s3"}), 0, 2, rapid.ID).Draw(rt, "subs"),
			Salt:  rapid.IntRange(0, 3).Draw(rt, "salt"),
		}
		s.Verdict = rapid.SampledFrom([]string{"", "", "", "partial", "irrelevant"}).Draw(rt, "verdict")
		// The first of several is always the smaller: texts do not contradict each other.
		s.IDs = rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, 3, rapid.ID).Draw(rt, "ids")
		slices.Sort(s.IDs)
		switch rapid.IntRange(0, 3).Draw(rt, "channel") {
		case 0:
			return hook(secretAuth, s)
		case 1:
			return letter(dkimAuth, s)
		case 2:
			s.Sender = "evil@evil.example"
		}
		return letter(folderAuth, s)
	})
	fewer(t)
	rapid.Check(t, func(rt *rapid.T) {
		ds := rapid.SliceOfN(one, 1, 7).Draw(rt, "deliveries")
		run := func(seq []cutover.Delivery, cut int) state {
			h := open(t, accepting)
			for batch := range slices.Chunk(seq, cut) {
				h.arrive(batch...)
			}
			h.now = h.now.AddDate(0, 0, 1)
			h.arrive(seq[0]) // once more
			s := h.state()
			h.close()
			return s
		}
		want := run(ds, len(ds))
		got := run(rapid.Permutation(ds).Draw(rt, "order"), rapid.IntRange(1, len(ds)).Draw(rt, "cut"))
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("the order left a trace:\n%s", diff)
		}
	})
}

// Texts that contradict each other about which ID comes first still make one
// notice under one of the two names, with all that they say.
func TestContradictingFirstIDs(t *testing.T) {
	a := letter(folderAuth, says{IDs: []string{"AAAA-111", "BBBB-222"}, Title: "A", Stamp: 1, Subs: []string{"a"}})
	b := letter(folderAuth, says{IDs: []string{"BBBB-222", "AAAA-111"}, Title: "B", Stamp: 2, Subs: []string{"b"}})
	for _, seq := range [][]cutover.Delivery{{a, b}, {b, a}} {
		h := open(t, accepting)
		for _, d := range seq {
			h.arrive(d)
		}
		s := h.state()
		if len(s.Notices) != 1 || fmt.Sprint(s.Notices[0].Subscriptions) != "[a b]" || s.Notices[0].Title != "B" {
			t.Errorf("notices are %+v", s.Notices)
		}
		if x, y := h.notice("azure:AAAA-111").Key, h.notice("azure:BBBB-222").Key; x != y {
			t.Errorf("the IDs lead to %s and %s", x, y)
		}
		for _, d := range s.Deliveries {
			if !strings.HasSuffix(d, s.Notices[0].Key) {
				t.Errorf("delivery %s is not of notice %s", d, s.Notices[0].Key)
			}
		}
	}
}

// The revision of a merged notice is higher than any of those that it was made of.
func TestMergeCountsUp(t *testing.T) {
	h := open(t, accepting)
	for i := range 4 {
		h.arrive(letter(folderAuth, says{IDs: []string{"BBBB-222"}, Title: fmt.Sprint("B", i), Stamp: i}))
	}
	h.arrive(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "A"}))
	before := h.notice("azure:BBBB-222").Revision
	h.handle(h.keep(letter(folderAuth, says{IDs: []string{"AAAA-111", "BBBB-222"}, Title: "Both", Stamp: 9})))
	if got := h.drain(); !slices.Equal(got, []string{"azure:AAAA-111"}) {
		t.Errorf("announced %v", got)
	}
	n := h.notice("azure:BBBB-222")
	if n.Key != "azure:AAAA-111" || n.Revision <= before || !slices.Equal(n.TrackingIDs, []string{"AAAA-111", "BBBB-222"}) {
		t.Errorf("merged notice is %s %v, revision %d after %d", n.Key, n.TrackingIDs, n.Revision, before)
	}
}
