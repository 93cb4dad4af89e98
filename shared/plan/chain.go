package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// tags asks one set of tags. Of several keys that name a team the first in the
// order of owners.tags wins.
func (x *Owners) tags(steps cutover.Trace, rule, of string, tags map[string]string) (cutover.Trace, string) {
	asked := false
	for _, key := range x.own.Tags {
		value, ok := tag(tags, key)
		if !ok {
			continue
		}
		asked = true
		if team, ok := x.Team(value); ok {
			return won(steps, cutover.Step{Rule: rule, Where: of + ", tag " + key, Value: value, Result: team}), team
		}
		steps = append(steps, cutover.Step{Rule: rule, Where: of + ", tag " + key, Value: value, Result: passedOver})
	}
	if !asked {
		steps = append(steps, cutover.Step{Rule: rule, Where: of, Result: "has no tag " + strings.Join(x.own.Tags, " or ")})
	}
	return steps, ""
}

// subscription ends a chain: the subscription's tags, the map, the fallback.
func (x *Owners) subscription(steps cutover.Trace, team, id string) owned {
	if team != "" {
		return owned{team, steps}
	}
	sub, known := x.subs[id]
	if !known {
		sub.ID = id
	}
	if steps, team = x.tags(steps, RuleTag, "subscription "+cmpOr(sub.Name, sub.ID), sub.Tags); team != "" {
		return owned{team, steps}
	}
	asked := false
	for _, name := range []string{sub.ID, sub.Name} {
		m, ok := x.bySub[cutover.Fold(name)]
		if !ok || name == "" {
			continue
		}
		asked = true
		if team, ok := x.Team(m.team); ok {
			return owned{team, won(steps, cutover.Step{Rule: RuleMap, Where: "owners.subscriptions " + m.key, Value: m.team, Result: team})}
		}
		steps = append(steps, cutover.Step{Rule: RuleMap, Where: "owners.subscriptions " + m.key, Value: m.team, Result: passedOver})
	}
	if !asked {
		steps = append(steps, cutover.Step{Rule: RuleMap, Where: "owners.subscriptions", Value: cmpOr(sub.Name, sub.ID), Result: "no entry"})
	}
	team, steps = x.fallback(steps)
	return owned{team, steps}
}

// fallback is the owner of what nobody else owns: nothing goes to nobody.
func (x *Owners) fallback(steps cutover.Trace) (string, cutover.Trace) {
	team, ok := x.Team(x.own.Fallback)
	if !ok {
		team = x.own.Fallback
	}
	return team, won(steps, cutover.Step{Rule: RuleFallback, Where: "owners.fallback", Value: x.own.Fallback, Result: team})
}

// won ends a trace. It copies: cached beginnings are shared.
func won(steps cutover.Trace, s cutover.Step) cutover.Trace {
	s.Won = true
	return append(slices.Clip(steps), s)
}

// tag looks a key up without case. Should two keys differ by case only, the one
// that sorts first counts.
func tag(tags map[string]string, key string) (string, bool) {
	spelled, value, ok := "", "", false
	for k, v := range tags {
		if strings.EqualFold(k, key) && (!ok || k < spelled) {
			spelled, value, ok = k, v, true
		}
	}
	return value, ok
}

// signature is what of a resource's tags matters to the chain.
func (x *Owners) signature(tags map[string]string) string {
	if len(tags) == 0 {
		return ""
	}
	sig := ""
	for _, key := range x.own.Tags {
		if v, ok := tag(tags, key); ok {
			sig += key + "=" + v + "\x00"
		}
	}
	return sig
}

// glob matches a name against a pattern in which * stands for any text.
func glob(pattern, name string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	if !strings.HasPrefix(name, first) {
		return false
	}
	name = name[len(first):]
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(name, part)
		}
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name, rest = name[i+len(part):], more
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// fellBack reports whether only the fallback gave the owner.
func fellBack(t cutover.Trace) bool {
	return len(t) > 0 && t[len(t)-1].Rule == RuleFallback
}
