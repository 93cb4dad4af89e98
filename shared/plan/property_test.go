package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// The worlds of the properties are drawn from a small vocabulary, so that facts
// meet often.
var (
	drawSubs    = []string{"11111111-0000-0000-0000-000000000001", "22222222-0000-0000-0000-000000000002", "33333333-0000-0000-0000-000000000003"}
	drawRegions = []string{"westeurope", "northeurope", "usgovvirginia", "global"}
	drawTypes   = []string{"microsoft.devices/iothubs", "microsoft.devices/provisioningservices", "microsoft.storage/storageaccounts", "microsoft.web/sites"}
	drawNames   = []string{"IoT Hub", "DPS", "Azure Storage", "Azure Functions", "App Service", "Microsoft Entra ID", "Unheard Of"}
	drawCNs     = []string{"Baltimore CyberTrust Root", "Microsoft RSA TLS CA 01", "DigiCert Global Root CA", "DigiCert Global Root G2", "Microsoft Azure TLS Issuing CA 01"}
	drawRepos   = []string{"contoso/pay-api", "contoso/shop", "contoso/gone"}
	drawDays    = []cutover.Date{"2022-11-30", "2023-01-05", "2023-02-15", "2023-03-31", "2023-06-30", "2024-06-30"}
)

func some[T any](t *rapid.T, from []T, label string) []T {
	var out []T
	if len(from) == 0 {
		return out
	}
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(from)-1), 0, len(from), rapid.ID[int]).Draw(t, label) {
		out = append(out, from[i])
	}
	return out
}

func one[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

func maybe(t *rapid.T, label string) bool { return rapid.Bool().Draw(t, label) }

func drawNotice(t *rapid.T, i, revision int) cutover.Notice {
	n := cutover.Notice{
		Key: fmt.Sprintf("azure:N-%d", i), Provider: "azure", TrackingIDs: []string{fmt.Sprintf("N-%d", i)}, Title: "Notice " + fmt.Sprint(i),
		EventType: one(t, []string{cutover.EventHealthAdvisory, cutover.EventHealthAdvisory, cutover.EventServiceIssue}, "event"),
		Topic:     one(t, []string{cutover.TopicCertificate, cutover.TopicCertificate, cutover.TopicRetirement}, "topic"),
		Services:  some(t, drawNames, "services"), Regions: some(t, drawRegions[:3], "regions"),
		ExcludedClouds:   some(t, []string{cutover.CloudUSGov}, "excluded"),
		Subscriptions:    some(t, drawSubs, "subscriptions"),
		ActionRequired:   maybe(t, "action"),
		PinningCondition: maybe(t, "pinning") && maybe(t, "pinning too"),
		Cancelled:        maybe(t, "cancelled") && maybe(t, "cancelled too") && maybe(t, "cancelled at all"),
		Verdict:          one(t, []cutover.Verdict{cutover.VerdictRead, cutover.VerdictRead, cutover.VerdictPartial}, "verdict"),
		Revision:         revision, FirstSeen: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	for range rapid.IntRange(0, 3).Draw(t, "milestones") {
		m := cutover.Milestone{
			Kind:      one(t, []string{cutover.KindActBy, cutover.KindCutover, cutover.KindRetirement, cutover.KindExpiry}, "kind"),
			Start:     one(t, drawDays, "start"),
			Precision: one(t, []string{cutover.PrecisionDay, cutover.PrecisionMonth}, "precision"),
			Services:  some(t, n.Services, "of"),
		}
		n.Milestones = append(n.Milestones, m)
	}
	for _, cn := range some(t, drawCNs, "certificates") {
		n.Certificates = append(n.Certificates, cutover.Certificate{CN: cn, Role: cutover.RoleRoot, State: one(t, []string{cutover.StateRetiring, cutover.StateRetiring, cutover.StateIntroduced}, "state")})
	}
	return n
}

func drawResources(t *rapid.T) []cutover.Resource {
	var out []cutover.Resource
	for i := range rapid.IntRange(0, 8).Draw(t, "resources") {
		if maybe(t, "skip") {
			continue
		}
		typ, sub := drawTypes[i%len(drawTypes)], drawSubs[i%len(drawSubs)]
		r := cutover.Resource{
			ID: fmt.Sprintf("/subscriptions/%s/resourceGroups/RG/providers/%s/r%d", sub, typ, i), Name: fmt.Sprintf("r%d", i), Type: typ,
			Subscription: sub, Group: "rg", Region: drawRegions[i%len(drawRegions)], Properties: map[string]string{},
		}
		if maybe(t, "tagged") {
			r.Tags = map[string]string{"Owner": one(t, []string{"payments", "Device Team", "nobody"}, "tag")}
		}
		if maybe(t, "flag") {
			r.Properties["properties.rootCertificate.enableRootCertificateV2"] = one(t, []string{"true", "false"}, "value")
		}
		if maybe(t, "kind") {
			r.Properties["kind"] = "functionapp"
		}
		out = append(out, r)
	}
	return out
}

func drawFindings(t *rapid.T, version string) []cutover.Finding {
	var out []cutover.Finding
	for i := range rapid.IntRange(0, 8).Draw(t, "findings") {
		if maybe(t, "skip finding") {
			continue
		}
		f := cutover.Finding{
			Repository: drawRepos[i%2], Commit: version, Path: fmt.Sprintf("p%d.go", i/2), Line: 1 + rapid.IntRange(0, 1).Draw(t, "line"),
			Kind: one(t, []string{cutover.FindPEM, cutover.FindCommonName, cutover.FindSPKI}, "finding kind"), Identity: drawCNs[i%len(drawCNs)],
			Role:      one(t, []string{cutover.FileCode, cutover.FileCode, cutover.FileTest}, "role"),
			Direction: one(t, []string{cutover.DirectionTrusts, cutover.DirectionTrusts, cutover.DirectionMentions}, "direction"), Confidence: "high",
			Fingerprint: fmt.Sprintf("f%d", i),
		}
		if maybe(t, "hinted") {
			f.OwnerHints, f.OwnerRule = []string{"@contoso/devices"}, "CODEOWNERS:1"
		}
		out = append(out, f)
	}
	return out
}

func drawSources(t *rapid.T, at time.Time, version string) []cutover.Source {
	out := []cutover.Source{{Name: "inventory", Kind: cutover.SourceInventory, AsOf: at.Add(-time.Hour), Version: version, Complete: rapid.IntRange(0, 3).Draw(t, "inventory") > 0, Reason: "drawn"}}
	for _, r := range drawRepos[:rapid.IntRange(1, 2).Draw(t, "repositories")] {
		out = append(out, cutover.Source{Name: r, Kind: cutover.SourceRepository, AsOf: at.Add(-time.Hour), Version: version, Complete: rapid.IntRange(0, 3).Draw(t, r) > 0, Reason: "drawn"})
	}
	return out
}

func drawDecision(t *rapid.T, known []cutover.Action, cases []cutover.Case, at time.Time) []cutover.Decision {
	if len(known) == 0 || maybe(t, "silence") {
		return nil
	}
	a := one(t, known, "about")
	d := cutover.Decision{
		ID: "d" + at.Format(time.RFC3339), Target: a.ID, Who: "Ann", At: at.Add(-time.Minute), Revision: a.Revision, Until: one(t, drawDays, "until"), To: one(t, []string{"payments", "devices", "platform", "nobody"}, "to"),
		Kind: one(t, []string{cutover.DecideAcknowledge, cutover.DecideSnooze, cutover.DecideWaive, cutover.DecideReassign, cutover.DecideDone, cutover.DecideDone}, "decision"),
	}
	if maybe(t, "by name") {
		d.Target = a.Key
	}
	for _, c := range cases {
		if c.Kind == cutover.CaseCancelled && maybe(t, "approve") {
			d.Kind, d.Target = cutover.DecideApprove, c.ID
		}
	}
	return []cutover.Decision{d}
}

// TestApplyThenPlanGivesNothing plays a few passes on changing worlds. After each,
// planning again gives nothing; nobody has two actions for one notice; no item is
// open in two of them; and nothing ends without its proof.
func TestApplyThenPlanGivesNothing(t *testing.T) {
	base := baseWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w, known, cases := base, []cutover.Action(nil), []cutover.Case(nil)
		for step := range rapid.IntRange(1, 5).Draw(t, "steps") {
			version := fmt.Sprintf("v%d", step)
			w.At = time.Date(2023, 1, 10, 0, 0, 0, 0, time.UTC).AddDate(0, rapid.IntRange(0, 2).Draw(t, "months")+2*step, 0)
			w.Notices = nil
			for i := range rapid.IntRange(0, 3).Draw(t, "notices") {
				w.Notices = append(w.Notices, drawNotice(t, i, step+1))
			}
			w.Resources, w.Findings, w.Sources = drawResources(t), drawFindings(t, version), drawSources(t, w.At, version)
			w.Subscriptions = base.Subscriptions[:rapid.IntRange(2, 3).Draw(t, "stands")]
			w.Policy.NamedSubscriptionsOnly = maybe(t, "policy") && maybe(t, "policy too")
			w.Decisions = append(slices.Clone(w.Decisions), drawDecision(t, known, cases, w.At)...)

			p := must(Desired(w.input(known), w.At))
			changes := Diff(p, known, w.Decisions, w.At)
			checkChanges(t, p, w, known, changes)
			next := apply(known, changes)
			checkLedger(t, next)
			again := Diff(must(Desired(w.input(next), w.At)), next, w.Decisions, w.At)
			if len(again) > 0 {
				var b strings.Builder
				printChanges(&b, changes)
				b.WriteString("and then\n")
				printChanges(&b, again)
				t.Fatalf("planning after applying gives something:\n%s", b.String())
			}
			known, cases = next, p.Cases
		}
	})
}

func must(p Plan, err error) Plan {
	if err != nil {
		panic(err)
	}
	return p
}

// checkChanges holds each change against the laws: an end has its proof, and
// nothing is struck out by a source that may not.
func checkChanges(t *rapid.T, p Plan, w world, known []cutover.Action, changes []Change) {
	before := map[string]cutover.Action{}
	for _, a := range known {
		before[a.ID] = a
	}
	good := map[string]bool{}
	for _, s := range w.Sources {
		good[s.Name] = s.Complete
	}
	for _, c := range changes {
		a := c.Action
		if old, ok := before[a.ID]; ok && a.Version != old.Version+1 || !ok && a.Version != 1 {
			t.Fatalf("%s: version %d does not count up", a.Key, a.Version)
		}
		if a.State.Ended() && (a.Proof == "" || a.Open() > 0 || a.Ended.IsZero()) {
			t.Fatalf("%s ended as %s with %d open items, proof %q", a.Key, a.State, a.Open(), a.Proof)
		}
		if (a.State == cutover.ActionMoved) != (a.MovedTo != "") {
			t.Fatalf("%s is %s and moved to %q", a.Key, a.State, a.MovedTo)
		}
		for _, it := range c.Cleared {
			source := "inventory"
			if it.Kind == cutover.ItemFinding {
				source = it.Repository
			}
			if !good[source] || it.Proof == "" {
				t.Fatalf("%s: %s was cleared on %s, which is no proof: %q", a.Key, it.ID, source, it.Proof)
			}
		}
		if len(c.Reasons) == 0 && c.Kind != Create {
			t.Fatalf("%s: a %s without a reason", a.Key, c.Kind)
		}
	}
	for _, o := range p.Outcomes {
		if o.Outcome != cutover.OutcomeClear {
			continue
		}
		if name, ok := strings.CutPrefix(o.Scope, "repository:"); ok && !good[name] || !ok && !good["inventory"] {
			t.Fatalf("%s %s is clear without a good source", o.Notice, o.Scope)
		}
	}
}

func checkLedger(t *rapid.T, actions []cutover.Action) {
	keys, items := map[string]bool{}, map[string]string{}
	for _, a := range actions {
		if keys[a.Key] {
			t.Fatalf("two open actions are called %s", a.Key)
		}
		keys[a.Key] = true
		if a.Open() == 0 {
			t.Fatalf("%s is %s and has no open item", a.Key, a.State)
		}
		for _, it := range a.Items {
			id := a.Notice + " " + it.ID
			if it.Cleared == "" && items[id] != "" {
				t.Fatalf("%s is open in %s and in %s", it.ID, items[id], a.Key)
			}
			if it.Cleared == "" {
				items[id] = a.Key
			}
		}
	}
}

// TestShuffledInputGivesTheSame draws a world, plans on it, shuffles every list and
// plans again.
func TestShuffledInputGivesTheSame(t *testing.T) {
	base := baseWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w, known := base, []cutover.Action(nil)
		for i := range rapid.IntRange(0, 3).Draw(t, "notices") {
			w.Notices = append(w.Notices, drawNotice(t, i, 1))
		}
		w.Resources, w.Findings, w.Sources = drawResources(t), drawFindings(t, "v1"), drawSources(t, w.At, "v1")
		known = apply(nil, Diff(must(Desired(w.input(nil), w.At)), nil, nil, w.At))
		w.At = w.At.AddDate(0, 1, 0)
		w.Decisions = drawDecision(t, known, nil, w.At)
		w.Resources, w.Findings, w.Sources = drawResources(t), drawFindings(t, "v2"), drawSources(t, w.At, "v2")

		s := w
		s.Notices, s.Services, s.CAs = shuffle(t, w.Notices), shuffle(t, w.Services), shuffle(t, w.CAs)
		s.Subscriptions, s.Groups, s.Resources = shuffle(t, w.Subscriptions), shuffle(t, w.Groups), shuffle(t, w.Resources)
		s.Findings, s.Sources, s.Decisions = shuffle(t, w.Findings), shuffle(t, w.Sources), shuffle(t, w.Decisions)
		s.Ownership.Teams = shuffle(t, w.Ownership.Teams)
		other := shuffle(t, known)

		a, b := must(Desired(w.input(known), w.At)), must(Desired(s.input(other), s.At))
		if d := cmp.Diff(a, b, cmpopts.IgnoreUnexported(Plan{})); d != "" {
			t.Fatalf("shuffled input gives another plan:\n%s", d)
		}
		if d := cmp.Diff(Diff(a, known, w.Decisions, w.At), Diff(b, other, s.Decisions, s.At)); d != "" {
			t.Fatalf("shuffled input gives other changes:\n%s", d)
		}
	})
}

func shuffle[T any](t *rapid.T, xs []T) []T {
	if len(xs) < 2 {
		return xs
	}
	return rapid.Permutation(xs).Draw(t, "order")
}
