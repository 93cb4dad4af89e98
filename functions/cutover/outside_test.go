package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/fixtures"
	"cutover/shared/slack/api/slacktest"
	"cutover/shared/tracker/github/githubtest"
)

// TestGitHubAndSlack files five actions with the real clients against strict
// stand-ins that lose a reply each: the second run finds what was done, and in the
// end there is one issue and one alert per action, each alert with its issue's link.
func TestGitHubAndSlack(t *testing.T) {
	github := githubtest.New(t, time.Now)
	posts := 0
	github.Fail = func(_ int, r *http.Request) githubtest.Fault {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") {
			if posts++; posts == 3 {
				return githubtest.Dropped
			}
		}
		return githubtest.None
	}
	slack := slacktest.New(t, time.Now, "#platform", "#payments", "#tracking", "#data", "#edge")
	slack.Fail("chat.postMessage", slacktest.None, slacktest.Dropped)
	t.Setenv("CUTOVER_TEST_GITHUB", github.Token)
	t.Setenv("CUTOVER_TEST_SLACK", slack.Token())

	dir := t.TempDir()
	data, err := fs.ReadFile(fixtures.Scenarios(), "owner-chain.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s, err := fixtures.ParseScenario(data)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2027, 1, 5, 8, 0, 0, 0, time.UTC)
	if err := fixtures.UnpackArchive(dir, s.Files, at); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "cutover.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, config, strings.NewReplacer(
		"{kind: folder, path: out/tickets}", fmt.Sprintf("{kind: github, token_env: CUTOVER_TEST_GITHUB, url: %q}", github.URL),
		"{kind: folder, path: out/slack}", fmt.Sprintf("{kind: api, token_env: CUTOVER_TEST_SLACK, url: %q}", slack.URL()),
	).Replace(string(text)))

	var all strings.Builder
	pass := func(after time.Duration) (int, runJSON) {
		t.Helper()
		code, out, errs := tool(t, "", "run", "--config", config, "--at", at.Add(after).Format(time.RFC3339), "--format", "json")
		all.WriteString(out + errs)
		var r runJSON
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("%v: %s", err, errs)
		}
		return code, r
	}
	if code, r := pass(0); code != exitFailed || len(r.Errors) == 0 {
		t.Errorf("replies were lost, and the run says exit %d, %q", code, r.Errors)
	}
	// Lists may lag: what is in doubt is looked for again two minutes later.
	for i := 1; i <= 3; i++ {
		pass(time.Duration(3*i) * time.Minute)
	}
	code, r := pass(20 * time.Minute)
	if code != exitDone {
		t.Errorf("exit %d: %q", code, r.Errors)
	}
	for what, n := range r.Effects {
		if n != 0 {
			t.Errorf("everything was done, and there are %d %s", n, what)
		}
	}
	issues, alerts := map[string]int{}, 0
	for _, i := range github.Issues() {
		issues[i.Repo]++
	}
	for _, m := range slack.Messages() {
		if m.Thread == "" {
			alerts++
		}
		raw, err := json.Marshal(m.Blocks)
		if err != nil || !strings.Contains(string(raw), "/issues/") {
			t.Errorf("no link to an issue in %s, %v", raw, err)
		}
	}
	if len(issues) != 5 || len(github.Issues()) != 5 || alerts != 5 {
		t.Errorf("%v issues, %d alerts; want one for each of five actions", issues, alerts)
	}
	for _, secret := range []string{github.Token, slack.Token()} {
		if strings.Contains(all.String(), secret) {
			t.Error("a token stands in the output")
		}
	}
}
