package extract

import "testing"

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Azure Cache for Redis will be retired on 15 March 2027.", "Azure Cache for Redis will be retired on 31 March 2027.", true},
		{"On 15 March 2027, Azure Cache for Redis will be retired.", "Azure Cache for Redis will be retired on 1 April 2027.", true},
		{"PowerShell 7.2 will be retired on 15 March 2027.", "Support for the classic runtime ends on 1 June 2027.", false},
		{"The Basic tier will be retired on 15 March 2027.", "The Premium cluster offers will end with their contracts on 1 June 2027.", false},
		{"retired on 15 March 2027", "retired on 31 March 2027", false}, // too few words to tell
	} {
		if alike(c.a, c.b) != c.want {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.want)
		}
	}
}
