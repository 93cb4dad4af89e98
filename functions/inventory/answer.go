package inventory

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// answer is what one file says about itself. Sizes are -1 where it does not.
type answer struct {
	file      string
	array     bool // the CLI's bare array
	rows      int  // that stand there
	count     int  // rows of this page, by its own account
	total     int  // rows of the whole query
	more      bool // a token leads on to another page
	truncated string
	broken    bool // it could not be read to its end, or one of its rows could not
}

// row is one row as it stands in the file.
type row struct {
	number int // 1-based, in its file
	line   int
	raw    []byte
	cols   []string // of a table: the names of raw's elements; nil for an object
}

// readAnswer reads one file, row by row. The line belongs to the error.
func readAnswer(s *stream, a *answer, visit func(row)) (int, error) {
	a.count, a.total = -1, -1
	t, err := s.token()
	if err != nil {
		return s.broken(err)
	}
	switch t {
	case json.Delim('['):
		a.array = true
		err = s.rows(a, nil, visit)
	case json.Delim('{'):
		err = s.object(a, visit)
	default:
		return 1, errors.New("this is no answer of Resource Graph: it is neither an object nor a list")
	}
	if err == nil {
		err = s.end()
	}
	if said := (*refusal)(nil); errors.As(err, &said) {
		return s.lineAt(s.dec.InputOffset()), said
	}
	if err != nil {
		return s.broken(err)
	}
	return 0, nil
}

// refusal is an error about what an answer says, not about its JSON.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// rows reads the elements of an array to its end.
func (s *stream) rows(a *answer, cols []string, visit func(row)) error {
	for s.more() {
		raw, err := s.value()
		if err != nil {
			return err
		}
		a.rows++
		visit(row{a.rows, s.begin(raw), raw, cols})
	}
	_, err := s.token()
	return err
}

// object reads the REST answer, or what `az graph query` prints.
func (s *stream) object(a *answer, visit func(row)) error {
	data := false
	for s.more() {
		key, err := s.token()
		if err != nil {
			return err
		}
		if k := plain(key.(string)); k == "data" {
			data = true
			err = s.data(a, visit)
		} else {
			err = s.fact(a, k)
		}
		if err != nil {
			return err
		}
	}
	if _, err := s.token(); err != nil {
		return err
	}
	if !data {
		return refuse(`this is no answer of Resource Graph: it has no "data"`)
	}
	return nil
}

// plain is a key as the REST answer, the CLI and PowerShell all mean it: $skipToken,
// skip_token, SkipToken.
func plain(key string) string {
	return strings.NewReplacer("$", "", "_", "").Replace(strings.ToLower(key))
}

func (s *stream) fact(a *answer, key string) error {
	raw, err := s.value()
	if err != nil {
		return err
	}
	v, isScalar := scalar(raw)
	switch key {
	case "count", "totalrecords":
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return refuse("%q is no number of rows", key)
		}
		if key == "count" {
			a.count = n
		} else {
			a.total = n
		}
	case "skiptoken", "nextlink":
		a.more = isScalar && v != "" || !isScalar && !isNull(raw)
	case "resulttruncated":
		a.truncated = strings.ToLower(strings.TrimSpace(v))
	case "error":
		return refuse("this is an error of Azure, not an answer: %s", azureError(raw))
	}
	return nil
}

func azureError(raw []byte) string {
	var e struct{ Code, Message string }
	if json.Unmarshal(raw, &e) != nil || e.Code == "" {
		return "without a code"
	}
	return fmt.Sprintf("%.60q: %.200q", e.Code, e.Message)
}
