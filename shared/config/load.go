package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const maxFile = 4 << 20 // bytes; a list of some thousand repositories is well below 1 MB

// Load reads the file at path. Relative paths in it start from its folder.
func Load(path string) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration %s: %w", path, err)
	}
	return Parse(path, b, filepath.Dir(path))
}

// Parse reads a configuration's bytes. The name stands in messages; base is the
// folder that relative paths start from. An error of type Errors lists everything
// that is wrong.
func Parse(name string, b []byte, base string) (*Config, error) {
	r := &reader{file: name}
	if len(b) > maxFile {
		return nil, Errors{{name, 0, fmt.Sprintf("the file is larger than %d MB", maxFile>>20)}}
	}
	root, problem := document(name, b)
	if problem != nil {
		return nil, Errors{*problem}
	}
	c := &Config{File: name, Base: base, lines: map[string]int{}}
	c.read(r, root)
	if len(r.errors) > 0 {
		sortProblems(r.errors)
		return nil, Errors(r.errors)
	}
	sortProblems(r.warnings)
	c.Warnings = r.warnings
	return c, nil
}

// document parses the single YAML document of a file.
func document(name string, b []byte) (*yaml.Node, *Problem) {
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Problem{name, 0, "the file is empty"}
		}
		return nil, syntax(name, b, err)
	}
	if err := dec.Decode(&more); err == nil {
		return nil, &Problem{name, more.Line, "a second document begins here; one file holds one configuration"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntax(name, b, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 || isNull(doc.Content[0]) {
		return nil, &Problem{name, 0, "the file is empty"}
	}
	return doc.Content[0], nil
}

var (
	yamlLine    = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?`)
	yamlGrammar = regexp.MustCompile(`^did not find expected (key|node|'|<)`)
	yamlAnchor  = regexp.MustCompile(`^unknown anchor '(.+)' referenced`)
)

// syntax turns the library's message ("yaml: line 3: …") into a problem of a line.
// Messages of its grammar count lines from 0, those of its scanner from 1, and an
// unknown anchor comes without a line.
func syntax(name string, b []byte, err error) *Problem {
	text, line := err.Error(), 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1]) // no digits: the first line
		text = strings.TrimPrefix(text, m[0])
	}
	if yamlGrammar.MatchString(text) {
		line++
	}
	if m := yamlAnchor.FindStringSubmatch(text); m != nil {
		if before, _, found := bytes.Cut(b, []byte("*"+m[1])); found {
			line = 1 + bytes.Count(before, []byte("\n"))
		}
	}
	return &Problem{name, line, "not YAML: " + clip(text)}
}

// path keeps a path as written and resolves it against the base.
func (c *Config) path(s *section, key, otherwise string) Path {
	v := s.text(key)
	if v == "" {
		v = otherwise
	}
	c.lines[s.name(key)] = s.at(key)
	return c.resolve(v)
}

func (c *Config) resolve(v string) Path {
	switch {
	case v == "":
		return Path{}
	case filepath.IsAbs(v):
		return Path{Given: v, Full: filepath.Clean(v)}
	}
	return Path{Given: v, Full: filepath.Join(c.Base, filepath.FromSlash(v))}
}
