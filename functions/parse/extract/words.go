package extract

import (
	"regexp"
	"strings"
)

// imperatives open a clause that tells the reader to do something.
var imperatives = map[string]bool{
	"migrate": true, "update": true, "upgrade": true, "transition": true, "move": true, "switch": true, "replace": true, "add": true, "remove": true, "review": true, "complete": true, "implement": true, "change": true, "configure": true,
	"create": true, "deploy": true, "enable": true, "ensure": true, "install": true, "convert": true, "rotate": true, "renew": true, "set": true, "stop": true, "follow": true, "verify": true, "delete": true, "disable": true,
	"export": true, "modify": true, "adopt": true, "plan": true, "prepare": true, "act": true, "evaluate": true, "test": true, "check": true, "contact": true, "fill": true, "submit": true, "take": true, "discontinue": true, "redeploy": true, "recreate": true,
	"confirm": true, "identify": true, "make": true, "use": true, "start": true, "begin": true, "opt": true, "restart": true, "reboot": true, "provision": true, "adjust": true, "apply": true, "refresh": true, "audit": true, "keep": true, "download": true, "consider": true, "back": true, "resize": true, "reconfigure": true, "rebuild": true, "regenerate": true, "allow": true, "trust": true, "put": true, "extend": true, "include": true, "load": true, "turn": true, "rewrite": true, "recompile": true, "register": true, "point": true, "import": true, "reissue": true, "uninstall": true, "bring": true, "get": true,
}

// duties say that the reader has something to do, in all languages.
var duties = []string{
	"need to", "needs to", "need the ", "needs the ", "need a ", "needs a ", "must ", "should ", "is required", "are required", "required before", "required by", "take action", "take one of", "take the following", "please ", "make sure", "we recommend", "is recommended", "recommended that", "we strongly recommend", "to avoid ", "to prevent ", "have to ", "action required", "action recommended", "required action", "recommended action", "you can migrate", "at your earliest", "encourage", "we ask", "ask you", "ask that", "urge ", "advise", "kindly", "important that", "important to ", "essential", "crucial", "expect you", "uninstall", "you have until", "immediate action", "requires you", "to continue ", "deadline",
	"ください", "下さい", "必要があり", "必要がござい", "必要です", "必要とな", "必要な", "お願い", "推奨", "ご対応", "ご検討", "移行いただ", "いただく必要", "対処が必要", "アクションを実行", "望ましい", "お勧め",
	"müssen", "sollten", "bitte ", "erforderlich", "stellen sie ", "fügen sie", "prüfen sie", "ändern sie", "ersetzen sie", "entfernen sie", "installieren sie", "konfigurieren sie", "verwenden sie", "nehmen sie", "empfehlen", "migrieren sie", "aktualisieren sie", "führen sie", "wechseln sie", "ergreifen sie", "sie sich", "steigen sie", "vermeiden",
	"vous devez", "vous devrez", "veuillez", "il est nécessaire", "nous vous recommandons", "assurez-vous", "migrez", "mettez à jour", "mettez à niveau", "effectuez", "passez", "éviter", "devez ",
	"debe ", "deberá", "debes ", "es necesario", "recomendamos", "asegúrese", "migre", "actualice", "realice", "tome medidas", "cambie", "evitar", "necesita",
	"请", "請", "需要", "必须", "必須", "建议", "建議", "务必", "確保", "确保",
	"하세요", "하십시오", "해야", "필요", "권장", "하시기 바랍", "주시기", "합니다까지", "완료 합", "완료합",
}

// duty reports whether a sentence asks the reader to act.
func (p *page) duty(s string) bool {
	return p.words.of(s)&gateDuty != 0 || hasImperative(s)
}

// orderVerbs are the imperatives that change something; others only look, ask
// or prepare.
var orderVerbs = verbSet("migrate", "upgrade", "transition", "update", "switch", "move", "replace", "add", "remove", "install", "rotate", "renew", "import", "trust", "rebuild", "redeploy", "recreate", "regenerate", "convert", "reconfigure", "stop", "ensure", "verify", "adopt", "modify", "adjust", "reissue", "repoint", "allow", "put", "extend", "include", "load", "enable", "turn", "rewrite", "resize", "recompile", "register", "point")

func verbSet(words ...string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// hasImperative looks for a clause that begins with a verb of command.
func hasImperative(s string) bool { return commands(s, imperatives) }

// commands reports whether a clause begins with one of the verbs.
func commands(s string, verbs map[string]bool) bool {
	start := true
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] >= 'a' && s[j] <= 'z' {
			j++
		}
		if j > i {
			if w := s[i:j]; start && verbs[w] && (j == len(s) || s[j] == ' ') {
				return true
			} else if start && (w == "and" || w == "or" || w == "then" || w == "either" || w == "also" || w == "first" || w == "kindly" || w == "simply" || w == "just" || w == "now") {
				i = j
				continue
			}
			start = false
			i = j
			continue
		}
		switch s[i] {
		case ',', ';', ':', '(', '-':
			start = true
		case ' ':
		default:
			if s[i] < 0x80 && s[i] != '"' && s[i] != '\'' && s[i] != '.' {
				start = false
			}
		}
		i++
	}
	return false
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// cannot marks a condition, not a date for the reader.
var cannot = []string{"can't", "cannot", "can not", "unable to"}

// pastWords tell of what has happened, where nothing in the sentence lies ahead.
var pastWords = []string{" was ", " were ", " has been ", " have been ", " had ", " began ", " started ", " ended ", " received ", " occurred ", " experienced ", " confirmed ", " we updated ", " announced ", " told ", " notified ", " communicated ", " reached ", " previously ", " originally ", " informed ", " identified ", " wurde ", " wurden ", " a été ", " ont été ", " fue ", " fueron "}

var futureWords = []string{"will ", "'ll ", "going to", "must ", "need to", "is scheduled", "are scheduled", "is planned", "are planned", "should ", "plan to", "please", "is targeted", " by ", "is set to", "are set to", "wird ", "werden", "sera ", "seront", "será", "serán", "expir", "retir", "ends ", "upcoming"}

// eastPast closes a clause that tells of what has happened.
var eastPast = []string{"しました", "されました", "でした", "がありました", "しており", "した。", "したこと", "していた", "された。", "されていま", "终了しま", "していま", "てきました", "되었습니다", "했습니다", "되었다", "开始了", "已于", "しています"}

// eastAhead takes that back: the clause announces what lies ahead.
var eastAhead = []string{"予定", "見込", "決定", "案内", "要", "計画", "예정", "将", "將"}

// supersede marks the first date of "from A to B" as a plan that was given up.
var supersede = []string{"extend", "postpone", "delay", "moved from", "moving from", "moved the date", "moved the start", "moved the deadline", "moved the retirement", "moved the window", "moved the change", "changed the date", "changed the deadline", "shifted", "push back", "put off", "put back", "brought forward", "bringing forward", "deferred", "繰り下げ", "先送り", "前倒し", "verschoben", "reporté", "aplaza", "changed from", "pushed back", "reschedul", "延期", "変更にな", "から変更", "延長"}

// givenUp stands right before a date that no longer holds.
var givenUp = []string{"originally ", "previously ", "formerly ", "instead of ", "instead of on ", "rather than on ", "first planned for ", "first planned on ", "originally planned for ", "previously planned for ", "the earlier date of ", "the original date of ", "the previous date of ", "not on ", "no longer on ", "当初 ", "当初の", "当初は"}

// perfect tells of what is done.
var perfect = regexp.MustCompile(`\b(?:has|have|had) (?:(?:already|now|since|all|been) )*\w+(?:ed|en|wn|un)\b`)

// superseded plans stand in sentences that look back on what was planned.
var lookingBack = []string{"previously", "originally", "earlier we", "was planned for", "was scheduled for", "had planned", "当初", "以前は", "前回", "ursprünglich", "initialement", "originalmente", "原定", "당초"}

// conditions are dates of what the reader has, not of what happens: "created
// before May 2022".
var conditions = []string{"created before", "created after", "created on", "created prior to", "created by", "issued before", "issued on", "issued after", "issued prior to", "deployed before", "purchased before", "provisioned before", "built before", "generated before", "registered before", "enabled before", "older than", "installed before", "signed before", "bought before", "ordered before", "released before", "released after", "launched before", "made before", "manufactured before", "manufactured after", "sold before", "published before", "set up before", "opened before", "unterzeichnet vor", "signés avant", "firmados antes", "erstellt vor", "vor dem erstellt", "créés avant", "creados antes"}

var eastConditions = []string{"以前に作成された", "より前に作成された", "以降に作成された", "に作成された", "までに作成された", "以前に発行された", "より前に発行された"}

// notHappening closes a change that will not come.
var notHappening = []string{"will not take place", "won't take place", "will not go ahead", "not go ahead", "will not proceed", "no longer take place", "実施しません", "行いません", "中止"}

// examples introduce dates that only illustrate.
var examples = []string{"for example,", "e.g.", "for instance", "たとえば", "例えば", "zum beispiel", "par exemple", "por ejemplo", "例：", "예를 들어"}
