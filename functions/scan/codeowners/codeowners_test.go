package codeowners

import (
	"strings"
	"testing"
)

func TestOwners(t *testing.T) {
	f, errs := Parse("CODEOWNERS", []byte("\uFEFF# comment\r\n"+strings.Join([]string{
		"*              @contoso/platform          # everybody's",
		"*.go           gopher@contoso.com @alice",
		"/docs/         @contoso/writers",
		"apps/          @contoso/apps",
		"/apps/github   ",
		"/a\\ b/        @blank",
		"!/nope         @x",
		"/bad           not-an-owner",
		"/bad[1]        @x",
		"/              @root",
		"***            @stars",
		"",
		"[Payments] @contoso/group/payments @contoso/pay.team",
		"/pay/",
		"/pay/special/  @special",
		"^[Optional][2]",
		"/opt/",
		"[ab].go        @class",
	}, "\n")))
	for _, c := range []struct{ path, owners, where string }{
		{"README.md", "@contoso/platform", "CODEOWNERS:2"},
		{"main.go", "gopher@contoso.com @alice", "CODEOWNERS:3"},
		{"docs/a/b.md", "@contoso/writers", "CODEOWNERS:4"},
		{"src/docs/b.md", "@contoso/platform", "CODEOWNERS:2"},
		{"x/apps/y", "@contoso/apps", "CODEOWNERS:5"},
		{"apps/github/y", "", "CODEOWNERS:6"},
		{"a b/c", "@blank", "CODEOWNERS:7"},
		{"pay/x", "@contoso/group/payments @contoso/pay.team", "CODEOWNERS:15"},
		{"pay/special/x.go", "@special", "CODEOWNERS:16"},
		{"opt/x", "", "CODEOWNERS:18"},
	} {
		owners, where := f.Owners(c.path)
		if got := strings.Join(owners, " "); got != c.owners || where != c.where {
			t.Errorf("%s: %q at %s, want %q at %s", c.path, got, where, c.owners, c.where)
		}
	}
	var at []string
	for _, err := range errs {
		place, _, _ := strings.Cut(err.Error(), ": ")
		at = append(at, place)
	}
	if got, want := strings.Join(at, " "), "CODEOWNERS:8 CODEOWNERS:9 CODEOWNERS:10 CODEOWNERS:11 CODEOWNERS:12 CODEOWNERS:19"; got != want {
		t.Errorf("errors at %s, want %s\n%v", got, want, errs)
	}
}

func TestNobody(t *testing.T) {
	var none *File
	if owners, where := none.Owners("x"); owners != nil || where != "" {
		t.Error(owners, where)
	}
	if _, errs := Parse("CODEOWNERS", make([]byte, MaxSize+1)); len(errs) != 1 {
		t.Error("a giant file was read")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("* @a\n/x/ @b c@d.ee\n", "x/y")
	f.Add("/ @a\n", "x")
	f.Add("/#", "x")
	f.Add("/\t@a", "")
	f.Add("[Sec][1] @a\n/x\n**/y @@dev\n", "x/y")
	f.Add("\\ @a\n\\", "\\")
	f.Add("a#b @c#d\n", "a#b")
	f.Fuzz(func(t *testing.T, text, path string) {
		file, errs := Parse("CODEOWNERS", []byte(text))
		for _, err := range errs {
			if !strings.HasPrefix(err.Error(), "CODEOWNERS:") {
				t.Errorf("no place in %q", err)
			}
		}
		owners, where := file.Owners(path)
		if len(owners) > 0 && where == "" {
			t.Error("owners from nowhere")
		}
	})
}
