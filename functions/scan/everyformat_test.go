package scan

import (
	"bytes"
	"testing"

	"cutover/functions/scan/report"
	"cutover/shared/cutover"
)

// everyFormat is all that is ever shown of findings.
func everyFormat(tb testing.TB, fs []cutover.Finding) []byte {
	tb.Helper()
	var b bytes.Buffer
	for _, err := range []error{report.WriteJSON(&b, fs), report.WriteSARIF(&b, fs), report.WriteText(&b, fs, report.Text{})} {
		if err != nil {
			tb.Fatal(err)
		}
	}
	return b.Bytes()
}
