package detect

// gates are the wrappings of certificates whose decoders run only when the pass over
// the text saw what each such text must contain. Decoding looks at the places again,
// exactly; a gate only says that it is worth it.
type gates uint8

const (
	gatePEM gates = 1 << iota
	gateNested
	gateBase64
	gateHexBytes
	gateEscaped
	gatePlainHex
	gateDecimal
)

// Most anchors follow from how every X.509 v3 certificate begins (RFC 5280):
//
//	30 82 L L  30 82 L L  A0 03 02 01 02  02 …
//
// two SEQUENCEs, the version, the serial number. In base64 the version gives
// "gAwIBAgI"; when the inner length has one byte, "ADAgECAg".
var gateAnchors = []struct {
	gate  gates
	texts []string
}{
	{gatePEM, []string{"-----begin"}},
	{gateNested, []string{"ls0tls1crudjti"}},
	{gateBase64, []string{"gawibagi", "adagecag"}},
	{gateHexBytes, []string{"0x30,0x82", "0x30, 0x82", "0xa0,0x03", "0xa0, 0x03", "(byte)0x30", "(byte) 0x30"}},
	{gateEscaped, []string{`\x30\x82`}},
	{gatePlainHex, []string{"a003020102", "a0 03 02 01", "a0:03:02:01"}},
	{gateDecimal, []string{
		"48, 130, ", "48, -126, ", "48,-126,", "160, 3, 2, 1, 2", "160,3,2,1,2",
		"48,130,1", "48,130,2", "48,130,3", "48,130,4", "48,130,5", "48,130,6", "48,130,7",
	}},
}

const gateKind = "gate"

func (ps *patterns) gates() {
	for _, g := range gateAnchors {
		ps.add(ps.use(use{kind: gateKind, gate: g.gate}), g.texts...)
	}
}
