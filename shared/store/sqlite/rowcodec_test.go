package sqlite

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cutover/shared/cutover"
)

func TestResourceRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a\\\tn\n]{0,8}`))
		fields := rapid.MapOfN(text, text, 0, 20)
		want := cutover.Resource{
			ID: text.Draw(t, "id"), Name: text.Draw(t, "name"), Type: text.Draw(t, "type"), Subscription: text.Draw(t, "subscription"),
			Group: text.Draw(t, "group"), Region: text.Draw(t, "region"), Cloud: text.Draw(t, "cloud"),
			Tags: fields.Draw(t, "tags"), Properties: fields.Draw(t, "properties"),
		}
		if len(want.Tags) == 0 {
			want.Tags = nil
		}
		if len(want.Properties) == 0 {
			want.Properties = nil
		}
		got, err := decodeResource(string(encodeResource(nil, want)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A row that somebody else wrote is refused or read, and never a panic; what is
// read comes out the same again.
func FuzzDecodeResource(f *testing.F) {
	f.Add(string(encodeResource(nil, cutover.Resource{ID: "/a", Tags: map[string]string{"k": "v"}, Properties: map[string]string{"p": "q"}})))
	f.Add("")
	f.Add("a\tb\tc\td\te\tf\tg\t1")
	f.Add("a\tb\tc\td\te\tf\tg\t-1\tk\tv")
	f.Add("a\tb\tc\td\te\tf\tg\t9999999\tk\tv")
	f.Add("a\tb\tc\td\te\tf\tg\t1\tk")
	f.Add("\\\tb\\\\\tc\\x\td\te\tf\tg\t0\t\\")
	f.Fuzz(func(t *testing.T, line string) {
		r, err := decodeResource(line)
		if err != nil {
			return
		}
		again, err := decodeResource(string(encodeResource(nil, r)))
		if err != nil {
			t.Fatalf("%q was read, but not what it was written as: %v", line, err)
		}
		if diff := cmp.Diff(r, again); diff != "" {
			t.Error(diff)
		}
	})
}
