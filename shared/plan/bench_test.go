package plan

import (
	"fmt"
	"iter"
	"runtime"
	"testing"
	"time"

	"cutover/shared/cutover"
)

// The size that one machine must bear: 500 notices, 1,000 subscriptions, 5,000
// findings. Rows are made as they are read, as a store makes them.
const (
	benchNotices  = 500
	benchSubs     = 1000
	benchTypes    = 120 // resource types in the inventory
	benchFindings = 5000
	benchRepos    = 50
)

func benchInput(resources int) Input {
	in := Input{
		Ownership: cutover.Ownership{
			Teams: []cutover.Team{{ID: "platform", Name: "Platform"}}, Tags: []string{"owner", "team"}, Fallback: "platform",
			Repositories: map[string]string{"contoso/repo-1*": "team-1"},
		},
		Sources: []cutover.Source{{Name: "inventory", Kind: cutover.SourceInventory, AsOf: at("2023-01-09"), Version: "v", Complete: true}},
	}
	for i := range 40 {
		in.Ownership.Teams = append(in.Ownership.Teams, cutover.Team{ID: fmt.Sprintf("team-%d", i), Name: fmt.Sprintf("Team %d", i)})
	}
	for i := range benchTypes {
		in.Services = append(in.Services, cutover.Service{Name: fmt.Sprintf("Service %d", i), Types: []string{benchType(i)}})
	}
	for i := range benchSubs {
		in.Subscriptions = append(in.Subscriptions, cutover.Subscription{ID: benchSub(i), Name: fmt.Sprintf("subscription %d", i), Cloud: cutover.CloudPublic})
	}
	for i := range 60 {
		in.CAs = append(in.CAs, cutover.CA{CN: fmt.Sprintf("CA %d", i), IssuerCN: fmt.Sprintf("CA %d", i/4), SelfSigned: i == 0, SHA1: fmt.Sprintf("%040x", i), Role: "intermediate"})
	}
	for i := range benchRepos {
		in.Sources = append(in.Sources, cutover.Source{Name: fmt.Sprintf("contoso/repo-%d", i), Kind: cutover.SourceRepository, AsOf: at("2023-01-09"), Version: "c", Complete: true})
	}
	for i := range benchNotices {
		in.Notices = append(in.Notices, benchNotice(i))
	}
	in.Resources, in.Findings = benchResources(resources), benchFinding()
	return in
}

func benchType(i int) string { return fmt.Sprintf("microsoft.provider%d/things", i) }

func benchSub(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i) }

// benchNotice is every fifth time about certificates, and names one region in
// sixteen of one or two services.
func benchNotice(i int) cutover.Notice {
	n := cutover.Notice{
		Key: fmt.Sprintf("azure:%04d-XXX", i), Title: "Notice", EventType: cutover.EventHealthAdvisory, Topic: cutover.TopicRetirement, Verdict: cutover.VerdictRead, ActionRequired: true,
		Services: []string{fmt.Sprintf("Service %d", i%benchTypes), fmt.Sprintf("Service %d", (i*7)%benchTypes)}, Regions: []string{fmt.Sprintf("region%d", i%16)},
		Milestones: []cutover.Milestone{{Kind: cutover.KindRetirement, Start: "2023-06-30", Precision: cutover.PrecisionDay}}, Revision: 1, FirstSeen: at("2023-01-01"),
	}
	if i%5 == 0 {
		n.Topic, n.PinningCondition = cutover.TopicCertificate, i%10 == 0
		n.Certificates = []cutover.Certificate{{CN: fmt.Sprintf("CA %d", i/5%60), State: cutover.StateRetiring}, {CN: "New root", Role: cutover.RoleRoot, State: cutover.StateIntroduced}}
	}
	return n
}

func benchResources(n int) iter.Seq2[cutover.Resource, error] {
	return func(yield func(cutover.Resource, error) bool) {
		for i := range n {
			sub := benchSub(i % benchSubs)
			r := cutover.Resource{
				ID:   fmt.Sprintf("/subscriptions/%s/resourceGroups/rg-%d/providers/Microsoft.Provider%d/things/thing-%d", sub, i%7, i%benchTypes, i),
				Name: fmt.Sprintf("thing-%d", i), Type: benchType(i % benchTypes), Subscription: sub, Group: fmt.Sprintf("rg-%d", i%7),
				Region: fmt.Sprintf("region%d", i/benchTypes%16), Cloud: cutover.CloudPublic, Tags: map[string]string{"owner": fmt.Sprintf("team-%d", i%40), "env": "prod"},
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func benchFinding() iter.Seq2[cutover.Finding, error] {
	return func(yield func(cutover.Finding, error) bool) {
		for i := range benchFindings {
			f := cutover.Finding{
				Repository: fmt.Sprintf("contoso/repo-%d", i%benchRepos), Commit: "c", Path: fmt.Sprintf("src/file%d.go", i/3), Line: i % 100, Kind: cutover.FindPEM, Identity: fmt.Sprintf("CA %d", i%60),
				Role: cutover.FileCode, Direction: cutover.DirectionTrusts, Confidence: "high", Fingerprint: fmt.Sprintf("%012x", i),
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// BenchmarkDesired measures one pass; reading alone is what the rows themselves
// cost here, to subtract.
func BenchmarkDesired(b *testing.B) {
	for _, size := range []int{50_000, 100_000, 200_000} {
		b.Run(fmt.Sprintf("resources=%d", size), func(b *testing.B) {
			in := benchInput(size)
			b.ReportAllocs()
			var p Plan
			for b.Loop() {
				p = must(Desired(in, at("2023-01-10")))
			}
			items := 0
			for _, a := range p.Actions {
				items += len(a.Items)
			}
			b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "resources/s")
			b.ReportMetric(float64(items), "items")
			b.ReportMetric(float64(len(p.Actions)), "actions")
			b.ReportMetric(peak(func() { p = must(Desired(in, at("2023-01-10"))) })/(1<<20), "MB-held")
			runtime.KeepAlive(p)
		})
		b.Run(fmt.Sprintf("reading=%d", size), func(b *testing.B) {
			n := 0
			for b.Loop() {
				for r := range benchResources(size) {
					n += len(r.ID)
				}
			}
		})
	}
}

// peak is how much more the heap holds right after f, in bytes.
func peak(f func()) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}

// BenchmarkSecondPass measures planning and subtracting when nothing changed, which
// is what every tick of the clock does.
func BenchmarkSecondPass(b *testing.B) {
	in, now := benchInput(200_000), at("2023-01-10")
	in.Known = apply(nil, Diff(must(Desired(in, now)), nil, nil, now))
	b.ReportAllocs()
	for b.Loop() {
		if changes := Diff(must(Desired(in, now.Add(time.Hour))), in.Known, nil, now.Add(time.Hour)); len(changes) > 0 {
			b.Fatalf("%d changes", len(changes))
		}
	}
}

// BenchmarkFold200 folds 200 copies of a notice, each to another subscription.
func BenchmarkFold200(b *testing.B) {
	for _, copies := range []int{1, 200} {
		b.Run(fmt.Sprintf("copies=%d", copies), func(b *testing.B) {
			var rs []cutover.Reading
			for i := range copies {
				n := benchNotice(5)
				n.Subscriptions = []string{benchSub(i)}
				rs = append(rs, cutover.Reading{Delivery: fmt.Sprintf("d%03d", i), Stamp: at("2023-01-01").Add(time.Duration(i%7) * time.Hour), Notice: n})
			}
			b.ReportAllocs()
			for b.Loop() {
				fold(rs...)
			}
		})
	}
}
