package alert

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const restEvent = `{"id":"Microsoft.ResourceHealth/events/%ID","name":"%ID","type":"Microsoft.ResourceHealth/events","properties":{"eventType":"HealthAdvisory","title":"T","summary":"<p>short</p>","description":"<p>long text</p>","impact":[{"impactedService":"Batch","impactedRegions":[{"impactedRegion":"Global","impactedSubscriptions":["AAAAAAAA-0000-0000-0000-000000000001"],"updates":[]}]}],"lastUpdateTime":"2026-01-02T03:04:05Z"}}`

func one(t *testing.T, raw string) Event {
	t.Helper()
	events, err := Parse([]byte(raw))
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	return events[0]
}

func TestForms(t *testing.T) {
	rest := strings.ReplaceAll(restEvent, "%ID", "AB1_-CD2")
	other := strings.ReplaceAll(restEvent, "%ID", "ZZ1_-CD2")
	for name, raw := range map[string]string{
		"alone":   rest,
		"list":    "[" + rest + "]",
		"answer":  `{"value":[` + rest + `]}`,
		"casing":  strings.NewReplacer(`"impact"`, `"Impact"`, `"eventType"`, `"EventType"`, `"name"`, `"Name"`, `"title"`, `"TITLE"`).Replace(rest),
		"table":   `{"data":{"columns":[{"name":"name"},{"name":"type"},{"name":"properties"}],"rows":[["AB1_-CD2","microsoft.resourcehealth/events",{"eventType":"HealthAdvisory","title":"T","description":"<p>long text</p>","impact":[{"impactedService":"Batch"}]}]]}}`,
		"garbage": rest + "}}",
	} {
		e := one(t, raw)
		if e.TrackingID.Quote != "AB1_-CD2" || e.Title.Quote != "T" || len(e.Services) != 1 || e.Services[0].Quote != "Batch" || len(e.Prose) != 1 || !e.Prose[0].HTML || !strings.Contains(e.Prose[0].Text, "long") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if events, err := Parse([]byte("[" + rest + "," + other + "," + rest + "]")); err != nil || len(events) != 2 {
		t.Errorf("two events of three rows: %d, %v", len(events), err)
	}
}

func TestAlert(t *testing.T) {
	const raw = `{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertTargetIDs":["/subscriptions/00000000-0000-0000-0000-00000000000A"]},"alertContext":{"channels":1,"level":3,"eventTimestamp":"2026-01-02T03:04:05Z","operationName":"Microsoft.ServiceHealth/maintenance/action","properties":{"title":5,"trackingId":"Tracking Id code","communication":"plain &quot;text&quot;","impactedServices":"[{\"ServiceName\":\"Batch\",\"ImpactedRegions\":[{\"RegionName\":\"East US\"}]}]","isSynthetic":"True"}}}}`
	e := one(t, raw)
	switch {
	case e.TrackingID.Set() || len(e.Reasons) == 0:
		t.Errorf("a placeholder passes as an ID: %+v", e.TrackingID)
	case e.Title.Quote != "5" || !e.Test || e.EventType.Quote != "maintenance":
		t.Errorf("%+v", e)
	case len(e.Subscriptions) != 1 || e.Subscriptions[0].Text[e.Subscriptions[0].Offset:] != e.Subscriptions[0].Quote:
		t.Errorf("subscriptions %+v", e.Subscriptions)
	case len(e.Regions) != 1 || e.Regions[0].Quote != "East US":
		t.Errorf("regions %+v", e.Regions)
	}
}

func TestNoEvent(t *testing.T) {
	for _, raw := range []string{`{}`, `[]`, `{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"signalType":"Metric"},"alertContext":{}}}`, `"x"`, `{"data":{"data":{"data":{"data":{"data":{"data":{"data":{}}}}}}}}`} {
		if _, err := Parse([]byte(raw)); !errors.Is(err, ErrNoEvent) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if _, err := Parse([]byte("{\n\n\"a\": }")); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("broken JSON: %v", err)
	}
}

func TestTime(t *testing.T) {
	want := time.Date(2017, 10, 18, 23, 49, 25, 0, time.UTC)
	for _, s := range []string{"2017-10-18T23:49:25Z", "2017-10-19T08:49:25+09:00", "2017-10-18T23:49:25", "636439673650000000"} {
		if got := Time(s); !got.Equal(want) {
			t.Errorf("%s reads %v", s, got)
		}
	}
	for _, s := range []string{"", "0001-01-01T00:00:00", "soon", "12345"} {
		if got := Time(s); !got.IsZero() {
			t.Errorf("%q reads %v", s, got)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(restEvent, "%ID", "AB1_-CD2")))
	f.Add([]byte(`{"data":{"context":{"activityLog":{"properties":{"impactedServices":"[","trackingId":1}}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		events, err := Parse(raw)
		if err != nil {
			return
		}
		for _, e := range events {
			for _, v := range append(append(append([]Value{e.Title, e.TrackingID, e.Stage, e.EventType}, e.Services...), e.Regions...), e.Subscriptions...) {
				if v.Set() && v.Text[v.Offset:v.Offset+len(v.Quote)] != v.Quote {
					t.Fatalf("%+v does not quote its part", v)
				}
			}
		}
	})
}
