package match_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"cutover/shared/catalog"
	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

var benchNow = time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)

const (
	benchNotices       = 500
	benchSubscriptions = 1_000
	benchFindings      = 5_000
	benchRepositories  = 500
	benchTeams         = 50
)

// kind is a service that notices are about, with the type of its resources.
type kind struct{ service, typ string }

// benchKinds are 40 services of the service map, each with a type of its own: both
// the company's resources and the notices are spread over all of them.
func benchKinds() ([]kind, error) {
	services, err := catalog.Services()
	if err != nil {
		return nil, err
	}
	var kinds []kind
	taken := map[string]bool{}
	for _, s := range services {
		if s.Whole || len(s.Where) > 0 || len(s.Types) != 1 || taken[s.Types[0]] || len(kinds) == 40 {
			continue
		}
		taken[s.Types[0]] = true
		kinds = append(kinds, kind{s.Name, s.Types[0]})
	}
	if len(kinds) < 40 {
		return nil, fmt.Errorf("the service map has only %d such services", len(kinds))
	}
	return kinds, nil
}

var (
	benchRegions = []string{"westeurope", "northeurope", "eastus", "eastus2", "westus2", "japaneast", "uksouth", "swedencentral", "francecentral", "australiaeast",
		"southeastasia", "centralindia", "brazilsouth", "canadacentral", "germanywestcentral", "norwayeast", "switzerlandnorth", "koreacentral", "southafricanorth", "uaenorth"}
)

func benchOwners() cutover.Ownership {
	own := cutover.Ownership{Tags: []string{"owner", "team"}, Fallback: "team-0"}
	for i := range benchTeams {
		own.Teams = append(own.Teams, cutover.Team{ID: fmt.Sprintf("team-%d", i), Name: fmt.Sprintf("Team %d", i), Slack: fmt.Sprintf("#team-%d", i)})
	}
	return own
}

func benchSub(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i) }

// fill makes a company of n resources. Each notice names one service and one
// region; one in ten is about certificates and reaches code.
func fill(path string, n int) error {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, path, sqlite.Volatile())
	if err != nil {
		return err
	}
	cas, err := catalog.CAs()
	if err != nil {
		return err
	}
	kinds, err := benchKinds()
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	err = st.Update(ctx, func(tx store.Tx) error {
		for i := range benchNotices {
			if err := tx.PutNotice(benchNotice(i, kinds, cas), 0); err != nil {
				return err
			}
		}
		src := cutover.Source{Name: "inventory", Kind: cutover.SourceInventory, AsOf: benchNow, Version: "1", Complete: true, MaxAge: 48 * time.Hour}
		rows := store.Rows{Resources: func(yield func(cutover.Resource, error) bool) {
			for i := range n {
				if !yield(benchResource(rnd, i, kinds), nil) {
					return
				}
			}
		}}
		for i := range benchSubscriptions {
			rows.Subscriptions = append(rows.Subscriptions, cutover.Subscription{ID: benchSub(i), Name: fmt.Sprintf("sub-%d", i), Cloud: cutover.CloudPublic})
			rows.Groups = append(rows.Groups, cutover.Group{Subscription: benchSub(i), Name: "rg-main", Tags: map[string]string{"owner": fmt.Sprintf("team-%d", i%benchTeams)}})
		}
		if err := tx.ReplaceInventory(src, rows); err != nil {
			return err
		}
		return benchCode(tx, cas)
	})
	if cerr := st.Close(); err == nil {
		err = cerr
	}
	return err
}

func benchNotice(i int, kinds []kind, cas []cutover.CA) cutover.Notice {
	id := fmt.Sprintf("B%03d-%03d", i%1000, i/1000)
	n := cutover.Notice{
		Key: "azure:" + id, Provider: "azure", TrackingIDs: []string{id}, Title: fmt.Sprintf("Retirement number %d", i),
		EventType: cutover.EventHealthAdvisory, Topic: cutover.TopicRetirement, Language: "en", ActionRequired: true,
		Services: []string{kinds[i%len(kinds)].service}, Regions: []string{benchRegions[i/len(kinds)%len(benchRegions)]},
		Verdict: cutover.VerdictRead, Revision: 1, FirstSeen: benchNow, Updated: benchNow,
		Milestones: []cutover.Milestone{{Kind: cutover.KindActBy, Start: "2027-06-30", Precision: cutover.PrecisionDay}},
	}
	if i%10 == 0 {
		n.Topic = cutover.TopicCertificate
		ca := cas[i/10%len(cas)]
		n.Certificates = []cutover.Certificate{
			{CN: ca.CN, Thumbprint: ca.SHA1, Role: cutover.RoleRoot, State: cutover.StateRetiring},
			{CN: "DigiCert Global Root G2", Thumbprint: "df3c24f9bfd666761b268073fe06d1cc8d4f82a4", Role: cutover.RoleRoot, State: cutover.StateIntroduced},
		}
	}
	return n
}

func benchResource(rnd *rand.Rand, i int, kinds []kind) cutover.Resource {
	typ := kinds[rnd.IntN(len(kinds))].typ
	region := benchRegions[rnd.IntN(len(benchRegions))]
	sub := benchSub(rnd.IntN(benchSubscriptions))
	name := fmt.Sprintf("res-%06d", i)
	r := cutover.Resource{
		ID:   "/subscriptions/" + sub + "/resourceGroups/rg-main/providers/" + typ + "/" + name,
		Name: name, Type: typ, Subscription: sub, Group: "rg-main", Region: region, Cloud: cutover.CloudPublic,
	}
	if rnd.IntN(3) == 0 {
		r.Tags = map[string]string{"owner": fmt.Sprintf("team-%d", rnd.IntN(benchTeams)), "env": "prod"}
	}
	return r
}

func benchCode(tx store.Tx, cas []cutover.CA) error {
	for i := range benchRepositories {
		name := fmt.Sprintf("bench/repo-%03d", i)
		var fs []cutover.Finding
		for j := range benchFindings / benchRepositories {
			ca := cas[(i*10+j)%len(cas)]
			fs = append(fs, cutover.Finding{
				Repository: name, Commit: "c0ffee", Path: fmt.Sprintf("src/f%d.go", j), Line: 3, EndLine: 3, Kind: cutover.FindSHA1,
				Identity: ca.CN, Thumbprint: ca.SHA1,
				Role: cutover.FileCode, Direction: cutover.DirectionTrusts, Confidence: "high",
				Fingerprint: cutover.Digest(name, fmt.Sprint(j)), OwnerHints: []string{"@bench/team"},
			})
		}
		src := cutover.Source{Name: name, Kind: cutover.SourceRepository, AsOf: benchNow, Version: "c0ffee", Complete: true}
		if err := tx.ReplaceFindings(src, fs); err != nil {
			return err
		}
	}
	return nil
}
