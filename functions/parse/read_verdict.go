package parse

import (
	"maps"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// marketing words tell a newsletter, a digest or an invitation; addressed words
// tell a notice.
var (
	marketing = []string{"unsubscribe", "newsletter", "view in browser", "view this email", "this month", "this week", "weekly digest", "monthly digest", "what's new", "round-up", "roundup", "webinar", "register now", "register today", "save your seat", "join us", "free trial", "special offer", "on-demand", "manage preferences", "配信停止", "ニュースレター", "メールマガジン", "今月の", "セミナー", "ウェビナー", "無料トライアル", "abmelden", "se désabonner", "cancelar suscripción", "happy holidays", "get started free", "limited time", "whitepaper", "white paper", "don't miss", "early bird", "sign up before", "subscribe to our", "our academy", "earn a badge"}
	addressed = []string{"you're receiving this notice", "you're receiving this notification", "you are receiving this notice", "you are receiving this notification", "because you currently use", "because you use ", "because you're using", "because you have", "you’re receiving this notice", "tracking id", "追跡 id", "使用しているため", "利用しているため", "required action", "action required", "recommended action", "必要なアクション", "service health", "サービス正常性"}
)

// judge gives prose its verdict.
func judge(n *cutover.Notice, docs []*doc.Doc, broken bool) {
	text := lowered(docs)
	ads := holds(text, marketing)
	letters := max(holds(text, addressed), holds(strings.ToLower(n.Title), addressed))
	azure := len(n.Services) > 0 || len(n.Certificates) > 0 || strings.Contains(text, "azure") || strings.Contains(text, "microsoft")
	switch {
	case len(n.TrackingIDs) > 0:
	case ads >= 2 && letters == 0:
		irrelevant(n, "a newsletter or an invitation: it names no notice of its own")
		return
	case !azure:
		irrelevant(n, "nothing in it speaks of an Azure service")
		return
	case letters == 0 && idle(n) && (n.Topic == cutover.TopicOther || ads > 0):
		irrelevant(n, "no change, no date and nothing to do")
		return
	}
	n.Verdict = cutover.VerdictRead
	if broken {
		partial(n)
	}
	missing(n)
}

// lowered is the beginning of all documents, without case.
func lowered(docs []*doc.Doc) string {
	text := ""
	for _, d := range docs {
		text += strings.ToLower(d.Text[:min(len(d.Text), 60_000)]) + "\n"
	}
	return strings.ReplaceAll(text, "’", "'")
}

// holds counts the words that a text holds.
func holds(text string, words []string) int {
	n := 0
	for _, w := range words {
		if strings.Contains(text, w) {
			n++
		}
	}
	return n
}

// idle reports whether a notice has no date and asks for nothing.
func idle(n *cutover.Notice) bool { return !n.ActionRequired && len(n.Milestones) == 0 }

// irrelevant takes back what was read of the dates of something that is no notice.
func irrelevant(n *cutover.Notice, reason string) {
	n.Verdict = cutover.VerdictIrrelevant
	n.Milestones, n.ActionRequired, n.RequiredActions = nil, false, nil
	maps.DeleteFunc(n.Evidence, func(k string, _ cutover.Evidence) bool { return strings.HasPrefix(k, "required_actions/") })
	maps.DeleteFunc(n.Confidence, func(k string, _ cutover.Confidence) bool { return strings.HasPrefix(k, "milestones/") })
	n.Reasons = append(n.Reasons, reason)
}

func partial(n *cutover.Notice) { n.Verdict = cutover.VerdictPartial }

// missing makes a notice partial that asks for something and leaves out what a
// ticket needs.
func missing(n *cutover.Notice) {
	if n.EventType == cutover.EventServiceIssue || n.Test {
		return
	}
	dated := false
	for _, m := range n.Milestones {
		dated = dated || m.Kind != cutover.KindOther
	}
	if n.ActionRequired && !dated {
		partial(n)
		n.Reasons = append(n.Reasons, "action is asked for, but no date for it could be read")
	}
	if len(n.Services) == 0 && (n.ActionRequired || dated) {
		partial(n)
		n.Reasons = append(n.Reasons, "no service could be read")
	}
}

// judgeEvent gives an event of the provider's JSON its verdict: it is a notice.
func judgeEvent(n *cutover.Notice, docs []*doc.Doc) {
	n.Verdict = cutover.VerdictRead
	if len(n.TrackingIDs) == 0 {
		partial(n)
		n.Reasons = append(n.Reasons, "the event has no tracking ID")
	}
	if len(docs) == 0 && n.Title == "" {
		n.Verdict = cutover.VerdictPartial
		n.Reasons = append(n.Reasons, "the event has neither a title nor a text")
	}
	missing(n)
}

// finish makes empty lists lists and drops empty maps, so that JSON reads well.
func finish(n *cutover.Notice) {
	for _, l := range []*[]string{&n.TrackingIDs, &n.Services, &n.Regions, &n.Clouds, &n.ExcludedClouds, &n.Subscriptions, &n.RequiredActions, &n.NoActionFor, &n.Reasons} {
		if *l == nil {
			*l = []string{}
		}
	}
	if n.Milestones == nil {
		n.Milestones = []cutover.Milestone{}
	}
	for i := range n.Milestones {
		m := &n.Milestones[i]
		if m.Services == nil {
			m.Services = []string{}
		}
		if m.Regions == nil {
			m.Regions = []string{}
		}
	}
	if n.Certificates == nil {
		n.Certificates = []cutover.Certificate{}
	}
	if len(n.Confidence) == 0 {
		n.Confidence = nil
	}
}
