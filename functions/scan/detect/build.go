package detect

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

var (
	pomDependency = regexp.MustCompile(`(?s)<(?:dependency|plugin)>(.*?)</(?:dependency|plugin)>`)
	pomProperties = regexp.MustCompile(`(?s)<properties>(.*?)</properties>`)
	pomElement    = regexp.MustCompile(`<([A-Za-z][\w.-]*)>\s*([^<>]*?)\s*</([\w.-]+)>`)
	assignment    = regexp.MustCompile(`(?m)^\s*(?:def\s+|val\s+|ext\.)?([A-Za-z_][\w.-]*)\s*=\s*["']?([^"'\s]+)["']?\s*$`)
)

// maxBuild is the size up to which a build file is read, in bytes.
const maxBuild = 1 << 20

// ReadBuild reads the build files that can name a library of the table: Maven,
// Gradle with its properties and version catalogues.
func ReadBuild(p string, data []byte) Build {
	base := strings.ToLower(path.Base(p))
	switch {
	case len(data) > maxBuild:
	case base == "pom.xml" || strings.HasSuffix(base, ".pom"):
		return readPOM(p, data)
	case hasSuffix(base, ".gradle", ".gradle.kts", ".versions.toml", ".sbt") || base == "gradle.properties":
		return readGradle(p, data)
	}
	return Build{}
}

// readPOM reads dependencies and properties. Coordinates may be references, so an
// artifact is also taken whose id refers to a property that means it; that is
// settled in Resolve.
func readPOM(p string, data []byte) Build {
	var b Build
	var lines lineIndex
	for _, m := range pomDependency.FindAllSubmatchIndex(data, -1) {
		el := map[string]string{}
		at := m[2]
		for _, e := range pomElement.FindAllSubmatchIndex(data[m[2]:m[3]], -1) {
			name := string(data[m[2]+e[2] : m[2]+e[3]])
			if _, seen := el[name]; seen {
				continue
			}
			el[name] = string(data[m[2]+e[4] : m[2]+e[5]])
			if name == "artifactId" {
				at = m[2] + e[0]
			}
		}
		if el["artifactId"] != "" {
			pkg := Package{Line: lines.line(data, at), Version: el["version"], sdk: sdk{group: el["groupId"], artifact: el["artifactId"]}}
			b.Packages = append(b.Packages, pkg)
			if pkg.Version != "" { // the version for those who name none (dependencyManagement)
				b.Properties = append(b.Properties, Property{Path: p, Name: managed(pkg.sdk), Value: pkg.Version, Line: pkg.Line})
			}
		}
	}
	for _, m := range pomProperties.FindAllSubmatchIndex(data, -1) {
		for _, e := range pomElement.FindAllSubmatchIndex(data[m[2]:m[3]], -1) {
			b.Properties = append(b.Properties, Property{
				Path: p, Name: string(data[m[2]+e[2] : m[2]+e[3]]), Value: string(data[m[2]+e[4] : m[2]+e[5]]), Line: lines.line(data, m[2]+e[0]),
			})
		}
	}
	return b
}

func managed(s sdk) string { return "managed " + s.group + ":" + s.artifact }

func readGradle(p string, data []byte) Build {
	var b Build
	var lines lineIndex
	for _, s := range sdks {
		coord := []byte(s.group + ":" + s.artifact)
		for i := 0; ; {
			n := bytes.Index(data[i:], coord)
			if n < 0 {
				break
			}
			i += n + len(coord)
			if i < len(data) && (alnum(data[i]) || data[i] == '-') {
				continue
			}
			version := ""
			if i < len(data) && data[i] == ':' {
				end := bytes.IndexAny(data[i:min(len(data), i+80)], "\"'@ \r\n)")
				version = string(data[i+1 : i+max(end, 1)])
			}
			if strings.HasPrefix(version, "$") && !strings.HasPrefix(version, "${") {
				version = "${" + version[1:] + "}"
			}
			b.Packages = append(b.Packages, Package{Line: lines.line(data, i), Version: version, sdk: s})
		}
	}
	for _, m := range assignment.FindAllSubmatchIndex(data, 2000) {
		b.Properties = append(b.Properties, Property{Path: p, Name: string(data[m[2]:m[3]]), Value: string(data[m[4]:m[5]]), Line: lines.line(data, m[2])})
	}
	return b
}
