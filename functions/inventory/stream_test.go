package inventory

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The walkers see what encoding/json sees, for any valid JSON.
func TestWalkersAgreeWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyJSON(t, 3)
		raw, err := json.MarshalIndent(v, "", rapid.SampledFrom([]string{"", " ", "\t\n"}).Draw(t, "indent"))
		if err != nil {
			t.Skip("not representable")
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(raw, &want) == nil && want != nil {
			got := map[string]json.RawMessage{}
			members(raw, func(key, value []byte) bool {
				k, err := text(key)
				if err != nil {
					t.Fatalf("key %s: %v", key, err)
				}
				got[k] = value
				return true
			})
			if len(got) != len(want) {
				t.Fatalf("%s: %d members, want %d", raw, len(got), len(want))
			}
			for k, w := range want {
				if !bytes.Equal(got[k], w) {
					t.Fatalf("%s: member %q is %s, want %s", raw, k, got[k], w)
				}
			}
		}
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			n := 0
			elements(raw, func(i int, value []byte) {
				if i != n || i >= len(list) || !bytes.Equal(value, list[i]) {
					t.Fatalf("%s: element %d is %s", raw, i, value)
				}
				n++
			})
			if n != len(list) {
				t.Fatalf("%s: %d elements, want %d", raw, n, len(list))
			}
		}
	})
}

func anyJSON(t *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
	case 3:
		return rapid.String().Draw(t, "text")
	case 4:
		out := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			out = append(out, anyJSON(t, depth-1))
		}
		return out
	}
	out := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		out[rapid.String().Draw(t, "key")] = anyJSON(t, depth-1)
	}
	return out
}

func TestValueLongerThanTheLimit(t *testing.T) {
	s := newStream(strings.NewReader("[\n\"" + strings.Repeat("x", maxValue+1) + "\"]"))
	line, err := readAnswer(s, &answer{}, func(row) { t.Error("the row was read") })
	if line != 2 || err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("line %d, error %v", line, err)
	}
}

func TestRowLines(t *testing.T) {
	var lines []int
	s := newStream(strings.NewReader("[\n{\n\"a\": 1\n},\n\n{}, {},\n3\n]\n"))
	if _, err := readAnswer(s, &answer{}, func(r row) { lines = append(lines, r.line) }); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 6, 6, 7} {
		if i >= len(lines) || lines[i] != want {
			t.Fatalf("rows begin in lines %v, want 2, 6, 6, 7", lines)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		array("a.b/c", 2),
		`{"totalRecords":1,"count":1,"resultTruncated":"false","data":[{"id":"/subscriptions/x/providers/a.b/c/d","tags":"{\"a\":\"b\"}"}]}`,
		`{"data":{"columns":[{"name":"id"}],"rows":[["x"],[1],[]]},"count":3}`,
		`{"data":{"rows":[["x"]],"columns":[{"name":"id"}]}}`,
		`{"error":{"code":"x"}}`, `[{"id":"\ud800"}]`, "\xff\xfe[\x00]\x00", "\ufeff[]", `[1,]`, `{"a":1 "b":2}`, `{`, ``, `nul`, `[[[[`,
		`[{"id": "/subscriptions/a/resourceGroups/b/providers/c/d/e", "properties": "{\"rootCertificate\":\"{\\\"enableRootCertificateV2\\\":true}\"}"}]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rd := newReading([]string{"kind", "properties.rootCertificate.enableRootCertificateV2"})
		a := answer{}
		rows := 0
		_, err := readAnswer(newStream(bytes.NewReader(b)), &a, func(r row) {
			rows++
			if !json.Valid(r.raw) {
				t.Fatalf("row %d is no JSON: %q", r.number, r.raw)
			}
			got, err := rd.read(r)
			if err == nil && got.resource != nil && (got.resource.ID == "" || got.resource.Type == "" || got.resource.Subscription == "") {
				t.Fatalf("a resource without id, type or subscription: %+v", got.resource)
			}
		})
		wide := bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
		if plain := bytes.TrimPrefix(b, []byte("\ufeff")); err == nil && !wide && !json.Valid(plain) {
			t.Fatalf("no error for %q", b)
		}
		if err == nil && rows != a.rows {
			t.Fatalf("%d rows handed on, %d counted", rows, a.rows)
		}
	})
}
