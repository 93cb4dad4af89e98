package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// The part of SARIF 2.1.0 (OASIS) that is written. Every field without omitempty is
// required by the standard or by code hosts.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
		Help  sarifText `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   map[string]any    `json:"properties"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
		EndLine   int `json:"endLine,omitempty"`
	}
)

// WriteSARIF writes the findings as one SARIF run. URIs are relative to the
// repository's root, which is what code hosts expect; with several repositories
// each path begins with the repository's name, since paths alone would collide.
func WriteSARIF(w io.Writer, findings []cutover.Finding) error {
	several := slices.ContainsFunc(findings, func(f cutover.Finding) bool { return f.Repository != findings[0].Repository })
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}, Tool: sarifTool{sarifDriver{Name: "cutover", Rules: rules(findings)}}}
	for _, f := range findings {
		base := ""
		if several {
			base = f.Repository + "/"
		}
		run.Results = append(run.Results, result(f, base, run.Tool.Driver.Rules))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
	if err := enc.Encode(log); err != nil {
		return fmt.Errorf("writing findings as SARIF: %w", err)
	}
	return nil
}

// rules lists the kinds that occur, sorted.
func rules(findings []cutover.Finding) []sarifRule {
	out := []sarifRule{}
	for _, f := range findings {
		if slices.ContainsFunc(out, func(r sarifRule) bool { return r.ID == f.Kind }) {
			continue
		}
		out = append(out, sarifRule{ID: f.Kind, Short: sarifText{kindTitle(f.Kind)}, Help: sarifText{kindHelp(f.Kind)}})
	}
	slices.SortFunc(out, func(a, b sarifRule) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func result(f cutover.Finding, base string, rules []sarifRule) sarifResult {
	r := sarifResult{
		RuleID:       f.Kind,
		RuleIndex:    slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == f.Kind }),
		Level:        level(f),
		Message:      sarifText{message(f)},
		Locations:    []sarifLocation{location(0, base+f.Path, f.Line, f.EndLine)},
		Fingerprints: map[string]string{"cutover/v1": f.Fingerprint},
		Properties: map[string]any{
			"identity": f.Identity, "role": f.Role, "direction": f.Direction, "confidence": f.Confidence, "match": f.Match,
		},
	}
	if f.Thumbprint != "" {
		r.Properties["thumbprint"] = f.Thumbprint
	}
	for i, p := range f.Places {
		r.Related = append(r.Related, location(i+1, base+p.Path, p.Line, p.EndLine))
	}
	return r
}

func location(id int, path string, line, end int) sarifLocation {
	segs := strings.Split(path, "/")
	for i, s := range segs {
		segs[i] = url.PathEscape(s)
	}
	l := sarifLocation{ID: id, Physical: sarifPhysical{Artifact: sarifArtifact{strings.Join(segs, "/")}}}
	if line > 0 {
		l.Physical.Region = &sarifRegion{StartLine: line, EndLine: max(line, end)}
	}
	return l
}

func level(f cutover.Finding) string {
	switch {
	case f.Direction != cutover.DirectionTrusts:
		return "note"
	case f.Role == cutover.FileTest || f.Role == cutover.FileDocs || f.Confidence == "low":
		return "note"
	}
	return "warning"
}

func message(f cutover.Finding) string {
	names := f.Identity
	if len(f.Identities) > 0 {
		names = strings.Join(f.Identities, ", ")
	}
	text := kindTitle(f.Kind) + ": " + names + ". " + upperFirst(f.Reason) + "."
	if f.Conflict != "" {
		text += " " + upperFirst(f.Conflict) + "."
	}
	return text
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
