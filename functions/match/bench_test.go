package match_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"cutover/functions/match"
	"cutover/shared/catalog"
	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

// measureIn makes the test binary one pass over the store it names, so that its
// peak memory is that of the pass and not of the filling.
const measureIn = "CUTOVER_TEST_MEASURE"

func TestMain(m *testing.M) {
	if path := os.Getenv(measureIn); path != "" {
		if err := measure(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// measured is what one pass cost.
type measured struct {
	Read, Plan     time.Duration // reading the rows alone; what the planner adds
	PeakMB         float64       // resident, of the whole process
	Actions, Items int
}

// BenchmarkPass is one pass over 500 notices, 1,000 subscriptions and 5,000
// findings, with 50,000 and with 200,000 resources, on the embedded store. It
// fails when the planner takes more than twice what reading the rows takes, when
// memory peaks above 300 MB, or when time grows worse than linearly.
func BenchmarkPass(b *testing.B) {
	per := map[int]float64{}
	for _, n := range []int{50_000, 200_000} {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "bench.db")
			if err := fill(path, n); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for range b.N {
				m := measureChild(b, path)
				ratio := float64(m.Plan) / float64(m.Read)
				per[n] = float64(m.Read+m.Plan) / float64(n)
				b.ReportMetric(ratio, "plan/read")
				b.ReportMetric(m.Read.Seconds(), "read-s")
				b.ReportMetric(m.Plan.Seconds(), "plan-s")
				b.ReportMetric(m.PeakMB, "peak-MB")
				b.ReportMetric(float64(m.Items), "items")
				if n == 200_000 && (ratio > 2 || m.PeakMB > 300) {
					b.Errorf("plan/read is %.2f (limit 2), peak is %.0f MB (limit 300)", ratio, m.PeakMB)
				}
			}
		})
	}
	if growth := per[200_000] / per[50_000]; growth > 1.25 {
		b.Errorf("a resource costs %.2f times as much among 200,000 as among 50,000: worse than linear", growth)
	}
}

func measureChild(b *testing.B, path string) measured {
	b.Helper()
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), measureIn+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var m measured
	if err := json.Unmarshal(out, &m); err != nil {
		b.Fatal(err)
	}
	m.PeakMB = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // Linux: KiB
	return m
}

// measure makes the pass in this process and prints what it cost.
func measure(path string) error {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer st.Close()
	cat, err := catalog.Load()
	if err != nil {
		return err
	}
	room := match.Room{
		Store: st, Services: cat.Services(), CAs: cat.CAs(), Ownership: benchOwners(),
		Reminders: func(string, cutover.Team) plan.Reminders { return plan.Reminders{Days: []int{30, 14, 7, 1}} },
		Now:       func() time.Time { return benchNow }, Log: slog.New(slog.DiscardHandler), Yes: true,
	}
	// The first pass warms both: the heap has its size, the file is in memory. Of
	// the next ones the median counts, reading and planning turn by turn.
	var m measured
	var reads, plans []time.Duration
	for i := range 6 {
		runtime.GC() // each pass begins with a clean heap, as package testing does it
		read, err := readRows(ctx, st, cat)
		if err != nil {
			return err
		}
		runtime.GC()
		began := time.Now()
		p, err := room.Plan(ctx)
		if err != nil {
			return err
		}
		if i > 0 {
			reads, plans = append(reads, read), append(plans, time.Since(began))
		}
		m.Actions, m.Items = len(p.Actions), 0
		for _, a := range p.Actions {
			m.Items += len(a.Items)
		}
	}
	m.Read = median(reads)
	m.Plan = max(median(plans)-m.Read, time.Microsecond)
	return json.NewEncoder(os.Stdout).Encode(m)
}

func median(ds []time.Duration) time.Duration {
	slices.Sort(ds)
	return ds[len(ds)/2]
}

// readRows reads the rows that the pass reads, and does nothing with them.
func readRows(ctx context.Context, st store.Store, cat *catalog.Index) (time.Duration, error) {
	began := time.Now()
	err := st.View(ctx, func(rd store.Reader) error {
		var notices []cutover.Notice
		for n, err := range rd.Notices() {
			if err != nil {
				return err
			}
			notices = append(notices, n)
		}
		types, regions, cns := plan.Wanted(notices, cat.Services(), cat.CAs())
		return firstError(drain(rd.Subscriptions()), drain(rd.Groups()), drain(rd.Candidates(types, regions)), drain(rd.Findings(cns)))
	})
	return time.Since(began), err
}

func drain[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
