package extract

// cue is what words near a date say about it.
type cue int

const (
	cueNone cue = iota
	cueRetire
	cueExpire
	cueCutover
	cueOther
	cueNoise
	cueEnd // something is finished
)

type cueWord struct {
	text string
	cue  cue
}

// latinCues are searched on both sides of a date; the nearest rules. Order does
// not matter; of two at one place the longer one counts.
var latinCues = []cueWord{
	// a thing or its support ends
	{"retir", cueRetire}, {"end of support", cueRetire}, {"end-of-support", cueRetire}, {"end of life", cueRetire}, {"end-of-life", cueRetire}, {"support will end", cueRetire}, {"support ends", cueRetire}, {"support is ending", cueRetire},
	{"end support", cueRetire}, {"ending support", cueRetire}, {"ends support", cueRetire}, {"will end", cueRetire}, {"will be ending", cueRetire}, {"is ending", cueRetire}, {"maintenance ending", cueRetire}, {"support for", cueRetire}, {"official support", cueRetire},
	{"no longer be support", cueRetire}, {"no longer support", cueRetire}, {"no longer be avail", cueRetire}, {"no longer avail", cueRetire}, {"no longer be accessible", cueRetire}, {"no longer be maintained", cueRetire}, {"no longer receive", cueRetire}, {"no longer be usable", cueRetire},
	{"no longer function", cueRetire}, {"no longer work", cueRetire}, {"no longer be able to use", cueRetire}, {"stop providing", cueRetire}, {"stop receiving", cueRetire}, {"won't receive", cueRetire}, {"will not receive", cueRetire}, {"stop supporting", cueRetire}, {"no longer provide", cueRetire}, {"no longer be provided", cueRetire}, {"no longer accept", cueCutover}, {"not be supported", cueRetire}, {"not be available", cueRetire}, {"won't be supported", cueRetire}, {"won't be available", cueRetire},
	{"unsupported", cueRetire}, {"out of support", cueRetire}, {"discontinu", cueRetire}, {"decommission", cueRetire}, {"sunset", cueRetire}, {"shut down", cueRetire}, {"shutting down", cueRetire}, {"shutdown", cueRetire}, {"will be removed", cueRetire}, {"being removed", cueRetire}, {"be removed", cueRetire}, {"removal of", cueRetire}, {"will remove", cueRetire},
	{"will be deprecated", cueRetire}, {"deprecat", cueRetire}, {"become unavailable", cueRetire}, {"be unavailable after", cueRetire}, {"will be turned off", cueRetire}, {"will cease", cueRetire}, {"continue to use the existing", cueRetire}, {"last day", cueRetire}, {"will be deleted", cueRetire}, {"phase out", cueRetire}, {"phased out", cueRetire},
	{"eingestellt", cueRetire}, {"außer betrieb", cueRetire}, {"nicht mehr unterstützt", cueRetire}, {"nicht mehr verfügbar", cueRetire}, {"supportende", cueRetire}, {"support endet", cueRetire}, {"einstellung", cueRetire}, {"wird entfernt", cueRetire}, {"endet", cueRetire}, {"abgeschaltet", cueRetire}, {"ausgemustert", cueRetire}, {"abgekündigt", cueRetire},
	{"mis hors service", cueRetire}, {"mise hors service", cueRetire}, {"retrait", cueRetire}, {"supprimé", cueRetire}, {"fin de support", cueRetire}, {"fin du support", cueRetire}, {"prendra fin", cueRetire}, {"ne sera plus", cueRetire}, {"ne seront plus", cueRetire}, {"mettrons hors service", cueRetire}, {"mettons hors service", cueRetire}, {"hors service", cueRetire}, {"plus pris en charge", cueRetire}, {"sera retir", cueRetire},
	{"se retirar", cueRetire}, {"retirar", cueRetire}, {"retirad", cueRetire}, {"fin del soporte", cueRetire}, {"finalizará", cueRetire}, {"dejará de", cueRetire}, {"dejarán de", cueRetire}, {"ya no se admit", cueRetire}, {"ya no estar", cueRetire}, {"descontinu", cueRetire}, {"discontinú", cueRetire},
	// a certificate's end
	{"expire", cueExpire}, {"expiration", cueExpire}, {"expiry", cueExpire}, {"expiring on", cueExpire}, {"expiring in", cueExpire}, {"is expiring", cueExpire}, {"are expiring", cueExpire}, {"expires", cueExpire}, {"expira ", cueExpire}, {"expirará", cueExpire}, {"expirent", cueExpire}, {"expirer", cueExpire}, {"valid until", cueExpire}, {"not after", cueExpire}, {"läuft am", cueExpire}, {"läuft ab", cueExpire}, {"laufen ab", cueExpire}, {"ablauf", cueExpire}, {"ablaufen", cueExpire}, {"gültig bis", cueExpire}, {"caduc", cueExpire}, {"vence", cueExpire}, {"validité", cueExpire},
	// the platform changes
	{"migrat", cueCutover}, {"roll out", cueCutover}, {"rolling out", cueCutover}, {"rollout", cueCutover}, {"roll-out", cueCutover}, {"rolled out", cueCutover}, {"take effect", cueCutover}, {"takes effect", cueCutover}, {"into effect", cueCutover}, {"taking effect", cueCutover}, {"enforce", cueCutover}, {"will require", cueCutover}, {"require all", cueCutover}, {"be required", cueCutover},
	{"will update", cueCutover}, {"will be updat", cueCutover}, {"update the", cueCutover}, {"be updat", cueCutover}, {"will switch", cueCutover}, {"will chang", cueCutover}, {"will be chang", cueCutover}, {"change will", cueCutover}, {"changing", cueCutover}, {"will transition", cueCutover}, {"transition to a new", cueCutover}, {"will begin", cueCutover}, {"we'll begin", cueCutover}, {"will start", cueCutover}, {"begin ", cueCutover}, {"begins ", cueCutover},
	{"releas", cueCutover}, {"will replace", cueCutover}, {"will be replaced", cueCutover}, {"is replacing", cueCutover}, {"rotat", cueCutover}, {"renew", cueCutover}, {"reissu", cueCutover}, {"will move", cueCutover}, {"will be moved", cueCutover}, {"targeted for", cueCutover}, {"scheduled for", cueCutover}, {"scheduled to", cueCutover}, {"is scheduled", cueCutover}, {"will be issued", cueCutover}, {"no longer be issuing", cueCutover}, {"no longer issue", cueCutover}, {"will disable", cueCutover}, {"will be disabled", cueCutover}, {"will be enabled", cueCutover}, {"will be blocked", cueCutover}, {"will block", cueCutover}, {"lose the ability", cueCutover}, {"lose connect", cueCutover}, {"stop working", cueCutover}, {"stop accepting", cueCutover}, {"be rejected", cueCutover}, {"will reject", cueCutover}, {"will not be able to", cueCutover}, {"won't be able to", cueCutover}, {"will fail", cueCutover}, {"phased in", cueCutover}, {"change on", cueCutover}, {"change to", cueCutover}, {"new certificate", cueCutover}, {"will be upgraded", cueCutover}, {"will upgrade", cueCutover}, {"will add", cueCutover}, {"will be added", cueCutover}, {"cutover", cueCutover}, {"will be restarted", cueCutover},
	{"umgestellt", cueCutover}, {"umstellung", cueCutover}, {"aktualisiert", cueCutover}, {"beginnen", cueCutover}, {"beginnt", cueCutover}, {"geändert", cueCutover}, {"migriert", cueCutover}, {"erforderlich", cueCutover}, {"wechsel", cueCutover}, {"ersetzt", cueCutover}, {"ausgerollt", cueCutover}, {"bereitgestellt", cueCutover}, {"in kraft", cueCutover}, {"eingeführt", cueCutover},
	{"déploi", cueCutover}, {"mis à jour", cueCutover}, {"mises à jour", cueCutover}, {"commenc", cueCutover}, {"sera modifié", cueCutover}, {"changer", cueCutover}, {"remplac", cueCutover}, {"exiger", cueCutover}, {"en vigueur", cueCutover}, {"basculer", cueCutover}, {"passer", cueCutover},
	{"actualizar", cueCutover}, {"comenzar", cueCutover}, {"cambiar", cueCutover}, {"implementa", cueCutover}, {"reemplaz", cueCutover}, {"requerir", cueCutover}, {"entrará en vigor", cueCutover}, {"migrará", cueCutover},
	// something is finished
	{"complet", cueEnd}, {"finish", cueEnd}, {"conclud", cueEnd}, {"abgeschlossen", cueEnd}, {"terminé", cueEnd}, {"terminer", cueEnd},
	// other dated facts
	{"discount", cueOther}, {"pricing", cueOther}, {"price", cueOther}, {"promotion", cueOther}, {"billing", cueOther}, {"billed", cueOther}, {"charged", cueOther}, {"rate ", cueOther}, {"sign up", cueOther}, {"sign ups", cueOther}, {"sign-up", cueOther}, {"new creation", cueOther}, {"can't be created", cueOther}, {"cannot be created", cueOther}, {"can't create", cueOther}, {"cannot create", cueOther}, {"no longer create", cueOther}, {"no longer be created", cueOther}, {"create new", cueOther}, {"creating new", cueOther}, {"creation of new", cueOther}, {"be able to create", cueOther}, {"new customers", cueOther}, {"new resources", cueOther}, {"profile creation", cueOther}, {"new deployments", cueOther}, {"extension", cueOther}, {"this form", cueOther}, {"option is available", cueOther}, {"migrate back", cueOther}, {"perform maintenance", cueOther}, {"no new ", cueOther}, {"maintenance window", cueOther}, {"planned maintenance", cueOther}, {"scheduled maintenance", cueOther}, {"preis", cueOther}, {"tarif", cueOther}, {"precio", cueOther}, {"upstream", cueOther}, {"reserved instance", cueOther}, {"purchase", cueOther}, {"neue ressourcen", cueOther},
	// not a milestone
	{"published", cueNoise}, {"posted on", cueNoise}, {"last update", cueNoise}, {"last updated", cueNoise}, {"last modified", cueNoise}, {"updated on", cueNoise}, {"livestream", cueNoise}, {"live stream", cueNoise}, {"webinar", cueNoise}, {"register", cueNoise}, {"join us", cueNoise}, {"ignite", cueNoise}, {"conference", cueNoise}, {"announced", cueNoise}, {"copyright", cueNoise}, {"ask the expert", cueNoise}, {"veröffentlicht", cueNoise}, {"zuletzt aktualisiert", cueNoise}, {"publié", cueNoise}, {"publicado", cueNoise}, {"office hours", cueNoise}, {"reviewed", cueNoise}, {"was released", cueNoise}, {"was launched", cueNoise}, {"launched", cueNoise}, {"request process is closed", cueNoise}, {"version ", cueNone},
}

// latinWeak are the same for the other languages.
var latinWeak = []cueWord{{"phase ", cueCutover}, {"wave ", cueCutover}, {"stage ", cueCutover}, {"will no longer", cueCutover}, {"default", cueCutover}, {"automatically", cueCutover}, {"deploy", cueCutover}, {"introduc", cueCutover}, {"will become", cueCutover}, {"will use", cueCutover}, {"can't", cueCutover}, {"cannot", cueCutover}, {"not be able", cueCutover}}

// eastWeak say that something happens, without saying what; they count when
// nothing else does.
var eastWeak = []cueWord{{"予定されて", cueCutover}, {"予定です", cueCutover}, {"必須", cueCutover}, {"必要", cueCutover}, {"影響を受け", cueCutover}, {"からです", cueCutover}, {"実施", cueCutover}, {"になります", cueCutover}, {"예정", cueCutover}, {"将", cueCutover}}

// eastCues are searched after a date, where the predicate stands.
var eastCues = []cueWord{
	{"廃止", cueRetire}, {"サポートが終了", cueRetire}, {"サポートは終了", cueRetire}, {"サポートを終了", cueRetire}, {"サポート終了", cueRetire}, {"サポートは", cueRetire}, {"提供終了", cueRetire}, {"提供を終了", cueRetire}, {"提供が終了", cueRetire}, {"提供停止", cueRetire}, {"サービス終了", cueRetire}, {"終了", cueRetire}, {"利用できなく", cueRetire}, {"使用できなく", cueRetire}, {"できなくなり", cueRetire}, {"ならなくなり", cueRetire}, {"なくなります", cueRetire}, {"非推奨", cueRetire}, {"リタイア", cueRetire}, {"削除され", cueRetire}, {"サポートされなく", cueRetire}, {"サポートしなく", cueRetire}, {"サポート対象外", cueRetire}, {"停止され", cueRetire}, {"停止いた", cueRetire}, {"停止となり", cueRetire}, {"停止し", cueRetire}, {"停止予定", cueRetire}, {"引き続き利用", cueRetire}, {"利用可能", cueRetire},
	{"停用", cueRetire}, {"终止支持", cueRetire}, {"停止支持", cueRetire}, {"淘汰", cueRetire}, {"不再支持", cueRetire}, {"不再支援", cueRetire}, {"终止", cueRetire}, {"終止", cueRetire}, {"弃用", cueRetire}, {"下线", cueRetire}, {"退役", cueRetire}, {"关闭", cueRetire}, {"移除", cueRetire}, {"不再可用", cueRetire}, {"淘汰", cueRetire}, {"停产", cueRetire},
	{"사용 중지", cueRetire}, {"지원이 종료", cueRetire}, {"지원 종료", cueRetire}, {"지원을 종료", cueRetire}, {"종료", cueRetire}, {"폐기", cueRetire}, {"중단", cueRetire}, {"더 이상 지원", cueRetire}, {"중지 됩", cueRetire}, {"중지", cueRetire}, {"제거", cueRetire}, {"더 이상", cueRetire},
	{"有効期限", cueExpire}, {"期限が切れ", cueExpire}, {"期限切れ", cueExpire}, {"失効", cueExpire}, {"过期", cueExpire}, {"到期", cueExpire}, {"過期", cueExpire}, {"만료", cueExpire},
	{"変更され", cueCutover}, {"変更し", cueCutover}, {"変更を", cueCutover}, {"変更が", cueCutover}, {"変わります", cueCutover}, {"開始", cueCutover}, {"始ま", cueCutover}, {"始め", cueCutover}, {"移行し", cueCutover}, {"移行され", cueCutover}, {"移行予定", cueCutover}, {"移行が行われ", cueCutover}, {"切り替", cueCutover}, {"更新され", cueCutover}, {"更新し", cueCutover}, {"更新を", cueCutover}, {"更新が", cueCutover}, {"更新予定", cueCutover}, {"有効にな", cueCutover}, {"適用", cueCutover}, {"リリース", cueCutover}, {"展開", cueCutover}, {"アップデートが予定", cueCutover}, {"ロールアウト", cueCutover}, {"強制", cueCutover}, {"既定", cueCutover}, {"無効", cueCutover}, {"拒否", cueCutover}, {"接続できなく", cueCutover}, {"完了", cueEnd},
	{"迁移", cueCutover}, {"遷移", cueCutover}, {"更改", cueCutover}, {"更换", cueCutover}, {"开始", cueCutover}, {"開始", cueCutover}, {"生效", cueCutover}, {"推出", cueCutover}, {"更新", cueCutover}, {"切换", cueCutover}, {"切換", cueCutover}, {"强制", cueCutover}, {"要求", cueCutover}, {"完成", cueEnd},
	{"변경", cueCutover}, {"시작", cueCutover}, {"적용", cueCutover}, {"전환", cueCutover}, {"업데이트", cueCutover}, {"마이그레이션", cueCutover}, {"교체", cueCutover}, {"필요", cueCutover}, {"완료", cueEnd},
	{"解除", cueOther}, {"割引", cueOther}, {"料金", cueOther}, {"価格", cueOther}, {"課金", cueOther}, {"新規作成", cueOther}, {"新規の作成", cueOther}, {"新規に作成", cueOther}, {"作成できなくなり", cueOther}, {"作成できなくなります", cueOther}, {"作成ができなくなります", cueOther}, {"作成することができなくなります", cueOther}, {"作成はできなくなります", cueOther}, {"購入できなくなります", cueOther}, {"作成できなく", cueOther}, {"作成することができなく", cueOther}, {"作成はできなく", cueOther}, {"延長", cueOther}, {"メンテナンス", cueOther}, {"定价", cueOther}, {"价格", cueOther}, {"新建", cueOther}, {"무료", cueOther}, {"가격", cueOther}, {"만들 수 없", cueOther}, {"요금", cueOther},
	{"時点", cueNoise}, {"公開しました", cueNoise}, {"公開され", cueNoise}, {"ブログ公開", cueNoise}, {"追記", cueNoise}, {"投稿", cueNoise}, {"現在", cueNoise}, {"更新情報", cueNoise}, {"発表しました", cueNoise}, {"発表され", cueNoise}, {"アナウンス", cueNoise}, {"公開情報", cueNone}, {"最新情報に更新", cueNoise}, {"確認済み", cueNoise}, {"通知しました", cueNoise}, {"通知され", cueNoise}, {"发布", cueNoise}, {"發佈", cueNoise}, {"게시", cueNoise}, {"ウェビナー", cueNoise}, {"説明会", cueNoise}, {"開催", cueNoise}, {"勉強会", cueNoise}, {"参加", cueNoise}, {"配信", cueNoise}, {"研讨会", cueNoise}, {"웨비나", cueNoise}, {"セミナー", cueNoise}, {"最終更新", cueNoise}, {"作成日", cueNoise},
}
