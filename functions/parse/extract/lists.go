package extract

import "cutover/shared/cutover"

// topics in the order of their gates; of equal votes the earlier one rules.
var topics = []string{cutover.TopicIncident, cutover.TopicMaintenance, cutover.TopicTLSVersion, cutover.TopicCertificate, cutover.TopicIPChange, cutover.TopicRetirement, cutover.TopicBreaking, cutover.TopicOther}

// topicLists vote for a topic; the title counts more than the text.
var topicLists = [][]string{
	{"outage", "service issue", "post incident", "incident", "障害", "インシデント", "root cause", "degradation", "störung", "panne", "interrupción del servicio", "故障", "장애"},
	{"planned maintenance", "scheduled maintenance", "maintenance window", "routine maintenance", "upcoming maintenance", "メンテナンス", "wartung", "maintenance planifiée", "mantenimiento", "维护", "維護", "유지 관리", "version update"},
	{"tls 1.0", "tls 1.1", "tls 1.2", "tls 1.3", "tls1.", "tls version", "tls 1.x", "tls の変更", "tls に関する変更", "tls changes", "tls のバージョン", "tls バージョン", "tls protocol", "older tls", "legacy tls", "tls-version", "versions de tls", "tls 버전", "tls 版本"},
	{"certificat", "root ca ", "root cas", "証明書", "ルート ca", "zertifikat", "证书", "憑證", "인증서", "pinning", "new root", "root for ", "g2 root", "truststore", "trust store", "trusted root", "root store", "ピン留め", "intermediate ca", "tls root", "認証局"},
	{"ip address", "ip-adress", "adresse ip", "adresses ip", "direcciones ip", "dirección ip", "ip アドレス", "ipアドレス", "ip 地址", "ip 주소", "ip range", "service tag"},
	{"retir", "end of support", "end-of-support", "end of life", "end-of-life", "deprecat", "discontinu", "sunset", "no longer be support", "no longer be avail", "support will end", "support ends", "support is ending", "decommission", "廃止", "提供終了", "提供を終了", "サポート終了", "サポートが終了", "サポートの終了", "サポートは終了", "サポートを終了", "サービス終了", "終了します", "終了いたします", "ならなくなり", "リタイア", "eingestellt", "einstellung", "außer betrieb", "hors service", "retrait", "mise hors", "fin de support", "fin du support", "fin del soporte", "retirada", "停用", "淘汰", "弃用", "退役", "停止支持", "사용 중지", "종료", "폐기"},
	{"breaking change", "will be rejected", "will be refused", "start to fail", "will be mandatory", "becomes mandatory", "破壊的", "default access", "by default", "既定", "仕様変更", "behavior change", "behaviour change", "access control model", "default behavior", "default value", "default outbound", "bahnbrechend", "changement cassant", "cambio importante", "重大更改", "동작 변경", "挙動の変更", "動作変更"},
	{"discount", "promotion", "pricing", "price", "割引", "料金", "価格", "preis", "tarif", "precio", "가격", "价格"},
}

// gateLists open the expressions that need more than a word.
var gateLists = map[gate][]string{
	gateNone: {"no action", "no immediate action", "no further action", "no additional action", "no customer action", "no other action", "nothing", "no change", "n't need to", "not need to", "won't be", "will not be", "not be impacted", "not be affected", "not impacted", "not affected", "isn't ", "aren't ", "are not ", "not included", "does not ", "doesn't ", "should not require", "no impact", "no, ",
		"影響はござ", "影響はあり", "影響があり", "影響がござ", "影響は受け", "影響を受けません", "影響ござい", "影響あり", "影響は無", "影響が無", "影響はな", "影響がな", "不要", "必要ござい", "必要あり", "必要はあり", "必要はござい", "必要ない", "対応はございません", "keine ", "aucune", "no es necesari", "ninguna", "无需", "無需", "필요하지", "영향을 받지"},
	gateAsk: {"you'll need to", "you will need to", "you need to", "you'll also need to", "you also need to", "you must", "must trust", "must have", "must add", "must support", "must accept", "must install", "must replace", "must switch", "must move", "must change", "must stop", "must remove", "must be moved", "must be replaced", "must be changed", "must be added", "must be removed", "must be switched", "have to ", "has to ", "needs to ", "need to be ", "please check", "please change", "please replace", "please install", "please remove", "please stop", "please rotate", "please renew", "please use", "you should", "you'll have to", "you will have to", "must be updated", "must update", "must be upgraded", "must be migrated", "must migrate", "must make", "must use", "action required", "required action", "action is required", "immediate action", "take action", "take these actions", "take one of these", "take the following", "please migrate", "please update", "please upgrade", "please review", "please ensure", "please make", "please take", "please transition", "please add", "please verify", "please switch", "please move", "please plan", "we recommend", "strongly recommend", "is recommended", "also recommended", "it is recommended", "recommended action", "action recommended", "make sure", "to avoid ", "to prevent ", "required before", "required by ",
		"てください", "て下さい", "必要があります", "必要がござい", "必要です", "必要となります", "お願いいたします", "お願い致します", "お願いします", "推奨して", "推奨いた", "推奨し", "推奨され", "お勧め", "ご検討", "ご対応ください", "ご確認ください", "ご確認下さい", "ご確認をお願い", "対応が必要", "移行が必要", "いただく必要", "頂く必要", "sie müssen", "bitte ", "erforderliche", "stellen sie ", "fügen sie", "migrieren sie", "aktualisieren sie", "wechseln sie", "ersetzen sie", "vous devez", "veuillez", "debe ", "deberá", "请", "請", "需要", "해야", "하세요", "하십시오"},
	gateCloud:   {"cloud", "azure global", "global azure", "azure public", "azure commercial", "パブリック", "クラウド", "government", "usgov", "fairfax", "政府", "regierung", "gouvernement", "gobierno", "정부", "china", "21vianet", "mooncake", "中国", "chine", "世纪互联", "公有云", "公共 azure", "퍼블릭", "sovereign", "ソブリン", "fairfax", "azure gov", "us gov"},
	gateCancel:  {"cancel", "dropped", "abandoned", "reversed", "off the table", "go ahead", "take place", "happen", "against", "not to", "withdraw", "called off", "no longer", "decided not", "proceeding", "中止", "取り消", "取りやめ", "キャンセル", "撤回", "abgesagt", "nicht durchgeführt", "annulé", "取消", "취소"},
	gatePin:     {"pin", "épingl", "fixed list", "hard-coded", "hardcoded", "list of", "own list", "liste fermée", "ピン", "anheft", "ancl", "固定", "釘", "고정"},
	gateBecause: because,
}

// allLists joins the lists for the scanner.
func allLists() map[gate][]string {
	out := map[gate][]string{}
	for g, l := range gateLists {
		out[g] = l
	}
	out[gateDuty] = duties
	for _, words := range sectionHeads {
		out[gateHead] = append(out[gateHead], words...)
	}
	for i, l := range topicLists {
		out[gateTopic<<i] = l
	}
	return out
}
