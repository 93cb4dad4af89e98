package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func resource(id, typ, region string) cutover.Resource {
	return cutover.Resource{
		ID: id, Name: "name of " + id, Type: typ, Subscription: "11111111-2222-4333-8444-555555555555", Group: "rg", Region: region,
		Cloud: cutover.CloudPublic, Tags: map[string]string{"owner": "payments"}, Properties: map[string]string{"sku.name": "S1"},
	}
}

// look is a look at the inventory at some hour.
func look(name string, hour int, complete bool) cutover.Source {
	s := cutover.Source{
		Name: name, Kind: cutover.SourceInventory, AsOf: noon.Add(time.Duration(hour) * time.Hour),
		Version: fmt.Sprint("v", hour), Complete: complete, Counts: map[string]int{"resources": 3},
	}
	if !complete {
		s.Reason = "the last page is missing"
	}
	return s
}

func replace(t testing.TB, st store.Store, src cutover.Source, rs ...cutover.Resource) {
	t.Helper()
	update(t, st, func(tx store.Tx) error { return tx.ReplaceInventory(src, store.Rows{Resources: values(rs...)}) })
}

func candidates(t testing.TB, st store.Store, types, regions []string) []cutover.Resource {
	t.Helper()
	return from(t, st, func(r store.Reader) iter.Seq2[cutover.Resource, error] { return r.Candidates(types, regions) })
}

func testCandidates(t *testing.T, st store.Store) {
	replace(t, st, look("inventory", 0, true),
		resource("/b", "t1", "west"), resource("/A", "t1", "east"), resource("/c", "t2", "west"), resource("/D", "t3", "global"))
	tests := []struct {
		name           string
		types, regions []string
		want           []string
	}{
		{"no types", nil, nil, nil},
		{"no types in a region", nil, []string{"west"}, nil},
		{"one type, all regions, sorted without case", []string{"t1"}, nil, []string{"/A", "/b"}},
		{"one type, one region", []string{"t1"}, []string{"west"}, []string{"/b"}},
		{"several", []string{"t3", "t2", "t1"}, []string{"global", "west"}, []string{"/b", "/c", "/D"}},
		{"a type twice", []string{"t1", "t1"}, nil, []string{"/A", "/b"}},
		{"an unknown type", []string{"t9"}, nil, nil},
		{"an unknown region", []string{"t1"}, []string{"north"}, nil},
	}
	for _, tt := range tests {
		same(t, tt.name, ids(candidates(t, st, tt.types, tt.regions)), tt.want)
	}
}

// Many rows may go another way than a few; both must give the same.
func testManyCandidates(t *testing.T, st store.Store) {
	const n = 12_000
	rows := func(yield func(cutover.Resource, error) bool) {
		for i := range n {
			r := resource(fmt.Sprintf("/R%05d", (i*7919)%n), fmt.Sprint("t", i%2), fmt.Sprint("r", i%5))
			if !yield(r, nil) {
				return
			}
		}
	}
	update(t, st, func(tx store.Tx) error {
		return tx.ReplaceInventory(look("inventory", 0, true), store.Rows{Resources: rows})
	})
	all := ids(candidates(t, st, []string{"t0", "t1"}, nil))
	if len(all) != n || !slices.IsSorted(all) {
		t.Errorf("all: %d rows, sorted %v; want %d", len(all), slices.IsSorted(all), n)
	}
	half := ids(candidates(t, st, []string{"t1"}, nil))
	if len(half) != n/2 || !slices.IsSorted(half) {
		t.Errorf("one type: %d rows, sorted %v; want %d", len(half), slices.IsSorted(half), n/2)
	}
	few := ids(candidates(t, st, []string{"t1"}, []string{"r3"}))
	if len(few) != n/10 || !slices.IsSorted(few) {
		t.Errorf("one type and region: %d rows, sorted %v; want %d", len(few), slices.IsSorted(few), n/10)
	}
}

func testResources(t *testing.T, st store.Store) {
	hostile := resource("/Subscriptions/S/ресурс", "t", "west")
	hostile.Name = "tab\there, line\nbreak, back\\slash, \\t, quote'\""
	hostile.Tags = map[string]string{"a\tb": "c\\", "": "empty key", "empty value": "", "<script>": "\x1f;--", "日本": "語"}
	hostile.Properties = nil
	bare := cutover.Resource{ID: "/bare", Type: "t"}
	plain := resource("/plain", "t", "west")
	replace(t, st, look("inventory", 0, true), hostile, bare, plain)
	for _, want := range []cutover.Resource{hostile, bare, plain} {
		got, err := get(t, st, func(r store.Reader) (cutover.Resource, error) { return r.Resource(want.ID) })
		if err != nil {
			t.Fatal(err)
		}
		same(t, want.ID, got, want)
	}
	got, err := get(t, st, func(r store.Reader) (cutover.Resource, error) { return r.Resource("/SUBSCRIPTIONS/s/РЕСУРС") })
	if err != nil || got.ID != hostile.ID {
		t.Errorf("Resource in other case: %q, %v", got.ID, err)
	}
	_, err = get(t, st, func(r store.Reader) (cutover.Resource, error) { return r.Resource("/nope") })
	missing(t, "Resource(/nope)", err)
}

func testInventory(t *testing.T, st store.Store) {
	types := []string{"t"}
	subs := []cutover.Subscription{{ID: "s1", Name: "one", Cloud: cutover.CloudPublic, Tags: map[string]string{"team": "x"}}, {ID: "s2", Name: "two"}}
	groups := []cutover.Group{{Subscription: "s1", Name: "g1", Tags: map[string]string{"k": "v"}}, {Subscription: "s1", Name: "g2"}, {Subscription: "s2", Name: "g1"}}
	put := func(src cutover.Source, rows store.Rows) {
		t.Helper()
		update(t, st, func(tx store.Tx) error { return tx.ReplaceInventory(src, rows) })
	}
	put(look("inventory", 0, true), store.Rows{Subscriptions: subs, Groups: groups, Resources: values(resource("/a", "t", "west"), resource("/b", "t", "west"))})
	same(t, "subscriptions", from(t, st, store.Reader.Subscriptions), subs)
	same(t, "groups", from(t, st, store.Reader.Groups), groups)

	// An incomplete look adds and updates.
	subs[1].Name = "zwei"
	put(look("inventory", 1, false), store.Rows{Subscriptions: subs[1:], Resources: values(resource("/b", "t", "east"), resource("/c", "t", "east"))})
	same(t, "subscriptions after an incomplete look", from(t, st, store.Reader.Subscriptions), subs)
	same(t, "groups after an incomplete look", from(t, st, store.Reader.Groups), groups)
	want := []cutover.Resource{resource("/a", "t", "west"), resource("/b", "t", "east"), resource("/c", "t", "east")}
	same(t, "resources after an incomplete look", candidates(t, st, types, nil), want)
	same(t, "the old place in the index", ids(candidates(t, st, types, []string{"west"})), []string{"/a"})

	// A complete one replaces, also by nothing.
	put(look("inventory", 2, true), store.Rows{Subscriptions: subs[:1], Groups: groups[1:2], Resources: values(resource("/c", "t", "east"))})
	same(t, "subscriptions after a complete look", from(t, st, store.Reader.Subscriptions), subs[:1])
	same(t, "groups after a complete look", from(t, st, store.Reader.Groups), groups[1:2])
	same(t, "resources after a complete look", ids(candidates(t, st, types, nil)), []string{"/c"})
	put(look("inventory", 3, true), store.Rows{})
	if n := len(candidates(t, st, types, nil)) + len(from(t, st, store.Reader.Subscriptions)) + len(from(t, st, store.Reader.Groups)); n != 0 {
		t.Errorf("%d rows are left after an empty complete look", n)
	}
	got, err := get(t, st, store.Reader.Sources)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "source", got, []cutover.Source{look("inventory", 3, true)})
}

func testInventorySources(t *testing.T, st store.Store) {
	types := []string{"t"}
	replace(t, st, look("public", 0, true), resource("/p1", "t", "west"), resource("/p2", "t", "west"))
	replace(t, st, look("china", 0, true), resource("/c1", "t", "chinaeast"))
	replace(t, st, look("public", 1, true), resource("/p2", "t", "west"))
	same(t, "the other source's rows stay", ids(candidates(t, st, types, nil)), []string{"/c1", "/p2"})
	replace(t, st, look("public", 2, true), resource("/p2", "t", "west"), resource("/c1", "t", "chinaeast"))
	replace(t, st, look("china", 1, true))
	same(t, "a row that went over to another source", ids(candidates(t, st, types, nil)), []string{"/c1", "/p2"})
}

func testInventoryBreaksOff(t *testing.T, st store.Store) {
	replace(t, st, look("inventory", 0, true), resource("/a", "t", "west"))
	broken := errors.New("row 2 of page 1: no id")
	rows := func(yield func(cutover.Resource, error) bool) {
		_ = yield(resource("/b", "t", "west"), nil) && yield(cutover.Resource{}, broken)
	}
	err := st.Update(t.Context(), func(tx store.Tx) error {
		return tx.ReplaceInventory(look("inventory", 1, true), store.Rows{Resources: rows})
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want the one of the rows", err)
	}
	same(t, "rows after a look that broke off", ids(candidates(t, st, []string{"t"}, nil)), []string{"/a"})
}

// Whatever looks come, complete or not, in any order of rows, the store holds
// what a map would hold, and the generation moves exactly when that changes.
func testInventoryModel(t *testing.T, st store.Store) {
	type row struct {
		res    cutover.Resource
		source string
	}
	model := map[string]row{}
	hour := 0
	rapid.Check(t, func(rt *rapid.T) {
		hour++
		source := rapid.SampledFrom([]string{"one", "two"}).Draw(rt, "source")
		complete := rapid.Bool().Draw(rt, "complete")
		var rs []cutover.Resource
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, 60), 0, 80).Draw(rt, "ids") { // some twice
			r := resource(fmt.Sprintf("/r%02d", i), rapid.SampledFrom([]string{"t0", "t1"}).Draw(rt, "type"), "west")
			rs = append(rs, r)
		}
		replace(t, st, look(source, hour, complete), rs...)
		if complete {
			maps.DeleteFunc(model, func(_ string, r row) bool { return r.source == source })
		}
		for _, r := range rs {
			model[r.ID] = row{r, source}
		}
		var want []cutover.Resource
		for _, r := range model {
			want = append(want, r.res)
		}
		slices.SortFunc(want, func(a, b cutover.Resource) int { return cmp.Compare(a.ID, b.ID) })
		same(t, "resources", candidates(t, st, []string{"t0", "t1"}, nil), want)
		if t.Failed() {
			rt.FailNow()
		}
	})
}
