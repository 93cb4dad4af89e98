package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

var route = regexp.MustCompile(`^/repos/([^/]+/[^/]+)/issues(?:/(\d+)(?:/(comments|labels)(?:/(.+))?)?)?$`)

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if !s.headers(w, r) {
		return
	}
	m := route.FindStringSubmatch(r.URL.Path)
	if m == nil {
		s.complain(w, http.StatusNotFound, "no such path: %s %s", r.Method, r.URL.Path)
		return
	}
	if strings.Count(r.URL.EscapedPath(), "/") > 7 {
		s.complain(w, http.StatusNotFound, "a slash in a name is not escaped: %s", r.URL.EscapedPath())
		return
	}
	if r.Method != http.MethodGet && s.tooFast(w) {
		return
	}
	if m[2] == "" {
		switch r.Method {
		case http.MethodGet:
			s.list(w, r, m[1])
		case http.MethodPost:
			s.create(w, r, m[1])
		default:
			s.complain(w, http.StatusNotFound, "no such method: %s %s", r.Method, r.URL.Path)
		}
		return
	}
	n, _ := strconv.Atoi(m[2]) // digits, by the expression
	is := s.find(m[1], n)
	switch {
	case is == nil:
		s.answer(w, http.StatusNotFound, map[string]any{"message": "Not Found"})
	case is.Deleted:
		s.answer(w, http.StatusGone, map[string]any{"message": "This issue was deleted"})
	default:
		s.one(w, r, is, m[3], m[4])
	}
}

func (s *Server) one(w http.ResponseWriter, r *http.Request, is *Issue, part, name string) {
	switch r.Method + " " + part {
	case "GET ":
		s.answer(w, http.StatusOK, s.json(is))
	case "PATCH ":
		s.update(w, r, is)
	case "GET comments":
		s.listComments(w, r, is)
	case "POST comments":
		s.comment(w, r, is)
	case "POST labels":
		var body struct {
			Labels []string `json:"labels"`
		}
		raw := []string{}
		if !s.read(w, r, &body, &raw) {
			return
		}
		is.addLabels(append(raw, body.Labels...))
		s.answer(w, http.StatusOK, labels(is))
	case "DELETE labels":
		i := slices.IndexFunc(is.Labels, func(l string) bool { return strings.EqualFold(l, name) })
		if i < 0 {
			s.answer(w, http.StatusNotFound, map[string]any{"message": "Label does not exist"})
			return
		}
		is.Labels = slices.Delete(is.Labels, i, i+1)
		s.answer(w, http.StatusOK, labels(is))
	default:
		s.complain(w, http.StatusNotFound, "no such request: %s %s", r.Method, r.URL.Path)
	}
}

// read decodes a body strictly, into the object or, if that fits, the list.
func (s *Server) read(w http.ResponseWriter, r *http.Request, into any, list *[]string) bool {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		s.complain(w, http.StatusUnsupportedMediaType, "Content-Type is %q", r.Header.Get("Content-Type"))
		return false
	}
	var raw json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&raw); err != nil {
		s.complain(w, http.StatusBadRequest, "Problems parsing JSON: %v", err)
		return false
	}
	if list != nil && json.Unmarshal(raw, list) == nil {
		return true
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		s.complain(w, http.StatusUnprocessableEntity, "%s %s: %v", r.Method, r.URL.Path, err)
		return false
	}
	return true
}

func (s *Server) create(w http.ResponseWriter, r *http.Request, repo string) {
	var body struct {
		Title     *string  `json:"title"`
		Body      string   `json:"body"`
		Labels    []string `json:"labels"`
		Assignees []string `json:"assignees"`
	}
	if !s.read(w, r, &body, nil) {
		return
	}
	if body.Title == nil || strings.TrimSpace(*body.Title) == "" {
		s.invalid(w, "title", "missing_field")
		return
	}
	if !s.sizes(w, *body.Title, body.Body, body.Labels) {
		return
	}
	for _, a := range body.Assignees {
		if !slices.Contains(s.Users, a) {
			s.invalid(w, "assignees", "invalid")
			return
		}
	}
	n := 1
	for _, i := range s.issues {
		if i.Repo == repo {
			n = max(n, i.Number+1)
		}
	}
	is := &Issue{Number: n, Repo: repo, Title: strings.TrimSpace(*body.Title), Body: body.Body, State: "open", Assignees: body.Assignees, Created: s.Now()}
	is.addLabels(body.Labels)
	s.issues = append(s.issues, is)
	s.answer(w, http.StatusCreated, s.json(is))
}

// sizes are the limits that the service enforces.
func (s *Server) sizes(w http.ResponseWriter, title, body string, labels []string) bool {
	if utf8.RuneCountInString(title) > 256 {
		s.invalid(w, "title", "too_long")
		return false
	}
	if utf8.RuneCountInString(body) > 65536 {
		s.answer(w, http.StatusUnprocessableEntity, map[string]any{"message": "Validation Failed", "errors": []map[string]string{
			{"resource": "Issue", "field": "body", "code": "custom", "message": "body is too long (maximum is 65536 characters)"}}})
		return false
	}
	for _, l := range labels {
		if l == "" || utf8.RuneCountInString(l) > 50 || strings.Contains(l, ",") {
			s.invalid(w, "labels", "invalid")
			return false
		}
	}
	return true
}

func (i *Issue) addLabels(labels []string) {
	for _, l := range labels {
		if !slices.ContainsFunc(i.Labels, func(have string) bool { return strings.EqualFold(have, l) }) {
			i.Labels = append(i.Labels, l)
		}
	}
}

func (s *Server) update(w http.ResponseWriter, r *http.Request, is *Issue) {
	var body struct {
		Title       *string `json:"title"`
		Body        *string `json:"body"`
		State       *string `json:"state"`
		StateReason *string `json:"state_reason"`
	}
	if !s.read(w, r, &body, nil) {
		return
	}
	if body.State != nil && !slices.Contains([]string{"open", "closed"}, *body.State) {
		s.invalid(w, "state", "invalid")
		return
	}
	if body.StateReason != nil && !slices.Contains([]string{"completed", "not_planned", "duplicate", "reopened"}, *body.StateReason) {
		s.invalid(w, "state_reason", "invalid")
		return
	}
	title, text := is.Title, is.Body
	if body.Title != nil {
		title = *body.Title
	}
	if body.Body != nil {
		text = *body.Body
	}
	if !s.sizes(w, title, text, nil) {
		return
	}
	is.Title, is.Body = title, text
	if body.State != nil {
		is.State = *body.State
	}
	if body.StateReason != nil {
		is.StateReason = *body.StateReason
	}
	s.answer(w, http.StatusOK, s.json(is))
}

func (s *Server) comment(w http.ResponseWriter, r *http.Request, is *Issue) {
	var body struct {
		Body *string `json:"body"`
	}
	if !s.read(w, r, &body, nil) {
		return
	}
	if body.Body == nil || strings.TrimSpace(*body.Body) == "" {
		s.invalid(w, "body", "missing_field")
		return
	}
	if !s.sizes(w, "x", *body.Body, nil) {
		return
	}
	is.Comments = append(is.Comments, *body.Body)
	s.commentT[commentID(is, len(is.Comments)-1)] = s.Now()
	s.answer(w, http.StatusCreated, map[string]any{"id": len(is.Comments), "body": *body.Body})
}

func commentID(is *Issue, i int) string { return fmt.Sprintf("%s#%d/%d", is.Repo, is.Number, i) }

func (s *Server) listComments(w http.ResponseWriter, r *http.Request, is *Issue) {
	var out []any
	for i, c := range is.Comments {
		if s.Now().Sub(s.commentT[commentID(is, i)]) >= s.Lag {
			out = append(out, map[string]any{"id": i + 1, "body": c})
		}
	}
	s.page(w, r, out, nil)
}

func (s *Server) list(w http.ResponseWriter, r *http.Request, repo string) {
	q := r.URL.Query()
	var out []any
	for _, is := range s.issues {
		if is.Repo != repo || is.Deleted || s.Now().Sub(is.Created) < s.Lag {
			continue
		}
		if st := q.Get("state"); st != "all" && is.State != orElse(st, "open") {
			continue
		}
		if want := q.Get("labels"); want != "" && !hasAll(is.Labels, strings.Split(want, ",")) {
			continue
		}
		out = append(out, s.json(is))
	}
	if q.Get("direction") != "asc" {
		slices.Reverse(out)
	}
	s.page(w, r, out, []string{"state", "labels", "sort", "direction"})
}

func hasAll(have, want []string) bool {
	for _, l := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.EqualFold(h, l) }) {
			return false
		}
	}
	return true
}

func orElse(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// page answers one page of a list with the links to the others.
func (s *Server) page(w http.ResponseWriter, r *http.Request, all []any, known []string) {
	q := r.URL.Query()
	for k := range q {
		if k != "page" && k != "per_page" && !slices.Contains(known, k) {
			s.complain(w, http.StatusUnprocessableEntity, "%s: unknown parameter %s", r.URL.Path, k)
			return
		}
	}
	per, page := 30, 1
	if v := q.Get("per_page"); v != "" {
		per, _ = strconv.Atoi(v)
	}
	if v := q.Get("page"); v != "" {
		page, _ = strconv.Atoi(v)
	}
	if per < 1 || per > 100 || page < 1 {
		s.complain(w, http.StatusUnprocessableEntity, "%s: per_page %d, page %d", r.URL.Path, per, page)
		return
	}
	if s.Page > 0 {
		per = min(per, s.Page)
	}
	from, to := min((page-1)*per, len(all)), min(page*per, len(all))
	if to < len(all) {
		next := *r.URL
		v := next.Query()
		v.Set("page", strconv.Itoa(page+1))
		next.RawQuery = v.Encode()
		w.Header().Set("Link", "<"+strings.TrimSuffix(s.URL, "/")+next.String()+`>; rel="next"`)
	}
	s.answer(w, http.StatusOK, append([]any{}, all[from:to]...))
}

func labels(is *Issue) []any {
	out := []any{}
	for _, l := range is.Labels {
		out = append(out, map[string]any{"name": l})
	}
	return out
}

func (s *Server) json(is *Issue) map[string]any {
	assignees := []any{}
	for _, a := range is.Assignees {
		assignees = append(assignees, map[string]any{"login": a})
	}
	out := map[string]any{
		"number": is.Number, "title": is.Title, "body": is.Body, "state": is.State, "labels": labels(is), "assignees": assignees,
		"html_url": "https://github.example/" + is.Repo + "/issues/" + strconv.Itoa(is.Number), "repository_url": s.URL + "repos/" + is.Repo,
		"created_at": is.Created.UTC().Format(time.RFC3339), "comments": len(is.Comments),
	}
	if is.StateReason != "" {
		out["state_reason"] = is.StateReason
	}
	if is.PullRequest {
		out["pull_request"] = map[string]any{"url": s.URL + "repos/" + is.Repo + "/pulls/" + strconv.Itoa(is.Number)}
	}
	return out
}
