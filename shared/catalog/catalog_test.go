package catalog

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
)

func load(t testing.TB) *Index {
	t.Helper()
	x, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// One entry a line, sorted: that is what keeps a review of the data readable.
func TestFilesAreSortedLines(t *testing.T) {
	for name, file := range map[string]struct {
		data []byte
		key  string
	}{"services.json": {servicesJSON, "service"}, "cas.json": {casJSON, "cn"}} {
		var last string
		entries := 0
		for line := range strings.Lines(string(file.data)) {
			line = strings.TrimSuffix(strings.TrimSpace(line), ",")
			var e map[string]any
			if json.Unmarshal([]byte(line), &e) != nil || e[file.key] == nil {
				continue
			}
			entries++
			now := strings.ToLower(e[file.key].(string))
			if now < last {
				t.Errorf("%s: %q stands after %q", name, now, last)
			}
			last = now
		}
		if entries < 70 {
			t.Errorf("%s: %d entries stand on lines of their own, want at least 70", name, entries)
		}
	}
}

func TestServicesAreWellFormed(t *testing.T) {
	services, err := Services()
	if err != nil {
		t.Fatal(err)
	}
	typ := regexp.MustCompile(`^[a-z0-9]+(\.[a-z0-9]+)+(/[a-z0-9]+)+$`)
	guid := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	guids, whole := map[string]string{}, 0
	for _, s := range services {
		if s.Whole {
			whole++
		}
		if s.Whole == (len(s.Types) > 0) {
			t.Errorf("%s: whole is %v with %d types", s.Name, s.Whole, len(s.Types))
		}
		for _, ty := range s.Types {
			if !typ.MatchString(ty) {
				t.Errorf("%s: type %q is not a lower-case resource type", s.Name, ty)
			}
		}
		if s.GUID != "" {
			if !guid.MatchString(s.GUID) || guids[s.GUID] != "" {
				t.Errorf("%s: GUID %q is malformed or that of %q", s.Name, s.GUID, guids[s.GUID])
			}
			guids[s.GUID] = s.Name
		}
		if s.Source == "" {
			t.Errorf("%s: no source", s.Name)
		}
		for _, p := range s.Where {
			if p.Path == "" || len(p.Values) == 0 {
				t.Errorf("%s: empty predicate %+v", s.Name, p)
			}
			for _, ty := range p.Types {
				if !slices.Contains(s.Types, ty) {
					t.Errorf("%s: predicate on %q, which is not one of its types", s.Name, ty)
				}
			}
		}
	}
	if whole != 9 {
		t.Errorf("%d services mean a whole scope, want 9", whole)
	}
}

func TestNoTwoServicesShareASpelling(t *testing.T) {
	services, err := Services()
	if err != nil {
		t.Fatal(err)
	}
	exact, near := map[string]string{}, map[string]string{}
	for _, s := range services {
		for _, n := range spellings(s) {
			if of := exact[fold(n)]; of != "" {
				t.Errorf("%q is a spelling of %q and of %q", n, of, s.Name)
			}
			exact[fold(n)] = s.Name
			if of := near[loose(n)]; of != "" && of != s.Name {
				t.Errorf("%q reads loosely as %q, and so does a spelling of %q", n, loose(n), of)
			}
			near[loose(n)] = s.Name
		}
	}
}

func TestCAsAreWellFormed(t *testing.T) {
	cas, err := CAs()
	if err != nil {
		t.Fatal(err)
	}
	roles := []string{"root", "intermediate", "cross-signed root"}
	for _, c := range cas {
		bad := func(what string) { t.Errorf("%s (%s): %s", c.CN, c.SHA1, what) }
		if b, err := hex.DecodeString(c.SHA1); err != nil || len(b) != 20 || c.SHA1 != strings.ToLower(c.SHA1) {
			bad("sha1")
		}
		if b, err := hex.DecodeString(c.SHA256); err != nil || c.SHA256 != "" && len(b) != 32 {
			bad("sha256")
		}
		if b, err := base64.StdEncoding.DecodeString(c.SPKI); err != nil || c.SPKI != "" && len(b) != 32 {
			bad("spki")
		}
		if _, err := hex.DecodeString(c.Serial); err != nil {
			bad("serial")
		}
		for _, d := range []cutover.Date{c.NotBefore, c.NotAfter} {
			if d != "" && !d.Valid() {
				bad("date " + string(d))
			}
		}
		if c.NotBefore != "" && c.NotAfter <= c.NotBefore {
			bad("ends before it begins")
		}
		if !slices.Contains(roles, c.Role) || c.Source == "" || c.Group == "" {
			bad("role, source or group")
		}
		if c.SelfSigned != (c.Role == "root") || c.SelfSigned && c.IssuerCN != c.CN {
			bad("self-signed")
		}
		if c.SubjectDN != "" && !strings.HasPrefix(c.SubjectDN, "CN="+c.CN+",") {
			bad("subject " + c.SubjectDN)
		}
	}
}

func TestEveryGroupAndNameIsKnown(t *testing.T) {
	f, err := readCAs()
	if err != nil {
		t.Fatal(err)
	}
	x := load(t)
	for _, c := range f.CAs {
		if _, ok := x.cas.platform[c.Group]; !ok {
			t.Errorf("%s: group %q is not described", c.CN, c.Group)
		}
		if b, err := hex.DecodeString(c.SubjectKeyID); err != nil || c.SubjectKeyID != "" && len(b) < 8 {
			t.Errorf("%s: subject key id %q", c.CN, c.SubjectKeyID)
		}
	}
	for name, cn := range f.Names {
		if len(x.ByCN(cn)) == 0 || len(x.ByCN(name)) > 0 {
			t.Errorf("the name %q leads to %q: no such CN, or a CN itself", name, cn)
		}
	}
}

func TestPropertyPaths(t *testing.T) {
	want := []string{
		"kind",
		"properties.connectionType",
		"properties.gatewayType",
		"properties.rootCertificate.enableRootCertificateV2",
		"properties.storageProfile.osDisk.osType",
		"properties.type",
		"properties.virtualMachineProfile.storageProfile.osDisk.osType",
		"sku.name",
	}
	if diff := cmp.Diff(want, load(t).PropertyPaths()); diff != "" {
		t.Error(diff)
	}
}

func TestNamesAreSafeInProse(t *testing.T) {
	x := load(t)
	names := x.Names()
	for i, n := range names {
		if i > 0 && len(names[i-1]) < len(n) {
			t.Errorf("%q stands after the shorter %q", n, names[i-1])
		}
		if _, ok := x.Resolve(n); !ok {
			t.Errorf("%q stands in Names but Resolve does not know it", n)
		}
	}
	for _, plain := range []string{"Alerts", "Storage", "Functions", "Backup"} {
		if slices.Contains(names, plain) || !slices.Contains(names, "Azure "+plain) {
			t.Errorf("%q must stand in Names with Azure before it, and only so", plain)
		}
	}
	for _, s := range x.Services() {
		if !slices.ContainsFunc(names, func(n string) bool { got, _ := x.Resolve(n); return got.Name == s.Name }) {
			t.Errorf("no spelling of %q is left for prose", s.Name)
		}
	}
}
