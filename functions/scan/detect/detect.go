// Package detect finds, in the bytes of one file, what ties it to a certificate
// authority of the catalogue: certificates in any wrapping, digests, pins, names,
// and SDKs that package roots.
//
// It works in two steps. One pass over the bytes looks for anchors, the literals
// that every form of a thing must contain (package-own matcher, no regular
// expressions); only there it decodes, and what was decoded is looked up by hash.
// Nothing is reported because it looks like a certificate or a thumbprint: a
// string of 40 hex digits that the catalogue does not know is nothing.
//
// Then the occurrences are joined into things: a certificate with its comment is
// one, a file with several certificates is a store.
package detect

import (
	"bytes"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// Hit is one thing that was found in one file.
type Hit struct {
	Kind       string
	Identity   string // CN
	Identities []string
	Thumbprint string // SHA-1 of the certificate, where one is known
	Offset     int    // in bytes of the text; orders the hits
	End        int
	Line       int // 1-based; 0 in binary files
	EndLine    int
	Places     []cutover.Place
	Match      string // what stands there, redacted and cut
	Content    string // what the fingerprint is made of: the thing itself, normalised
	Direction  string
	Confidence string
	Reason     string
	Conflict   string

	material bool // decoded certificate
	mention  bool // stands in a comment or in documentation
}

// Result is what one file came to.
type Result struct {
	Role      string
	Hits      []Hit
	Endpoints []string // Azure endpoints that the file names
	Truncated string   // why the file was not looked through to its end
}

// Detector looks for one catalogue. It is made once and used from many
// goroutines; it holds no state of a scan.
type Detector struct {
	sha1    map[string]cutover.CA   // hex
	sha256  map[string]cutover.CA   // hex
	keys    map[string][]cutover.CA // base64 of the SHA-256 of the SPKI
	names   map[string]string       // compact name → CN
	issuers map[string][]string     // CN → CNs of its issuers
	uses    []use
	matcher *matcher
}

// New makes a detector for the CAs.
func New(cas []cutover.CA) *Detector {
	d := &Detector{
		sha1: map[string]cutover.CA{}, sha256: map[string]cutover.CA{}, keys: map[string][]cutover.CA{},
		names: map[string]string{}, issuers: map[string][]string{},
	}
	cas = slices.Clone(cas)
	slices.SortStableFunc(cas, func(a, b cutover.CA) int {
		return strings.Compare(a.CN+"\x00"+a.SHA1, b.CN+"\x00"+b.SHA1)
	})
	var ps patterns
	ps.gates()
	for _, ca := range cas {
		d.add(ca, &ps)
	}
	d.uses = ps.uses
	d.matcher = newMatcher(ps.list)
	return d
}

func (d *Detector) add(ca cutover.CA, ps *patterns) {
	ca.SHA1, ca.SHA256 = strings.ToLower(ca.SHA1), strings.ToLower(ca.SHA256)
	if len(ca.SHA1) == 40 {
		d.sha1[ca.SHA1] = ca
		ps.digest(ca, cutover.FindSHA1, ca.SHA1)
	}
	if len(ca.SHA256) == 64 {
		d.sha256[ca.SHA256] = ca
		ps.digest(ca, cutover.FindSHA256, ca.SHA256)
	}
	if ca.SPKI != "" {
		if len(d.keys[ca.SPKI]) == 0 {
			ps.pin(ca)
		}
		d.keys[ca.SPKI] = append(d.keys[ca.SPKI], ca)
	}
	ps.serial(ca)
	if ca.CN != "" {
		if c := compact(ca.CN); d.names[c] == "" {
			d.names[c] = ca.CN
			ps.name(ca.CN)
		}
		if !slices.Contains(d.issuers[ca.CN], ca.IssuerCN) {
			d.issuers[ca.CN] = append(d.issuers[ca.CN], ca.IssuerCN)
		}
	}
}

// File looks through one file. The path is relative to the repository's root,
// with slashes; it tells the role and which formats to expect.
func (d *Detector) File(path string, data []byte) Result {
	text := toUTF8(data)
	binary := isBinary(text)
	f := &file{
		d: d, path: path, data: text, binary: binary,
		role: Role(path, text), syntax: syntaxOf(path),
		budget: 16*len(text) + 1<<20,
	}
	if !binary {
		d.matcher.find(text, f.literal)
		f.names()
	}
	f.certificates()
	res := Result{Role: f.role}
	res.Hits = f.join()
	if len(res.Hits) > 0 && !binary {
		res.Endpoints = endpoints(text)
	}
	switch {
	case f.total >= perFile:
		res.Truncated = "it names more than " + itoa(perFile) + " things"
	case f.budget < 0:
		res.Truncated = "decoding it took too long"
	}
	return res
}

// file is the state of looking through one file.
type file struct {
	d      *Detector
	path   string
	data   []byte
	binary bool
	role   string
	syntax syntax
	gates  gates
	budget int // bytes that decoding may still read: bounds hostile input

	certs []cert
	hits  []Hit
	named []Hit // names, before the longest of overlapping ones is chosen
	count map[int32]int
	total int
	lines lineIndex
}

// Limits of what one file lists. Beyond perUse places of one thing the rest adds
// nothing; beyond perFile in all the file was made to cost time.
const (
	perUse  = 100
	perFile = 2000
)

// admit counts an occurrence and reports whether it is still taken.
func (f *file) admit(id int32) bool {
	if f.count == nil {
		f.count = map[int32]int{}
	}
	if f.count[id] >= perUse || f.total >= perFile {
		return false
	}
	f.count[id]++
	f.total++
	return true
}

// isBinary follows git: a zero byte near the beginning.
func isBinary(data []byte) bool {
	return bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0
}

// Material reports whether the hit is a decoded certificate or a store of them.
func (h Hit) Material() bool { return h.material }
