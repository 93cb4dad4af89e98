package extract

import "regexp"

// The verbs of change, by stem. They count where none of the phrases in cues.go
// stands near a date: "hubs move on", "is swapped on", "goes live on". A stem
// matches at the start of a word, in every tense and voice.

// latinVerbs are those of the languages that put a preposition before a date.
var latinVerbs = verbs(map[cue][]string{
	cueCutover: {"move", "moving", "migrat", "switch", "cut over", "cuts over", "cutting over", "transition", "roll", "rotat", "replac", "renew", "reissu", "re-issu", "updat", "upgrad", "chang", "swap", "shift", "convert", "transfer", "relocat", "reconfigur", "redirect", "repoint",
		"deploy", "phase", "phasing", "take effect", "effective", "apply", "applies", "applied", "introduc", "enforc", "requir", "mandator", "adopt", "start", "begin", "go live", "goes live", "going live", "become", "serve", "serving", "present", "issu", "sign", "activat", "turn on", "turned on", "enabl", "make available", "made available", "available", "default",
		"block", "reject", "refus", "deny", "denied", "drop", "disabl", "stop accept", "stops accept", "stop us", "stop", "stops", "fail", "lose", "cut off", "restart", "reboot", "happen", "take place", "takes place", "schedul", "planned", "rollout", "cutover", "window", "will use", "uses", "expect", "adjust", "modif", "restrict", "limit", "close", "transform", "hand over", "go over", "goes over", "take over", "takes over", "goes into", "go into", "into production", "makes room", "make room", "makes way", "make way", "gives way", "give way", "kick in", "kicks in", "flow", "rout", "accept", "get ", "gets ", "receiv", "affect", "revok", "invalidat", "suspend", "freez", "lock", "regenerat", "downgrad", "reassign", "recreat", "repair", "reset", "sunrise", "throttl"},
	cueRetire: {"retir", "end", "ends", "ending", "ended", "cease", "sunset", "decommission", "discontinu", "deprecat", "remov", "delet", "shut", "turn off", "turned off", "turns off", "turning off", "switch off", "switched off", "switches off", "switching off", "withdraw", "terminat", "go away", "goes away", "disappear", "unavailable", "no longer", "not work", "stop work", "stops work", "stop support", "stops support", "stop offer", "stops offer", "stop receiv", "stops receiv", "stop exist", "out of service", "obsolet", "wind down", "wound down", "going away", "purg", "eras", "destroy", "archiv", "eol", "eos"},
	cueExpire: {"expir", "valid through", "valid till", "valid to ", "lapse", "run out", "runs out"},
	cueEnd:    {"complet", "finish", "done", "over by", "conclude"},
	cueOther:  {"price", "pricing", "charge", "bill"},
	cueNoise:  {"wrote", "written", "posted", "seen", "was sent"},
}, germanVerbs, romanceVerbs)

var germanVerbs = map[cue][]string{
	cueCutover: {"wechsel", "schalt", "umgestellt", "stellen", "umzieh", "umzug", "zieht", "ersetz", "erneuer", "aktualisier", "ausgetauscht", "tauschen", "änder", "beginn", "start", "einführ", "eingeführ", "gilt", "gelten", "wirksam", "verlang", "blockier", "abgelehnt", "deaktivier", "verschob", "verschieb"},
	cueRetire:  {"abschalt", "abgeschalt", "einstell", "eingestell", "entfern", "gelöscht", "endet", "enden", "auslauf", "ausläuft", "läuft aus", "beende"},
}

var romanceVerbs = map[cue][]string{
	cueCutover: {"migr", "remplac", "bascul", "pass", "mettr", "mise à", "mis à", "renouvel", "modif", "commenc", "débute", "appliqu", "désactiv", "bloqu", "rejet", "chang", "reemplaz", "sustitu", "mover", "mueve", "trasla", "actualiz", "renov", "empez", "empieza", "comienz", "inici", "aplic", "desactiv", "bloque", "rechaz", "cambi", "désactiv", "révoqu", "sustit"},
	cueEnd:     {"achev", "complét", "complet", "finalis"},
	cueRetire:  {"arrêt", "supprim", "retir", "cess", "termin", "élimin", "elimin", "finaliz", "finalis", "suprim", "prend fin", "dejar"},
}

// eastVerbs are those of the languages whose predicate stands behind the date.
var eastVerbs = verbs(map[cue][]string{
	cueCutover: {"移行", "切替", "切り換", "切換", "変更", "変わ", "更新", "交換", "置き換", "置換", "入れ替", "差し替", "アップグレード", "アップデート", "マイグレーション", "ローテーション", "有効化", "有効に", "無効化", "ブロック", "拒絶", "受け付けなく", "受け入れなく", "遮断", "配布", "導入", "提供開始", "発効", "再起動", "再発行", "発行", "使用し", "使用され", "使われ", "利用し", "行われ", "行い", "実行", "失敗", "エラー", "必要",
		"更换", "轮换", "轮替", "替换", "升级", "禁用", "阻止", "拒绝", "部署", "启用", "輪替", "升級", "停止接受",
		"갱신", "이동", "이전", "배포", "차단", "거부", "비활성", "활성"},
	cueRetire: {"撤去", "削除", "停止", "終え", "終わ", "打ち切", "廃棄", "閉鎖", "使えなく", "使用不可", "利用不可", "ご利用いただけなく", "サポートされません", "提供されません", "サポート外", "引退", "なくなり",
		"停止服务", "删除", "刪除", "结束", "結束", "삭제", "끝나", "은퇴"},
	cueExpire: {"満了", "切れ", "期限", "失效"},
})

// verbs flattens the lists. Where stems of two kinds stand at one place the
// longer one counts, so that "switched off" is not a switch.
func verbs(lists ...map[cue][]string) []cueWord {
	var out []cueWord
	for _, l := range lists {
		for _, k := range []cue{cueRetire, cueExpire, cueCutover, cueEnd, cueOther, cueNoise} {
			for _, w := range l[k] {
				out = append(out, cueWord{w, k})
			}
		}
	}
	return out
}

// calendarWords say of a line without a verb that its date is the date of the
// change: "Window: …", "Date of change: …", "Wave 2 (…)".
var calendarWords = regexp.MustCompile(`\b(?:window|schedule|timeline|time frame|timeframe|deadline|due|date|when|period|phase|wave|stage|step|start|end|begin|effective|target|eta|milestone|starting)\b|日程|期間|期日|期限|予定|スケジュール|時期|開始|終了|日时|时间|计划|일정|기간|zeitraum|termin|datum|calendrier|période|échéance|fecha|plazo|calendario`)
