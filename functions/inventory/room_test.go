package inventory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
)

const sub = "11111111-1111-1111-1111-111111111111"

// array is the CLI's array of rows for resources 1 to n of a type.
func array(typ string, n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"id": "/subscriptions/%s/resourceGroups/rg/providers/%s/%d", "location": "westeurope"}`, sub, typ, i+1)
	}
	return "[" + strings.Join(rows, ",\n") + "]"
}

func refresh(t *testing.T, r *Room) []error {
	t.Helper()
	problems, err := r.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func source(m *memory) cutover.Source { return m.sources["inventory"] }

func TestUnchangedWritesNothing(t *testing.T) {
	m := newMemory()
	r := room(t, m, one("a.json", array("a.b/c", 3)))
	refresh(t, r)
	if m.updates != 1 || len(m.events) != 1 || len(m.resources) != 3 {
		t.Fatalf("%d updates, %d events, %d resources", m.updates, len(m.events), len(m.resources))
	}
	refresh(t, r)
	if m.updates != 1 {
		t.Errorf("the second look at the same files wrote to the store")
	}
}

func TestNewerFileWithTheSameContentOnlyAges(t *testing.T) {
	m := newMemory()
	files := one("a.json", array("a.b/c", 3))
	r := room(t, m, files)
	refresh(t, r)
	files["a.json"].ModTime = saved.Add(time.Hour)
	refresh(t, r)
	if src := source(m); !src.AsOf.Equal(saved.Add(time.Hour)) || len(m.events) != 1 || src.Counts[countResources] != 3 {
		t.Errorf("as of %v, %d events, counts %v", src.AsOf, len(m.events), src.Counts)
	}
}

func TestChangedContent(t *testing.T) {
	m := newMemory()
	files := fstest.MapFS{"a.json": {Data: []byte(array("a.b/c", 3))}, "b.json": {Data: []byte(array("a.b/d", 2))}, "e.json": {Data: []byte(array("a.b/e", 1))}}
	r := room(t, m, files)
	refresh(t, r)
	files["b.json"].Data = []byte(strings.Replace(array("a.b/d", 2), "westeurope", "northeurope", 1))
	files["e.json"].Data = []byte(array("a.b/f", 1))
	refresh(t, r)
	if len(m.events) != 2 || m.events[0].ID == m.events[1].ID {
		t.Fatalf("%d events", len(m.events))
	}
	if data := string(m.events[1].Data); !strings.Contains(data, `"changed_types":["a.b/d","a.b/e","a.b/f"]`) {
		t.Errorf("the message says %s", data)
	}
	if len(m.resources) != 6 {
		t.Errorf("%d resources, want 6", len(m.resources))
	}
}

func TestEventIsDeterministic(t *testing.T) {
	var ids []string
	for range 2 {
		m := newMemory()
		refresh(t, room(t, m, one("a.json", array("a.b/c", 3))))
		ids = append(ids, m.events[0].ID)
	}
	if ids[0] != ids[1] {
		t.Errorf("one cause, two ids: %v", ids)
	}
}

func TestMissingAndEmptyFolder(t *testing.T) {
	m := newMemory()
	r := room(t, m, one("a.json", array("a.b/c", 3)))
	refresh(t, r)
	before := source(m)
	for name, files := range map[string]fs.FS{
		"inventory: no .json file in inventory; save answers of Resource Graph there":                                           one("readme.txt", ""),
		"inventory: the folder inventory does not exist or cannot be read; save answers of Resource Graph there as .json files": nowhere{},
	} {
		r.FS = files
		problems := refresh(t, r)
		if len(problems) != 1 || problems[0].Error() != name {
			t.Errorf("problems %v, want %q", problems, name)
		}
		src := source(m)
		if src.Complete || !strings.HasPrefix(src.Reason, "missing: ") || !src.AsOf.Equal(before.AsOf) || len(m.resources) != 3 {
			t.Errorf("source %+v with %d resources: want incomplete, the old time, and the rows untouched", src, len(m.resources))
		}
	}
	if len(m.events) != 2 {
		t.Errorf("%d events, want one more: that the source is gone changes outcomes", len(m.events))
	}
	r.FS = one("a.json", array("a.b/c", 3))
	for _, f := range r.FS.(fstest.MapFS) {
		f.ModTime = saved
	}
	refresh(t, r)
	if !source(m).Complete {
		t.Errorf("the folder is back, and the source is %+v", source(m))
	}
}

type nowhere struct{}

func (nowhere) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func TestIncompleteTakesNothingAway(t *testing.T) {
	m := newMemory()
	files := one("a.json", array("a.b/c", 3))
	r := room(t, m, files)
	refresh(t, r)
	files["a.json"].Data = []byte(array("a.b/c", 2) + "x")
	problems := refresh(t, r)
	if len(problems) != 1 || len(m.resources) != 3 || source(m).Complete {
		t.Errorf("problems %v, %d resources, complete %v", problems, len(m.resources), source(m).Complete)
	}
	updates := m.updates
	if again := refresh(t, r); len(again) != 1 || m.updates != updates {
		t.Errorf("the same broken file: problems %v, %d more updates; want it told again, and nothing written", again, m.updates-updates)
	}
}

func TestCompleteness(t *testing.T) {
	row := array("a.b/c", 1)
	for name, tc := range map[string]struct{ text, reason string }{
		"array of 99":      {array("a.b/c", 99), ""},
		"array of 100":     {array("a.b/c", 100), "exactly 100 rows"},
		"array of 101":     {array("a.b/c", 101), ""},
		"array of 1000":    {array("a.b/c", 1000), "exactly 1000 rows"},
		"empty array":      {`[]`, "empty"},
		"rest":             {`{"totalRecords":1,"count":1,"resultTruncated":false,"data":` + row + `}`, ""},
		"rest, text":       {`{"totalRecords":1,"count":1,"resultTruncated":"FALSE","data":` + row + `}`, ""},
		"rest, 100 rows":   {`{"totalRecords":100,"count":100,"resultTruncated":"false","data":` + array("a.b/c", 100) + `}`, ""},
		"cut":              {`{"totalRecords":1,"count":1,"resultTruncated":"true","data":` + row + `}`, "resultTruncated"},
		"cut, bool":        {`{"totalRecords":1,"count":1,"resultTruncated":true,"data":` + row + `}`, "resultTruncated"},
		"cut, strange":     {`{"totalRecords":1,"count":1,"resultTruncated":"perhaps","data":` + row + `}`, "resultTruncated"},
		"token":            {`{"totalRecords":1,"count":1,"$skipToken":"x","data":` + row + `}`, "skip token"},
		"token, CLI":       {`{"total_records":1,"count":1,"skip_token":"x","data":` + row + `}`, "skip token"},
		"token, strange":   {`{"total_records":1,"count":1,"skip_token":{"a":1},"data":` + row + `}`, "skip token"},
		"no token":         {`{"total_records":1,"count":1,"skip_token":"","data":` + row + `}`, ""},
		"fewer than total": {`{"totalRecords":7,"count":1,"resultTruncated":"false","data":` + row + `}`, "1 of 7 rows"},
		"fewer than count": {`{"totalRecords":7,"count":7,"resultTruncated":"false","data":` + row + `}`, "counts 7 rows and holds 1"},
		"no total":         {`{"data":` + row + `}`, "totalRecords"},
		"PowerShell":       {`{"SkipToken":null,"TotalRecords":1,"Count":1,"Data":` + row + `}`, ""},
		"no rows at all":   {`{"totalRecords":0,"count":0,"resultTruncated":"false","data":[]}`, "no row at all"},
	} {
		m := newMemory()
		problems := refresh(t, room(t, m, one("a.json", tc.text)))
		src := source(m)
		if len(problems) > 0 || src.Complete != (tc.reason == "") || !strings.Contains(src.Reason, tc.reason) || !src.Complete && !strings.Contains(src.Reason, "inventory") {
			t.Errorf("%s: problems %v, complete %v, reason %q; want %q", name, problems, src.Complete, src.Reason, tc.reason)
		}
	}
}

// Pages count as proved only when they add up; each of these lacks something.
func TestPagesThatDoNotAddUp(t *testing.T) {
	page := func(first, n, total int, token string) string {
		rows := make([]string, n)
		for i := range rows {
			rows[i] = fmt.Sprintf(`{"id": "/subscriptions/%s/resourceGroups/rg/providers/a.b/c/%d"}`, sub, first+i)
		}
		return fmt.Sprintf(`{"totalRecords":%d,"count":%d,"resultTruncated":"false","$skipToken":%q,"data":[%s]}`, total, n, token, strings.Join(rows, ","))
	}
	for name, tc := range map[string]struct {
		pages []string
		whole bool
	}{
		"three pages":     {[]string{page(1, 2, 5, "x"), page(3, 2, 5, "y"), page(5, 1, 5, "")}, true},
		"no last page":    {[]string{page(1, 3, 5, "x"), page(4, 2, 5, "y")}, false},
		"two last pages":  {[]string{page(1, 3, 5, ""), page(4, 2, 5, "")}, false},
		"one twice":       {[]string{page(1, 3, 5, "x"), page(3, 2, 5, "")}, false},
		"one too few":     {[]string{page(1, 3, 5, "x"), page(4, 1, 5, "")}, false},
		"another total":   {[]string{page(1, 3, 5, "x"), page(4, 2, 6, "")}, false},
		"two whole pairs": {[]string{page(1, 2, 3, "x"), page(3, 1, 3, ""), page(11, 3, 4, "x"), page(14, 1, 4, "")}, true},
	} {
		files := fstest.MapFS{}
		for i, p := range tc.pages {
			files[fmt.Sprintf("%d.json", i)] = &fstest.MapFile{Data: []byte(p)}
		}
		m := newMemory()
		refresh(t, room(t, m, files))
		if src := source(m); src.Complete != tc.whole {
			t.Errorf("%s: complete %v, reason %q", name, src.Complete, src.Reason)
		}
	}
}

func TestCap(t *testing.T) {
	m := newMemory()
	r := room(t, m, fstest.MapFS{"big.json": {Data: []byte(array("a.b/c", 9))}, "small.json": {Data: []byte(array("a.b/d", 1))}})
	r.Cap = 300
	problems := refresh(t, r)
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), "inventory/big.json: the file has") || len(m.resources) != 1 || source(m).Complete {
		t.Errorf("problems %v, %d resources", problems, len(m.resources))
	}
}

func TestManyBrokenRowsAreCounted(t *testing.T) {
	m := newMemory()
	problems := refresh(t, room(t, m, one("a.json", "["+strings.Repeat("{},", most+4)+"{}]")))
	if len(problems) != most+1 || problems[most].Error() != "inventory/a.json: 5 more rows are left out" {
		t.Errorf("%d problems, the last %v", len(problems), problems[len(problems)-1])
	}
}

func TestEncodings(t *testing.T) {
	text := strings.Replace(array("a.b/c", 2), "westeurope", "west\U0001F600", 1)
	wide := func(high bool) []byte {
		out := []byte{0xFF, 0xFE}
		if high {
			out = []byte{0xFE, 0xFF}
		}
		for _, u := range utf16.Encode([]rune(text)) {
			pair := []byte{byte(u), byte(u >> 8)}
			if high {
				pair[0], pair[1] = pair[1], pair[0]
			}
			out = append(out, pair...)
		}
		return out
	}
	for name, data := range map[string][]byte{"BOM": append([]byte("\uFEFF"), text...), "UTF-16LE": wide(false), "UTF-16BE": wide(true)} {
		m := newMemory()
		if problems := refresh(t, room(t, m, fstest.MapFS{"a.json": {Data: data}})); len(problems) > 0 || len(m.resources) != 2 {
			t.Errorf("%s: problems %v, %d resources", name, problems, len(m.resources))
		}
	}
}

// restless gives a file other bytes each time it is opened.
type restless struct {
	fstest.MapFS
	opened int
	calm   int // from this opening on the bytes stay
}

func (f *restless) Open(name string) (fs.File, error) {
	if name == "a.json" {
		if f.opened++; f.opened <= f.calm {
			f.MapFS[name].Data = append(f.MapFS[name].Data, ' ')
		}
	}
	return f.MapFS.Open(name)
}

func TestFileThatChangesWhileItIsRead(t *testing.T) {
	m := newMemory()
	r := room(t, m, one("a.json", array("a.b/c", 2)))
	r.FS = &restless{MapFS: r.FS.(fstest.MapFS), calm: 3}
	if problems := refresh(t, r); len(problems) > 0 || !source(m).Complete {
		t.Errorf("once it stands still it is read: problems %v, source %+v", problems, source(m))
	}
	r.FS = &restless{MapFS: r.FS.(*restless).MapFS, calm: 1000}
	problems := refresh(t, r)
	if len(problems) != 1 || !errors.Is(problems[0], errChanged) || source(m).Complete || len(m.resources) != 2 {
		t.Errorf("it never stands still: problems %v, source %+v", problems, source(m))
	}
}

func TestCancelledLookWritesNothing(t *testing.T) {
	m := newMemory()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := room(t, m, one("a.json", array("a.b/c", 2))).Refresh(ctx); !errors.Is(err, context.Canceled) || m.updates > 0 {
		t.Errorf("error %v, %d updates", err, m.updates)
	}
}

func TestPathsChangeTheVersion(t *testing.T) {
	m := newMemory()
	r := room(t, m, one("a.json", strings.Replace(array("a.b/c", 1), `"location"`, `"managedBy": "x", "location"`, 1)))
	refresh(t, r)
	r.Paths = append(r.Paths, "managedBy")
	refresh(t, r)
	for _, res := range m.resources {
		if diff := cmp.Diff(map[string]string{"managedBy": "x"}, res.Properties); diff != "" {
			t.Errorf("after the service map asks for more: %s", diff)
		}
	}
}

func TestHiddenFilesDoNotCount(t *testing.T) {
	m := newMemory()
	problems := refresh(t, room(t, m, fstest.MapFS{
		"a.JSON": {Data: []byte(array("a.b/c", 1))}, "._a.json": {Data: []byte("\x00")}, ".git/x.json": {Data: []byte("x")}, "notes.txt": {Data: []byte("x")},
	}))
	if len(problems) > 0 || len(m.resources) != 1 || !source(m).Complete {
		t.Errorf("problems %v, %d resources", problems, len(m.resources))
	}
}
