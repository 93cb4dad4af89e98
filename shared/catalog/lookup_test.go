package catalog

import (
	"slices"
	"strings"
	"testing"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
)

func TestResolve(t *testing.T) {
	x := load(t)
	for name, want := range map[string]string{
		"Azure Storage":                "Storage Accounts",
		"azure storage services":       "Storage Accounts",
		"Azure Blob Storage":           "Storage Accounts",
		"static websites":              "Storage Accounts",
		"Azure Data Lake Storage Gen2": "Storage Accounts",
		"Azure Data Lake Storage Gen1": "Azure Data Lake Storage Gen1",
		"Storage":                      "Storage Accounts",
		"IoT Hub":                      "Azure IoT Hub",
		"Microsoft Azure IoT Hubs":     "Azure IoT Hub",
		"IoT Central":                  "Azure IoT Central",
		"DPS":                          "IoT Hub Device Provisioning Service",
		"Device Provisioning Service":  "IoT Hub Device Provisioning Service",
		"Azure IoT Hub Device Provisioning Service (DPS)": "IoT Hub Device Provisioning Service",
		"Device Update for IoT Hub":                       "Device Update for IoT Hub",
		"IMDS":                                            "Azure Instance Metadata Service",
		"Azure Active Directory":                          "Microsoft Entra ID",
		"Microsoft Entra ID (formerly Azure AD)":          "Microsoft Entra ID",
		"Azure Active Directory B2C":                      "Azure Active Directory B2C",
		"Azure Kubernetes Service":                        "Azure Kubernetes Service (AKS)",
		"AKS":                                             "Azure Kubernetes Service (AKS)",
		"VMs":                                             "Virtual Machines",
		"Azure Virtual Machines (classic)":                "Virtual Machines (classic)",
		"ExpressRoute \\ ExpressRoute Circuits":           "ExpressRoute Circuits",
		"Unheard Of \\ Key Vault":                         "Key Vault",
		"Key Vault \\ Unheard Of":                         "Key Vault",
		"key-vault":                                       "Key Vault",
		"the Key Vault":                                   "",
		"Azure Load Balancer":                             "Load Balancer",
		"Basic Load Balancer":                             "Basic Load Balancer",
		"Azure CDN from Edgio":                            "Azure CDN from Edgio",
		"Azure Front Door (classic)":                      "Azure Front Door (classic)",
		"SQL Data Warehouse":                              "Azure Synapse Analytics",
		"Redis Cache":                                     "Azure Cache for Redis",
		"Azure Monitor Application Insights":              "Application Insights",
		"Private Link":                                    "Azure Private Link",
		"8280d8cf-4a79-4a25-842c-0974cbe6266c":            "Azure IoT Hub",
		" 8280D8CF-4A79-4A25-842C-0974CBE6266C ":          "Azure IoT Hub",
		"Azure Service Name":                              "",
		"Azure":                                           "",
		"service":                                         "",
		"Exchange Online":                                 "",
		"()":                                              "",
		`\`:                                               "",
		"":                                                "",
		strings.Repeat("Azure Storage", 100):              "",
	} {
		got, ok := x.Resolve(name)
		if got.Name != want || ok != (want != "") {
			t.Errorf("Resolve(%.60q) = %q, %v; want %q", name, got.Name, ok, want)
		}
	}
}

func TestMovedFlagOfIoTHub(t *testing.T) {
	x := load(t)
	hub, _ := x.Resolve("Azure IoT Hub")
	if hub.Moved == nil || hub.Moved.Value != "true" || len(x.ByCN(hub.Moved.Root)) != 1 {
		t.Errorf("moved = %+v, want the flag for a root of the catalogue", hub.Moved)
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{"Azure Storage", "a (b) c", ")(", `x\y\z`, "ÀZURE \xff", "(((", "Azure Azure"} {
		f.Add(s)
	}
	x := load(f)
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := x.Resolve(s); ok == (got.Name == "") {
			t.Errorf("Resolve(%q) = %q, %v", s, got.Name, ok)
		}
		x.Named(s)
		x.ByThumbprint(s)
		x.BySPKI(s)
		Region(s)
	})
}

func TestCALookups(t *testing.T) {
	x := load(t)
	const g2 = "DigiCert Global Root G2"
	for _, spelled := range []string{
		"df3c24f9bfd666761b268073fe06d1cc8d4f82a4", "DF3C24F9BFD666761B268073FE06D1CC8D4F82A4",
		"df:3c:24:f9:bf:d6:66:76:1b:26:80:73:fe:06:d1:cc:8d:4f:82:a4", "df 3c 24 f9 bf d6 66 76 1b 26 80 73 fe 06 d1 cc 8d 4f 82 a4",
		"cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
	} {
		if c, ok := x.ByThumbprint(spelled); !ok || c.CN != g2 {
			t.Errorf("ByThumbprint(%q) = %q, %v", spelled, c.CN, ok)
		}
	}
	if c, ok := x.ByThumbprint(""); ok {
		t.Errorf("ByThumbprint of nothing = %q", c.CN)
	}
	for _, name := range []string{g2, "digicert global root g2", "DigiCert Global G2 Root", "DigiCert Global G2"} {
		if got := x.Named(name); len(got) != 1 || got[0].CN != g2 {
			t.Errorf("Named(%q) = %v", name, got)
		}
	}
	if got := x.ByCN("DigiCert Global Root CA"); len(got) != 2 || !got[0].SelfSigned || got[1].SelfSigned {
		t.Errorf("ByCN of a root with a cross-signed twin = %v, want the root first", got)
	}
	if names := x.CANames(); len(names[0]) < len(names[len(names)-1]) || !slices.Contains(names, "Baltimore root") {
		t.Error("CANames is not sorted by length, or lacks prose spellings")
	}
}

func TestByKey(t *testing.T) {
	x := load(t)
	const pin = "r/mIkG3eEpVdm+u/ko/cwxzOMo1bk4TyHIlByibiA5E="
	const asHex = "aff988906dde12955d9bebbf928fdcc31cce328d5b9384f21c8941ca26e20391"
	for _, spelled := range []string{pin, "sha256/" + pin, "sha256/ " + pin, asHex, strings.ToUpper(asHex)} {
		if got := x.BySPKI(spelled); len(got) != 2 {
			t.Errorf("BySPKI(%q) finds %d certificates, want the root and its cross-signed twin", spelled, len(got))
		}
	}
	if got := x.BySPKI(""); got != nil {
		t.Errorf("BySPKI of nothing = %v", got)
	}
	if got := x.BySubjectKeyID("03:DE:50:35:56:D1:4C:BB:66:F0:A3:E2:1B:1B:C3:97:B2:3D:D1:55"); len(got) != 2 {
		t.Errorf("BySubjectKeyID finds %d certificates, want 2", len(got))
	}
}

func cns(cas []cutover.CA) []string {
	var out []string
	for _, c := range cas {
		out = append(out, c.CN+" "+c.SHA1[:8])
	}
	return out
}

// Baltimore cross-signed DigiCert Global Root CA. Its twin certificate hangs under
// Baltimore; the CAs that the root issued do not, and its CN does not mean the twin.
func TestDescendantsOfACrossSigner(t *testing.T) {
	x := load(t)
	baltimore := x.ByCN("Baltimore CyberTrust Root")[0]
	want := []string{
		"DigiCert Global Root CA fb20fa8a", "Microsoft IT SSL SHA2 948e1652", "Microsoft IT TLS CA 1 417e2250",
		"Microsoft IT TLS CA 2 54d9d202", "Microsoft IT TLS CA 4 8a38755d", "Microsoft IT TLS CA 5 ad898ac7",
		"Microsoft RSA TLS CA 01 703d7a8f", "Microsoft RSA TLS CA 02 b0c2d2d1",
	}
	if diff := cmp.Diff(want, cns(x.Descendants(baltimore))); diff != "" {
		t.Error(diff)
	}
	if names := x.ChainNames(baltimore); slices.Contains(names, "DigiCert Global Root CA") || !slices.Contains(names, "Microsoft RSA TLS CA 01") {
		t.Errorf("ChainNames = %v", names)
	}
	twin, _ := x.ByThumbprint("fb20fa8a6a93b375f054814f9e00273ea51a6138")
	if got := x.Descendants(twin); got != nil {
		t.Errorf("the cross-signed twin has descendants: %v", cns(got))
	}
	if got := x.Descendants(cutover.CA{CN: "Baltimore CyberTrust Root"}); len(got) != len(want) {
		t.Errorf("by CN alone there are %d descendants, want %d", len(got), len(want))
	}
}

// An issuing CA exists under DigiCert's root and under Microsoft's: each root has
// its own certificate of that CN below it.
func TestDescendantsOfTwins(t *testing.T) {
	x := load(t)
	under := func(root string) []string { return cns(x.Descendants(x.ByCN(root)[0])) }
	g2, ms := under("DigiCert Global Root G2"), under("Microsoft RSA Root Certificate Authority 2017")
	if !slices.Contains(g2, "Microsoft Azure TLS Issuing CA 01 2f2877c5") || slices.Contains(g2, "Microsoft Azure TLS Issuing CA 01 b9ed88eb") {
		t.Errorf("under DigiCert G2: %v", g2)
	}
	if !slices.Contains(ms, "Microsoft Azure TLS Issuing CA 01 b9ed88eb") || slices.Contains(ms, "Microsoft Azure TLS Issuing CA 01 2f2877c5") {
		t.Errorf("under Microsoft RSA 2017: %v", ms)
	}
	if names := x.ChainNames(x.ByCN("DigiCert Global Root G2")[0]); !slices.Contains(names, "Microsoft Azure TLS Issuing CA 01") {
		t.Errorf("by CN the issuing CA is in the chain of both roots: %v", names)
	}
}

func TestExpiring(t *testing.T) {
	x := load(t)
	if got := x.Expiring("2024-06-30", cutover.PrecisionMonth); len(got) != 16 {
		t.Errorf("June 2024: %d CAs, want the 16 intermediates of 2020", len(got))
	}
	if got := cns(x.Expiring("2025-05-12", cutover.PrecisionDay)); !slices.Equal(got, []string{"Baltimore CyberTrust Root d4de20d0"}) {
		t.Errorf("12 May 2025: %v", got)
	}
	if got := x.Expiring("2024-12-31", cutover.PrecisionYear); len(got) <= 16 {
		t.Errorf("2024: %d CAs", len(got))
	}
	for _, day := range []cutover.Date{"", "2031-01-01", "soon"} {
		if got := x.Expiring(day, cutover.PrecisionDay); got != nil {
			t.Errorf("%q: %v", day, cns(got))
		}
	}
}

func TestRegion(t *testing.T) {
	for in, want := range map[string]string{
		"West Europe": "westeurope", "westeurope": "westeurope", "India Central": "centralindia", "Central India": "centralindia",
		"(Europe) West Europe": "westeurope", "(US) East US 2": "eastus2", "India South": "southindia", "India West": "westindia", "USGov Virginia": "usgovvirginia",
		"Global": "global", "": "", "()": "", "(x": "x",
	} {
		if got := Region(in); got != want {
			t.Errorf("Region(%q) = %q, want %q", in, got, want)
		}
	}
}
