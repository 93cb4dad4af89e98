package catalog

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"cutover/shared/cutover"
)

//go:embed services.json
var servicesJSON []byte

//go:embed cas.json
var casJSON []byte

// serviceFile is services.json. Plain lists the spellings that are everyday words
// ("alerts"): a structured field may use them, prose means nothing by them.
type serviceFile struct {
	Sources  map[string]string `json:"sources"`
	Plain    []string          `json:"plain"`
	Services []cutover.Service `json:"services"`
}

// caFile is cas.json. Names are the spellings by which notices' prose calls a CA
// without giving its CN.
type caFile struct {
	Sources map[string]string `json:"sources"`
	Groups  []group           `json:"groups"`
	Names   map[string]string `json:"names"`
	CAs     []caEntry         `json:"cas"`
}

// group says of a set of CAs whether the platform's own endpoints use or used it.
type group struct {
	Group    string `json:"group"`
	Platform bool   `json:"platform"`
	About    string `json:"about"`
}

// caEntry adds what a certificate that only names its issuer is recognised by.
type caEntry struct {
	cutover.CA
	SubjectKeyID string `json:"subject_key_id"`
}

// Services is the service map, by name. Each source is written out.
func Services() ([]cutover.Service, error) {
	f, err := readServices()
	return f.Services, err
}

// CAs is the list of certificate authorities, by CN; of several with one CN the
// self-signed one comes first. Each source is written out.
func CAs() ([]cutover.CA, error) {
	f, err := readCAs()
	if err != nil {
		return nil, err
	}
	out := make([]cutover.CA, 0, len(f.CAs))
	for _, c := range f.CAs {
		out = append(out, c.CA)
	}
	return out, nil
}

func readServices() (serviceFile, error) {
	var f serviceFile
	if err := json.Unmarshal(servicesJSON, &f); err != nil {
		return f, fmt.Errorf("reading the service map: %w", err)
	}
	for i := range f.Services {
		s := &f.Services[i]
		if s.Types == nil {
			s.Types = []string{}
		}
		text, err := sources(f.Sources, s.Source)
		if err != nil {
			return f, fmt.Errorf("reading the service map: %s: %w", s.Name, err)
		}
		s.Source = text
	}
	return f, nil
}

func readCAs() (caFile, error) {
	var f caFile
	if err := json.Unmarshal(casJSON, &f); err != nil {
		return f, fmt.Errorf("reading the list of CAs: %w", err)
	}
	for i := range f.CAs {
		text, err := sources(f.Sources, f.CAs[i].Source)
		if err != nil {
			return f, fmt.Errorf("reading the list of CAs: %s: %w", f.CAs[i].CN, err)
		}
		f.CAs[i].Source = text
	}
	return f, nil
}

// sources writes out the keys of an entry ("metadata+tables") from the table at
// the head of its file.
func sources(table map[string]string, keys string) (string, error) {
	var out []string
	for _, k := range strings.Split(keys, "+") {
		text, ok := table[k]
		if !ok {
			return "", fmt.Errorf("source %q is not in the table of sources", k)
		}
		out = append(out, text)
	}
	return strings.Join(out, "; "), nil
}
