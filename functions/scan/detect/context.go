package detect

import (
	"bytes"
	"path"
	"strings"

	"cutover/shared/cutover"
)

// syntax says how comments are written in a kind of file.
type syntax struct {
	line  []string // to the end of the line
	block bool     // /* … */
	xml   bool     // <!-- … -->
	plain bool     // data without comments of its own, or a kind that is not known
}

var (
	slashes = syntax{line: []string{"//"}, block: true}
	hashes  = syntax{line: []string{"#"}}
	markup  = syntax{xml: true}
)

func syntaxOf(p string) syntax {
	low := strings.ToLower(p)
	switch ext := path.Ext(low); ext {
	case ".c", ".h", ".cc", ".cpp", ".hpp", ".cxx", ".ino", ".m", ".mm", ".java", ".kt", ".kts", ".go", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx",
		".cs", ".rs", ".swift", ".scala", ".groovy", ".gradle", ".dart", ".proto", ".bicep", ".bicepparam", ".json5", ".jsonc", ".css", ".fs", ".zig", ".v":
		return slashes
	case ".py", ".sh", ".bash", ".zsh", ".rb", ".pl", ".pm", ".r", ".yaml", ".yml", ".toml", ".cmake", ".mk", ".ps1", ".psm1", ".psd1", ".env",
		".properties", ".conf", ".cfg", ".ex", ".exs", ".jl", ".nix", ".pem", ".crt", ".cer", ".service":
		return hashes
	case ".tf", ".tfvars", ".hcl", ".php":
		return syntax{line: []string{"#", "//"}, block: true}
	case ".sql", ".lua", ".hs", ".elm":
		return syntax{line: []string{"--"}, block: ext == ".sql"}
	case ".ini", ".reg", ".cnf":
		return syntax{line: []string{";", "#"}}
	case ".vb", ".vbs", ".bas":
		return syntax{line: []string{"'"}}
	case ".bat", ".cmd":
		return syntax{line: []string{"::", "rem "}}
	case ".xml", ".html", ".htm", ".csproj", ".props", ".targets", ".config", ".plist", ".xaml", ".svg":
		return markup
	case ".pas", ".dpr":
		return syntax{line: []string{"//"}}
	}
	if base := path.Base(low); strings.Contains(base, "dockerfile") || strings.Contains(base, "makefile") || strings.HasPrefix(base, ".env") || base == "containerfile" {
		return hashes
	}
	return syntax{plain: true}
}

// place decides what the spot does with the CA: trust it, refuse it, or only
// mention it.
func (f *file) place(h *Hit) {
	// A file of certificates says by its name what it is for; a program does not.
	byName := f.role != cutover.FileCode && refuses([]byte(path.Base(f.path)))
	if f.binary {
		h.Direction = direction(h, f.role, byName)
		return
	}
	line, start := f.lines.at(f.data, h.Line)
	if f.inComment(line, start, h.Offset) || listsPaths(f.path) {
		h.mention = true
	}
	h.Direction = direction(h, f.role, byName || f.refused(h))
	if h.Direction == cutover.DirectionTrusts && h.Kind == cutover.FindCommonName && speaks(line) {
		h.Direction, h.mention = cutover.DirectionMentions, true
	}
}

// listsPaths reports whether the file only says which paths there are.
func listsPaths(p string) bool {
	switch path.Base(p) {
	case ".gitignore", ".gitattributes", ".dockerignore", ".npmignore", "CODEOWNERS":
		return true
	}
	return false
}

func direction(h *Hit, role string, refused bool) string {
	switch {
	case h.mention || role == cutover.FileDocs:
		h.mention = true
		return cutover.DirectionMentions
	case refused:
		return cutover.DirectionRefuses
	}
	return cutover.DirectionTrusts
}

// speaking are calls that tell people something: a name in them is prose.
var speaking = [][]byte{
	[]byte("log."), []byte("logger"), []byte("console."), []byte("print"), []byte("fprint"), []byte("eprint"), []byte("write-host"), []byte("write-output"), []byte("write-verbose"),
	[]byte("echo "), []byte("logf("), []byte("loginfo"), []byte("logerror"), []byte("throw "), []byte("panic("), []byte("write-warning"), []byte("assert"),
}

func speaks(line []byte) bool {
	low := bytes.ToLower(bytes.TrimSpace(line[:min(len(line), 400)]))
	for _, w := range speaking {
		// At the beginning of a word: "catalog." and "fingerprint" say nothing.
		if i := bytes.Index(low, w); i >= 0 && i < 40 && (i == 0 || !alnum(low[i-1])) {
			return true
		}
	}
	return false
}
