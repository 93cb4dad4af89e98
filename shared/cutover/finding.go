package cutover

// Roles of the file in which a finding stands.
const (
	FileCode      = "code"
	FileConfig    = "config"
	FileTest      = "test"
	FileDocs      = "docs"
	FileGenerated = "generated"
	FileVendored  = "vendored"
)

// Directions of a finding: what the place does with the certificate.
const (
	DirectionTrusts   = "trusts"
	DirectionRefuses  = "refuses"
	DirectionMentions = "mentions"
)

// Kinds of findings (the first ones; the set is open).
const (
	FindPEM        = "pem"
	FindDER        = "der"
	FindBase64     = "base64"
	FindByteArray  = "byte-array"
	FindSHA1       = "thumbprint-sha1"
	FindSHA256     = "thumbprint-sha256"
	FindSPKI       = "spki-pin"
	FindCommonName = "common-name"
	FindSDK        = "sdk"
	FindGap        = "trust-store-gap"
	FindBundle     = "bundle"
)

// Finding is one place in a repository that ties it to a certificate or an SDK.
// The JSON keys are a contract.
type Finding struct {
	Repository  string   `json:"repository"`
	Commit      string   `json:"commit"` // or the digest of the content, for a folder
	Path        string   `json:"path"`   // from the repository's root, with slashes
	Line        int      `json:"line"`   // 1-based; 0 for binary files
	EndLine     int      `json:"end_line"`
	Places      []Place  `json:"places"`
	Kind        string   `json:"kind"`
	Identity    string   `json:"identity"` // CN, as the catalogue spells it
	Identities  []string `json:"identities"`
	Thumbprint  string   `json:"thumbprint,omitempty"` // SHA-1 of the certificate, lower-case hex
	Match       string   `json:"match"`                // what stands there, at most 120 characters, secrets redacted
	Role        string   `json:"role"`
	Direction   string   `json:"direction"`
	Fingerprint string   `json:"fingerprint"` // content + path, never the line
	Confidence  string   `json:"confidence"`  // high, medium, low
	Reason      string   `json:"reason"`
	OwnerHints  []string `json:"owner_hints"`          // CODEOWNERS of the path, in the order of the line
	OwnerRule   string   `json:"owner_rule,omitempty"` // where that stands: .github/CODEOWNERS:12
	Endpoints   []string `json:"endpoints,omitempty"`  // Azure endpoints near it
	Conflict    string   `json:"conflict,omitempty"`   // a label beside it that names another CA
}

// Place is another spot where the same thing stands.
type Place struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	EndLine int    `json:"end_line,omitempty"`
}

// ID names the finding as an item: repository:path#fingerprint.
func (f Finding) ID() string {
	fp := f.Fingerprint
	if len(fp) > 12 {
		fp = fp[:12]
	}
	return f.Repository + ":" + f.Path + "#" + fp
}

// Repository is one repository that is scanned.
type Repository struct {
	Name   string `json:"name"` // contoso/payments-api
	Path   string `json:"path"` // on this machine
	URL    string `json:"url,omitempty"`
	Branch string `json:"branch,omitempty"`
}

// CA is one certificate authority of the catalogue. Hashes are lower-case hex,
// the pin is base64 of the SHA-256 of the SPKI; unknown values are empty.
type CA struct {
	CN         string `json:"cn"`
	SubjectDN  string `json:"subject_dn"`
	IssuerCN   string `json:"issuer_cn"`
	Role       string `json:"role"` // root, intermediate, cross-signed root
	SHA1       string `json:"sha1"`
	SHA256     string `json:"sha256,omitempty"`
	SPKI       string `json:"spki_sha256,omitempty"`
	Serial     string `json:"serial,omitempty"`
	NotBefore  Date   `json:"not_before,omitempty"`
	NotAfter   Date   `json:"not_after,omitempty"`
	Group      string `json:"group"`
	Source     string `json:"source"`
	SelfSigned bool   `json:"self_signed"`
}

// Service is one entry of the service map: how notices name a service, and which
// resources it means.
type Service struct {
	Name    string   `json:"service"` // canonical
	GUID    string   `json:"guid,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
	Types   []string `json:"types"` // resource types, lower case
	// Whole marks services that have no resource type (network, portal, Entra ID)
	// and so mean the whole subscription.
	Whole bool `json:"whole,omitempty"`
	// Where keeps only the resources whose property has one of the values, for
	// services that share a resource type with others. Values compare without
	// case; a value "~x" means "contains x".
	Where []Predicate `json:"where,omitempty"`
	// Moved says when a resource of a certificate change is through already.
	Moved  *Moved `json:"moved,omitempty"`
	Source string `json:"source"`
}

// Predicate is a test on one property of a resource.
type Predicate struct {
	Path   string   `json:"path"`
	Values []string `json:"values"`
	// Types limits the test to resources of these types (lower case); a resource
	// of another type passes. Empty: all types of the service.
	Types []string `json:"types,omitempty"`
}

// Moved is the property that tells whether a resource has moved to a certificate
// root: the value that means "moved", and to which root.
type Moved struct {
	Path  string `json:"path"`
	Value string `json:"value"`
	Root  string `json:"root"` // CN of the root that the value means
	Says  string `json:"says"` // for people
}
