package match

import (
	"iter"

	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/store"
)

// facts are what one pass stands on, as of one generation of the store.
type facts struct {
	generation int64
	in         plan.Input
	cases      []cutover.Case
}

// load reads the facts. Resources and findings stay iterators: the plan reads
// them once, while the view is open.
func (r *Room) load(rd store.Reader) (facts, error) {
	f := facts{in: plan.Input{
		Services: r.Services, CAs: r.CAs, Ownership: r.Ownership,
		Repositories: r.Repositories, Policy: r.Policy,
	}}
	var err error
	if f.generation, err = rd.Generation(); err != nil {
		return f, err
	}
	if f.in.Sources, err = rd.Sources(); err != nil {
		return f, err
	}
	if f.in.Notices, err = collect(rd.Notices()); err != nil {
		return f, err
	}
	if f.in.Subscriptions, err = collect(rd.Subscriptions()); err != nil {
		return f, err
	}
	if f.in.Groups, err = collect(rd.Groups()); err != nil {
		return f, err
	}
	if f.in.Decisions, err = collect(rd.Decisions("")); err != nil {
		return f, err
	}
	if f.in.Known, err = collect(rd.Actions(false)); err != nil {
		return f, err
	}
	if f.cases, err = collect(rd.Cases(true)); err != nil {
		return f, err
	}
	types, regions, identities := plan.Wanted(f.in.Notices, f.in.Services, f.in.CAs)
	f.in.Resources = rd.Candidates(types, regions)
	f.in.Findings = rd.Findings(identities)
	return f, nil
}

func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
