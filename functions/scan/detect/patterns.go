package detect

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"

	"cutover/shared/cutover"
)

// use says what an anchor stands for.
type use struct {
	kind  string
	ca    cutover.CA
	value string // digest in hex, pin in base64, CN
	gate  gates
}

// patterns collects the anchors of a catalogue.
type patterns struct {
	list []pattern
	uses []use
}

func (ps *patterns) use(u use) int32 {
	ps.uses = append(ps.uses, u)
	return int32(len(ps.uses) - 1)
}

func (ps *patterns) add(u int32, texts ...string) {
	for _, t := range texts {
		ps.list = append(ps.list, pattern{[]byte(strings.ToLower(t)), u})
	}
}

// digest anchors on the first digits in each way of writing them: together, in
// pairs with colon, blank or hyphen, in groups of four, and as bytes of a program.
func (ps *patterns) digest(ca cutover.CA, kind, value string) {
	u := ps.use(use{kind: kind, ca: ca, value: value})
	h := value[:10]
	ps.add(u, h)
	for _, sep := range []string{":", " ", "-"} {
		ps.add(u, h[0:2]+sep+h[2:4]+sep+h[4:6]+sep+h[6:8])
	}
	ps.add(u, h[0:4]+" "+h[4:8]+" "+h[8:10], h[0:8]+" "+h[8:10])
	ps.add(u, "0x"+h[0:2]+",0x"+h[2:4], "0x"+h[0:2]+", 0x"+h[2:4], `\x`+h[0:2]+`\x`+h[2:4])
}

// minSerial is the length in hex digits from which a serial number is looked for:
// those of 16 bytes and more are random, shorter ones can be any number.
const minSerial = 28

// serial anchors on the first digits, with the leading zero and without.
func (ps *patterns) serial(ca cutover.CA) {
	value := strings.ToLower(ca.Serial)
	if _, err := hex.DecodeString(value); err != nil || len(value) < minSerial {
		return
	}
	u := ps.use(use{kind: kindSerial, ca: ca, value: value})
	ps.add(u, value[:10])
	for _, sep := range []string{":", " "} {
		ps.add(u, value[0:2]+sep+value[2:4]+sep+value[4:6]+sep+value[6:8])
	}
	if short := strings.TrimLeft(value, "0"); short != value {
		ps.add(ps.use(use{kind: kindSerial, ca: ca, value: short}), short[:10])
	}
}

// pin anchors on the beginning of the base64 form, in both alphabets, and on the
// hex form.
func (ps *patterns) pin(ca cutover.CA) {
	raw, err := base64.StdEncoding.DecodeString(ca.SPKI)
	if err != nil || len(raw) != 32 {
		return
	}
	u := ps.use(use{kind: cutover.FindSPKI, ca: ca, value: ca.SPKI})
	ps.add(u, ca.SPKI[:12])
	if url := base64.URLEncoding.EncodeToString(raw)[:12]; url != ca.SPKI[:12] {
		ps.add(u, url)
	}
	ps.digest(ca, cutover.FindSPKI, hex.EncodeToString(raw))
}

// name anchors on the common name and on the spellings that file names, URLs and
// identifiers make of it.
func (ps *patterns) name(cn string) {
	u := ps.use(use{kind: cutover.FindCommonName, ca: cutover.CA{CN: cn}, value: cn})
	words := strings.FieldsFunc(cn, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	seen := map[string]bool{}
	for _, t := range []string{
		cn, strings.Join(words, ""), strings.Join(words, "_"), strings.Join(words, "-"), strings.Join(words, " "),
		strings.ReplaceAll(cn, " ", "%20"), splitHumps(cn),
	} {
		if t = strings.ToLower(t); !seen[t] {
			seen[t] = true
			ps.add(u, t)
		}
	}
}

// splitHumps writes "CyberTrust" as "Cyber Trust", as people do.
func splitHumps(s string) string {
	var b strings.Builder
	prev := rune(0)
	for _, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(prev) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		prev = r
	}
	return b.String()
}

// compact is a name as it compares: letters and digits, lower case.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
