package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cutover/fixtures"
)

// judge holds a step against the last run; it returns what is wrong.
func (s *stage) judge(st fixtures.Step) string {
	switch st.Verb {
	case "action", "no-action", "item", "no-item":
		return s.judgeAction(st)
	case "outcome", "no-outcome":
		found := false
		var all []string
		for _, o := range s.last.Outcomes {
			if o.Notice != st.Args[0] {
				continue
			}
			all = append(all, o.Scope+"="+o.Outcome+" ("+o.Why+")")
			found = found || o.Outcome == st.Args[1] && contains(o.Scope, st.Text)
		}
		if found != (st.Verb == "outcome") {
			return "outcomes: " + strings.Join(all, "; ")
		}
	case "notices":
		return judgeCounts(s.last.Notices, st.Want)
	case "effects":
		return judgeCounts(s.last.Effects, st.Want)
	case "error":
		for _, e := range s.last.Errors {
			if strings.Contains(e, st.Text) {
				return ""
			}
		}
		return fmt.Sprintf("errors: %q", s.last.Errors)
	case "no-errors":
		if len(s.last.Errors) > 0 {
			return fmt.Sprintf("errors: %q", s.last.Errors)
		}
	case "tickets", "ticket":
		return s.judgeTickets(st)
	case "slack":
		return s.judgeSlack(st)
	default:
		return "no such verb"
	}
	return ""
}

func contains(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func judgeCounts(got map[string]int, want map[string]string) string {
	for k, v := range want {
		if strconv.Itoa(got[k]) != v {
			return fmt.Sprintf("%s is %d, want %s (all: %v)", k, got[k], v, got)
		}
	}
	return ""
}

func (s *stage) judgeAction(st fixtures.Step) string {
	key := st.Args[0]
	var all []string
	for _, a := range s.last.Actions {
		all = append(all, a.Key)
		prefix, wild := strings.CutSuffix(key, "*")
		if a.Key != key && !(wild && strings.HasPrefix(a.Key, prefix)) {
			continue
		}
		stand, struck, hit := 0, 0, false
		var ids []string
		for _, it := range a.Items {
			if it.Cleared != "" {
				struck++
				continue
			}
			stand++
			ids = append(ids, it.Where+" ["+it.ID+"] "+it.Why)
			hit = hit || contains(it.ID, st.Text) || contains(it.Where, st.Text)
		}
		switch {
		case st.Verb == "no-action":
			return fmt.Sprintf("it is there, %s, with %s", a.State, strings.Join(ids, "\n   "))
		case st.Verb == "item" && !hit, st.Verb == "no-item" && hit:
			return "items: " + strings.Join(ids, "\n   ")
		case st.Verb != "action":
			return ""
		}
		due := "none"
		if a.Due != nil {
			due = *a.Due
		}
		got := map[string]string{"due": due, "items": strconv.Itoa(stand), "struck": strconv.Itoa(struck)}
		for k, v := range st.Want {
			if got[k] != v {
				return fmt.Sprintf("%s is %s, want %s; items:\n   %s", k, got[k], v, strings.Join(ids, "\n   "))
			}
		}
		if a.State != st.Args[1] {
			return "state is " + a.State
		}
		return ""
	}
	if st.Verb == "action" || st.Verb == "item" {
		return fmt.Sprintf("no such action among %q", all)
	}
	return ""
}

func (s *stage) judgeTickets(st fixtures.Step) string {
	files, err := filepath.Glob(filepath.Join(s.dir, "out/tickets/*.md"))
	if err != nil {
		return err.Error()
	}
	open, closed := 0, 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err.Error()
		}
		head, _, _ := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "\n---\n")
		if strings.Contains(head, "state: closed") {
			closed++
		} else {
			open++
		}
		if st.Verb == "ticket" && (strings.Contains(head, "key: "+st.Args[0]+"\n") || strings.Contains(head, "key: \""+st.Args[0]+"\"")) {
			if !strings.Contains(string(b), st.Text) {
				return "the ticket says:\n" + string(b)
			}
			return ""
		}
	}
	if st.Verb == "ticket" {
		return fmt.Sprintf("no such ticket among %d", len(files))
	}
	return judgeCounts(map[string]int{"open": open, "closed": closed}, st.Want)
}

func (s *stage) judgeSlack(st fixtures.Step) string {
	files, err := filepath.Glob(filepath.Join(s.dir, "out/slack/*.json"))
	if err != nil {
		return err.Error()
	}
	n := 0
	var all []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err.Error()
		}
		var m struct{ Kind, Channel, Text string }
		if err := json.Unmarshal(b, &m); err != nil {
			return f + ": " + err.Error()
		}
		all = append(all, m.Kind+" "+m.Channel+" "+m.Text)
		if (st.Want["kind"] == "" || st.Want["kind"] == m.Kind) && (st.Want["channel"] == "" || st.Want["channel"] == m.Channel) {
			n++
		}
	}
	if want, ok := st.Want["count"]; ok && want != strconv.Itoa(n) {
		return fmt.Sprintf("%d, want %s; all:\n   %s", n, want, strings.Join(all, "\n   "))
	}
	if want, ok := st.Want["min"]; ok {
		if least, _ := strconv.Atoi(want); n < least {
			return fmt.Sprintf("%d, want at least %s; all:\n   %s", n, want, strings.Join(all, "\n   "))
		}
	}
	return ""
}
