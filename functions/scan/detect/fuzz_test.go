package detect

import (
	"testing"
	"unicode/utf8"
)

// FuzzFile carves hostile bytes: no panic, offsets and lines in bounds, what is
// shown is short and clean.
func FuzzFile(f *testing.F) {
	d, der := testDetector(f)
	for _, w := range wraps {
		f.Add(w.path, []byte(w.make(der)))
	}
	f.Add("pom.xml", []byte("<dependency><groupId>com.microsoft.azure.sdk.iot</groupId><artifactId>iot-device-client</artifactId><version>${a}</version></dependency>"))
	f.Add("x.md", []byte("Northwind Root R1-Northwind_Root_R1 https://a:b@c/NorthwindRootR1.pem?x=y CN=Northwind Root R1, O=x"))
	f.Add("build.gradle", []byte("com.microsoft.azure.sdk.iot:iot-device-client:"))
	f.Fuzz(func(t *testing.T, path string, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		for _, h := range d.File(path, data).Hits {
			if h.Line < 0 || h.EndLine < h.Line || h.End < h.Offset || h.Identity == "" || h.Reason == "" || h.Direction == "" {
				t.Errorf("%+v", h)
			}
			if n := utf8.RuneCountInString(h.Match); n == 0 || n > maxMatch || !utf8.ValidString(h.Match) {
				t.Errorf("match %q", h.Match)
			}
		}
		b := ReadBuild(path, data)
		Resolve(path, b, b.Properties)
	})
}

// FuzzCollect checks the reader of wrapped base64 on its own.
func FuzzCollect(f *testing.F) {
	f.Add([]byte("MII\\n\"+\n\"D&#43;%2B\\u002b"), true, "# ", 40)
	f.Add([]byte("`nMII`n\\\\\\x2"), true, "", 8)
	f.Fuzz(func(t *testing.T, data []byte, quotes bool, prefix string, need int) {
		out, end := collect(data, 0, 4096, wrapping{quotes, prefix}, max(0, need))
		if end < 0 || end > len(data) || need > 0 && len(out) > need {
			t.Errorf("%d characters, end %d of %d", len(out), end, len(data))
		}
		for _, c := range out {
			if !isBase64(c) {
				t.Errorf("%q is no base64", c)
			}
		}
	})
}
