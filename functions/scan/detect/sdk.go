package detect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// sdk is a library that packages CA roots: programs that use it trust what it
// brings, whatever the machine trusts.
type sdk struct {
	group, artifact string
	fixed           string // the first version that asks the system's store instead
	identity        string // the root that versions before it bring
	why             string
}

// sdks is data. Source: Azure/azure-iot-sdk-java, tag 2022-03-04 (Java V1 LTS), whose
// IotHubCertificateManager.java packages the roots; Java V2 leaves it to the system.
var sdks = []sdk{{
	group: "com.microsoft.azure.sdk.iot", artifact: "iot-device-client", fixed: "2.0.0", identity: "Baltimore CyberTrust Root",
	why: "the V1 device client for Java packages its own root certificates; version 2 uses the system's trust store",
}}

// Package is one use of a library of the table, its version possibly a reference
// such as ${iot.version}.
type Package struct {
	Line    int
	Version string
	sdk     sdk
}

// Property is a value that other build files may refer to.
type Property struct {
	Path  string
	Name  string
	Value string
	Line  int
}

// Build is what a build file says about packages.
type Build struct {
	Packages   []Package
	Properties []Property
}

// Resolve settles the packages of one build file against the properties of all and
// gives the findings. It is not part of File, since a property may stand in another
// file.
func Resolve(p string, b Build, props []Property) []Hit {
	var out []Hit
	for _, pkg := range b.Packages {
		group, _ := expand(p, pkg.sdk.group, props)
		artifact, _ := expand(p, pkg.sdk.artifact, props)
		i := slices.IndexFunc(sdks, func(s sdk) bool { return s.group == group && s.artifact == artifact })
		if i < 0 {
			continue
		}
		s := sdks[i]
		if pkg.Version == "" {
			if _, ok := nearest(p, managed(pkg.sdk), props); ok {
				pkg.Version = "${" + managed(pkg.sdk) + "}"
			}
		}
		version, from := expand(p, pkg.Version, props)
		if v := strings.TrimLeft(version, "[("); v != "" && v[0] >= '0' && v[0] <= '9' && !before(v, s.fixed) {
			continue
		}
		h := Hit{
			Kind: cutover.FindSDK, Identity: s.identity, Line: pkg.Line, EndLine: pkg.Line, Direction: cutover.DirectionTrusts,
			Confidence: "high", Content: "sdk:" + group + ":" + artifact + ":" + version,
			Match: clean(group + ":" + artifact + ":" + version), Reason: s.why,
		}
		if version == "" || strings.Contains(version, "$") {
			h.Confidence = "low"
			h.Reason += "; the version is set elsewhere and could not be read"
			h.Match = clean(group + ":" + artifact)
		}
		for _, f := range from {
			h.Places = append(h.Places, cutover.Place{Path: f.Path, Line: f.Line, EndLine: f.Line})
		}
		out = append(out, h)
	}
	return repeat(out)
}

// expand replaces ${name} by the property that is nearest to the file: its own,
// then that of the directories above, then any other. It also says which were used.
func expand(p, s string, props []Property) (string, []Property) {
	var used []Property
	for range 5 {
		from := strings.Index(s, "${")
		if from < 0 {
			break
		}
		n := strings.IndexByte(s[from:], '}')
		if n < 0 {
			break
		}
		prop, ok := nearest(p, s[from+2:from+n], props)
		if !ok {
			break
		}
		used = append(used, prop)
		s = s[:from] + prop.Value + s[from+n+1:]
	}
	return s, used
}

func nearest(p, name string, props []Property) (Property, bool) {
	rank := func(q Property) int {
		dir := path.Dir(q.Path)
		switch {
		case q.Path == p:
			return -1 << 20
		case dir == "." || strings.HasPrefix(p, dir+"/"):
			return -len(dir)
		}
		return 1
	}
	var best []Property
	for _, q := range props {
		// Versions are managed by the poms above; a cousin's mean nothing here.
		if q.Name == name && (rank(q) <= 0 || !strings.HasPrefix(name, "managed ")) {
			best = append(best, q)
		}
	}
	if len(best) == 0 {
		return Property{}, false
	}
	return slices.MinFunc(best, func(a, b Property) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	}), true
}

// before compares dotted versions by their numbers.
func before(a, b string) bool {
	as, bs := strings.FieldsFunc(a, notDigit), strings.FieldsFunc(b, notDigit)
	for i := 0; i < len(as) && i < len(bs); i++ {
		if c := cmp.Or(cmp.Compare(len(as[i]), len(bs[i])), cmp.Compare(as[i], bs[i])); c != 0 {
			return c < 0
		}
	}
	return len(as) < len(bs)
}

func notDigit(r rune) bool { return r < '0' || r > '9' }
