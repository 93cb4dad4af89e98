package cutover

import (
	"strings"
	"time"
)

// Subscription is one Azure subscription of the inventory.
type Subscription struct {
	ID    string            `json:"id"` // GUID, lower case
	Name  string            `json:"name"`
	Cloud string            `json:"cloud"`
	Tags  map[string]string `json:"tags,omitempty"`
}

// Group is one resource group.
type Group struct {
	Subscription string            `json:"subscription"` // GUID, lower case
	Name         string            `json:"name"`         // lower case, as it compares
	Tags         map[string]string `json:"tags,omitempty"`
}

// Resource is one row of the inventory. Properties holds only the values that
// the service map asks for, by their path in the row ("sku.name",
// "properties.rootCertificate.enableRootCertificateV2"); a path that is absent
// in the row is absent here.
type Resource struct {
	ID           string            `json:"id"` // as the inventory spells it; compare with Fold
	Name         string            `json:"name"`
	Type         string            `json:"type"`         // lower case
	Subscription string            `json:"subscription"` // GUID, lower case
	Group        string            `json:"group"`        // lower case
	Region       string            `json:"region"`       // lower case, no spaces: westeurope, global
	Cloud        string            `json:"cloud"`
	Tags         map[string]string `json:"tags,omitempty"`
	Properties   map[string]string `json:"properties,omitempty"`
}

// Source is one place that facts come from, with how fresh and how complete its
// last look was. A source that failed or is stale makes outcomes unknown.
type Source struct {
	Name     string         `json:"name"` // inventory, or the repository's name
	Kind     string         `json:"kind"` // inventory, repository, mail, webhook
	AsOf     time.Time      `json:"as_of"`
	Version  string         `json:"version"` // commit, or the digest of the content
	Complete bool           `json:"complete"`
	Reason   string         `json:"reason,omitempty"` // why it is not complete
	MaxAge   time.Duration  `json:"max_age,omitempty"`
	Counts   map[string]int `json:"counts,omitempty"`
	Silent   time.Time      `json:"silent,omitzero"` // since when it has been stale
}

// Kinds of sources.
const (
	SourceInventory  = "inventory"
	SourceRepository = "repository"
	SourceMail       = "mail"
	SourceWebhook    = "webhook"
)

// Fresh reports whether an outcome may rest on the source at now, and if not, why.
func (s Source) Fresh(now time.Time) (bool, string) {
	switch {
	case s.AsOf.IsZero():
		return false, s.Name + " has never been read"
	case !s.Complete:
		return false, s.Name + " is incomplete: " + s.Reason
	case s.MaxAge > 0 && now.Sub(s.AsOf) > s.MaxAge:
		return false, s.Name + " was last complete at " + s.AsOf.UTC().Format("2006-01-02 15:04") + " UTC, longer ago than " + s.MaxAge.String()
	}
	return true, ""
}

// CloudOf tells the cloud from a region's name: usgov… and usdod… are the US
// Government cloud, china… is Azure China, everything else is public.
func CloudOf(region string) string {
	switch {
	case strings.HasPrefix(region, "usgov"), strings.HasPrefix(region, "usdod"):
		return CloudUSGov
	case strings.HasPrefix(region, "china"):
		return CloudChina
	}
	return CloudPublic
}

// Region is a region's name as it compares: lower case, letters and digits only.
func Region(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + ('a' - 'A')
		}
		return -1
	}, name)
}

// Fold is an identifier as it compares: Azure's resource ids and names ignore case.
func Fold(id string) string { return strings.ToLower(id) }
