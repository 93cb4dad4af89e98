package inventory

import (
	"encoding/json"
	"strings"
)

// data reads the rows, as a list of objects or as a table.
func (s *stream) data(a *answer, visit func(row)) error {
	t, err := s.token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return s.rows(a, nil, visit)
	case json.Delim('{'):
		return s.table(a, visit)
	}
	return refuse(`"data" is neither a list of rows nor a table`)
}

// table reads {columns: [{name, type}], rows: [[…]]}. Resource Graph writes the columns
// first; rows that come before them are held until their names are known.
func (s *stream) table(a *answer, visit func(row)) error {
	var cols []string
	var early []row
	rows := false
	for s.more() {
		key, err := s.token()
		if err != nil {
			return err
		}
		switch plain(key.(string)) {
		case "columns":
			cols, err = s.columns()
		case "rows":
			rows = true
			hand := visit
			if cols == nil {
				hand = func(r row) { early = append(early, r) }
			}
			err = s.list(func() error { return s.rows(a, cols, hand) })
		default:
			_, err = s.value()
		}
		if err != nil {
			return err
		}
	}
	if _, err := s.token(); err != nil {
		return err
	}
	if cols == nil || !rows {
		return refuse(`the table in "data" has no columns or no rows`)
	}
	for _, r := range early {
		r.cols = cols
		visit(r)
	}
	return nil
}

// list enters an array.
func (s *stream) list(inside func() error) error {
	t, err := s.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return refuse(`"rows" is no list`)
	}
	return inside()
}

func (s *stream) columns() ([]string, error) {
	raw, err := s.value()
	if err != nil {
		return nil, err
	}
	var cols []struct{ Name string }
	if json.Unmarshal(raw, &cols) != nil || len(cols) == 0 {
		return nil, refuse(`"columns" is no list of columns with names`)
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = strings.ToLower(c.Name)
	}
	return names, nil
}
