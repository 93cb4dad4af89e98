package extract

import "testing"

// TestDigests: the spellings of a SHA-1 digest, and what only looks like one.
func TestDigests(t *testing.T) {
	const plain = "b9ed88eb05c15c79639493016200fdab08137af3"
	const parted = "b9:ed:88:eb:05:c1:5c:79:63:94:93:01:62:00:fd:ab:08:13:7a:f3"
	const blanks = "b9 ed 88 eb 05 c1 5c 79 63 94 93 01 62 00 fd ab 08 13 7a f3"
	for text, want := range map[string]string{
		plain: plain, "x " + plain + ".": plain, "CA 01 " + plain: plain, "CA 01 Thumbprint: " + plain: plain,
		"(" + parted + ")": parted, "CA 02 " + parted: parted, blanks: blanks, "05 " + plain: plain,
		plain + "00": "", "a" + plain: "", plain[:39]: "", "b9:" + plain[2:]: "", "": "",
	} {
		got := ""
		if all := thumbShapes(text); len(all) == 1 {
			got = text[all[0][0]:all[0][1]]
		} else if len(all) > 1 {
			got = "several"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
