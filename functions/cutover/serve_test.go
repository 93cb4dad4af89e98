package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cutover/fixtures"
)

// TestServe runs the real process: a mail over SMTP waits, since nothing confirms
// it; the webhook with the secret confirms it; a ticket and an alert come out; the
// process stops when it is told to.
func TestServe(t *testing.T) {
	dir := company(t)
	config := filepath.Join(dir, "cutover.yaml")
	// Fresh times: serve's clock is the real one.
	if err := fixtures.Unpack(dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	appendFile(t, config, "\nserve: {smtp: \"127.0.0.1:0\", http: \"127.0.0.1:0\", webhook_secret_env: CUTOVER_TEST_SECRET}\n")
	cmd := child(t, "serve", "--config", config)
	cmd.Env = append(cmd.Env, "CUTOVER_TEST_SECRET=open-sesame")
	logs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	var at struct{ SMTP, HTTP string }
	lines := bufio.NewScanner(logs)
	for lines.Scan() && at.HTTP == "" {
		if err := json.Unmarshal(lines.Bytes(), &at); err != nil {
			t.Fatalf("log line %q: %v", lines.Text(), err)
		}
	}
	go io.Copy(io.Discard, logs)

	year := time.Now().Year() + 1
	body := fmt.Sprintf("On 30 June %d, Azure Cache for Redis will be retired. Migrate before 30 June %d.", year, year)
	mail := "From: Microsoft Azure <azure-noreply@microsoft.com>\r\nTo: cutover@havnefrost.example\r\nSubject: Retirement notice: Azure Cache for Redis\r\n\r\nTracking ID: SRV1-TST\r\n\r\n" + body + "\r\n"
	if err := smtp.SendMail(at.SMTP, nil, "azure-noreply@microsoft.com", []string{"cutover@havnefrost.example"}, []byte(mail)); err != nil {
		t.Fatal(err)
	}
	hook := fmt.Sprintf(`{"schemaId":"Microsoft.Insights/activityLogs","data":{"status":"Activated","context":{"activityLog":{"eventSource":"ServiceHealth","eventTimestamp":"%s","submissionTimestamp":"%s","operationName":"Microsoft.ServiceHealth/actionrequired/action","properties":{"title":"Retirement notice: Azure Cache for Redis","service":"Azure Cache for Redis","region":"Global","communication":%q,"incidentType":"ActionRequired","trackingId":"SRV1-TST","impactedServices":"[{\"ServiceName\":\"Azure Cache for Redis\",\"ImpactedRegions\":[{\"RegionName\":\"Global\"}]}]","stage":"Active"},"subscriptionId":"11111111-1111-4111-8111-111111111111"}}}}`,
		time.Now().UTC().Format(time.RFC3339), time.Now().UTC().Format(time.RFC3339), body)
	for _, c := range []struct {
		path string
		code int
	}{{"/webhook/azure/wrong", http.StatusForbidden}, {"/webhook/azure/open-sesame", http.StatusAccepted}} {
		resp, err := http.Post("http://"+at.HTTP+c.path, "application/json", strings.NewReader(hook))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.code {
			t.Errorf("%s: %s, want %d", c.path, resp.Status, c.code)
		}
	}
	if resp, err := http.Get("http://" + at.HTTP + "/healthz"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("healthz: %v, %v", resp, err)
	}
	eventually(t, "a ticket for SRV1-TST", func() bool { return anyHas(dir, "out/tickets/*.md", "azure:SRV1-TST/") })
	eventually(t, "an alert for SRV1-TST", func() bool { return anyHas(dir, "out/slack/*.json", "SRV1-TST") })

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("stopping: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("did not stop within 30 s")
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("%s did not come", what)
}

func anyHas(dir, pattern, text string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, pattern))
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && strings.Contains(string(b), text) {
			return true
		}
	}
	return false
}
