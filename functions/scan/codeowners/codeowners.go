// Package codeowners reads the CODEOWNERS file of a repository: who owns which
// path.
//
// The patterns are matched by hmarr/codeowners, which follows GitHub. Its reader
// gives up the whole file at the first bad line, so lines are fed to it one by one:
// a bad one is an error with its place, the rest counts. GitLab's sections are
// understood as far as their lines are; the owners in a section's header are the
// default for lines without any.
package codeowners

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hmarr/codeowners"
)

// Places are where GitHub looks, in its order; the first that exists counts.
var Places = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}

// Limits of a file. GitHub reads at most 3 MB.
const (
	MaxSize = 3 << 20
	maxLine = 16 << 10
)

// File is a CODEOWNERS file that was read. The zero value owns nothing.
type File struct {
	path  string
	rules []rule
}

type rule struct {
	line   int
	match  codeowners.Rule
	owners []string
}

// Parse reads the file's text. Every line that cannot be understood is an error
// "path:line: …"; the other lines count.
func Parse(path string, data []byte) (*File, []error) {
	f := &File{path: path}
	var errs []error
	if len(data) > MaxSize {
		return f, []error{fmt.Errorf("%s:1: reading owners: the file is larger than %d bytes; GitHub ignores such a file too", path, MaxSize)}
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	var section []string
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if owners, ok := header(line); ok {
			section = owners
			continue
		}
		r, err := parseLine(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: reading owners: %w; this line is passed over", path, i+1, err))
			continue
		}
		r.line = i + 1
		if len(r.owners) == 0 {
			r.owners = section
		}
		f.rules = append(f.rules, r)
	}
	return f, errs
}

func parseLine(line string) (rule, error) {
	switch {
	case len(line) > maxLine:
		return rule{}, fmt.Errorf("the line is longer than %d bytes", maxLine)
	case strings.HasPrefix(line, "!"):
		return rule{}, fmt.Errorf("a pattern cannot be negated")
	}
	rules, err := codeowners.ParseFile(strings.NewReader(line), codeowners.WithOwnerMatchers([]codeowners.OwnerMatcher{codeowners.OwnerMatchFunc(owner)}))
	if err != nil {
		return rule{}, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "line 1: "))
	}
	if len(rules) != 1 {
		return rule{}, fmt.Errorf("no pattern in %q", line)
	}
	if strings.Trim(rules[0].RawPattern(), "/") == "" {
		// Matching "/" makes the library fail (v1.2.1).
		return rule{}, fmt.Errorf("the pattern %q names no path", rules[0].RawPattern())
	}
	r := rule{match: rules[0]}
	for _, o := range rules[0].Owners {
		r.owners = append(r.owners, o.Value)
	}
	return r, nil
}

// owner accepts @user, @org/team, GitLab's nested @group/sub/team and @@role, and
// e-mail addresses.
func owner(s string) (codeowners.Owner, error) {
	if name := strings.TrimLeft(s, "@"); len(name) > 0 && strings.HasPrefix(s, "@") && !strings.Contains(name, "@") && !strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/") {
		return codeowners.Owner{Value: s, Type: codeowners.TeamOwner}, nil
	}
	local, domain, ok := strings.Cut(s, "@")
	if ok && local != "" && strings.Contains(domain, ".") && !strings.ContainsAny(domain, "@/") && !strings.HasSuffix(domain, ".") {
		return codeowners.Owner{Value: s, Type: codeowners.EmailOwner}, nil
	}
	return codeowners.Owner{}, codeowners.ErrNoMatch
}

// header reads a GitLab section: [Name], ^[Name], [Name][2], each with default
// owners behind.
func header(line string) ([]string, bool) {
	s := strings.TrimPrefix(line, "^")
	if !strings.HasPrefix(s, "[") {
		return nil, false
	}
	end := strings.IndexByte(s, ']')
	if end < 2 {
		return nil, false
	}
	rest := s[end+1:]
	if strings.HasPrefix(rest, "[") {
		n := strings.IndexByte(rest, ']')
		if n < 0 || strings.Trim(rest[1:n], "0123456789") != "" {
			return nil, false
		}
		rest = rest[n+1:]
	}
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return nil, false // a character class: "[ab].go"
	}
	rest, _, _ = strings.Cut(rest, "#")
	var owners []string
	for _, o := range strings.Fields(rest) {
		if _, err := owner(o); err != nil {
			return nil, false
		}
		owners = append(owners, o)
	}
	return owners, true
}

// Owners gives the owners of a path (relative, with slashes) in the order of the
// line, and where that line stands. The last line that matches wins; a line without
// owners takes the path out of everybody's hands.
func (f *File) Owners(path string) (owners []string, where string) {
	if f == nil {
		return nil, ""
	}
	for i := len(f.rules) - 1; i >= 0; i-- {
		r := &f.rules[i]
		if ok, err := r.match.Match(path); err == nil && ok {
			return r.owners, fmt.Sprintf("%s:%d", f.path, r.line)
		}
	}
	return nil, ""
}
