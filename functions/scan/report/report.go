// Package report writes findings for people and for other programs: text grouped
// by what to do, the contract's JSON, and SARIF 2.1.0 for code hosts.
package report

import (
	"encoding/json"
	"fmt"
	"io"

	"cutover/shared/cutover"
)

// WriteJSON writes the findings as one JSON array; [] when there are none.
func WriteJSON(w io.Writer, findings []cutover.Finding) error {
	out := make([]cutover.Finding, len(findings))
	copy(out, findings)
	for i := range out {
		if out[i].OwnerHints == nil {
			out[i].OwnerHints = []string{}
		}
		if out[i].Places == nil {
			out[i].Places = []cutover.Place{}
		}
		if out[i].Identities == nil {
			out[i].Identities = []string{}
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("writing findings as JSON: %w", err)
	}
	return nil
}
