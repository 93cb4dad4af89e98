// Package extract reads the facts of a notice from its documents: deterministic
// rules over the document model, with the words of each language as data beside
// the code. It knows no formats and no network; the same text gives the same
// facts, so they can be kept by the text's digest.
package extract

import (
	"sort"
	"strings"

	"cutover/shared/cutover"
)

// Index is the service map and the CA catalogue, prepared once for searching.
// It does not change and may be shared.
type Index struct {
	services map[string][]name // by first word
	canon    map[string]string // folded name or alias → canonical name
	cas      map[string][]caName
	bySHA1   map[string]cutover.CA
	regions  map[string][]name
	shorts   map[string]string // region by its name without spaces
	words    *scanner
	cues     cues
}

// name is one way to write a service or a region.
type name struct {
	words   []string
	written string // as the map spells it
	canon   string
	generic bool // a common word: it needs "Azure" before it
	part    bool // names a part of the service, not the service itself
}

// caName is the common name of a CA, without the words that notices drop or add.
type caName struct {
	words []string
	cn    string
	role  string
}

// distinctive single words name a service by themselves.
var distinctive = map[string]bool{"aks": true, "aro": true, "vmss": true, "imds": true, "databricks": true, "hdinsight": true, "signalr": true, "storsimple": true, "expressroute": true, "mariadb": true, "apim": true, "avd": true, "dps": true, "bastion": true, "cdn": true, "afd": true}

// extra names that notices use and the service map does not list, by a name or
// alias of the map. Japanese, Chinese and Korean names are those of the portal.
var extraNames = map[string][]string{
	"Virtual Machines": {"仮想マシン", "虚拟机", "虛擬機器", "가상 머신", "클래식 vm", "classic vms"}, "Load Balancer": {"负载均衡器", "부하 분산 장치", "ロードバランサー", "ロード バランサー"}, "Application Gateway": {"アプリケーション ゲートウェイ"}, "Storage Accounts": {"ストレージ アカウント", "ストレージアカウント", "存储帐户", "存储账户", "스토리지 계정", "azure 存储", "静的 web サイト"},
	"Key Vault": {"キー コンテナー", "密钥保管库"}, "Azure Front Door": {"afd", "azure frontdoor"}, "Azure Functions": {"azure functions"}, "Content Delivery Network": {"azure cdn from microsoft", "azure cdn from edgio", "azure cdn from verizon"}, "App Service": {"app service certificate", "app service 証明書"},
	"Virtual Network": {"仮想ネットワーク", "虚拟网络", "虛擬網路", "가상 네트워크", "公共 ip 地址", "パブリック ip アドレス", "public ip address", "basic sku public ip"}, "Event Hubs": {"イベント ハブ"}, "Azure Monitor": {"azure monitor エージェント"}, "Azure Cache for Redis": {"azure redis"}, "Azure OpenAI Service": {"openai service"}, "Cloud Services": {"cloud services (extended support)", "cloud service"},
}

// NewIndex prepares the service map and the catalogue.
func NewIndex(services []cutover.Service, cas []cutover.CA) *Index {
	x := &Index{services: map[string][]name{}, canon: map[string]string{}, cas: map[string][]caName{}, bySHA1: map[string]cutover.CA{}, regions: map[string][]name{}, shorts: map[string]string{}, words: newScanner(allLists()), cues: newCues()}
	for _, s := range services {
		for _, n := range append([]string{s.Name}, s.Aliases...) {
			x.addService(n, s.Name)
		}
		for _, n := range extraNames[s.Name] {
			x.addService(n, s.Name)
		}
	}
	for _, c := range cas {
		x.addCA(c)
	}
	for canon, names := range regionNames {
		x.shorts[strings.ToLower(strings.ReplaceAll(canon, " ", ""))] = canon
		for _, n := range append([]string{canon}, names...) {
			x.addRegion(n, canon)
		}
	}
	for _, list := range []map[string][]name{x.services, x.regions} {
		for k := range list {
			sortNames(list[k])
		}
	}
	for k := range x.cas {
		l := x.cas[k]
		sort.SliceStable(l, func(i, j int) bool {
			if len(l[i].words) != len(l[j].words) {
				return len(l[i].words) > len(l[j].words)
			}
			return l[i].cn < l[j].cn
		})
	}
	return x
}

func sortNames(l []name) {
	sort.SliceStable(l, func(i, j int) bool {
		if len(l[i].words) != len(l[j].words) {
			return len(l[i].words) > len(l[j].words)
		}
		return l[i].written < l[j].written
	})
}

func (x *Index) addService(n, canon string) {
	key := strings.ToLower(n)
	if _, ok := x.canon[key]; !ok {
		x.canon[key] = canon
	}
	words := wordsOf(key)
	if len(words) == 0 {
		return
	}
	x.insert(words, n, canon)
	if words[0] == "azure" && len(words) > 1 {
		x.insert(words[1:], n, canon)
	}
	if i := strings.IndexByte(key, '('); i > 2 && !strings.Contains(key, "classic") && !strings.Contains(key, "linux") {
		x.insert(wordsOf(key[:i]), n, canon)
	}
}

func (x *Index) insert(words []string, written, canon string) {
	if len(words) == 0 {
		return
	}
	generic := len(words) == 1 && !distinctive[words[0]] && words[0] != "azure"
	first := stem(words[0])
	for _, have := range x.services[first] {
		if sameWords(have.words, words) {
			return
		}
	}
	x.services[first] = append(x.services[first], name{words: words, written: written, canon: canon, generic: generic, part: distinct(written, canon)})
}

func (x *Index) addRegion(n, canon string) {
	words := wordsOf(strings.ToLower(n))
	x.regions[stem(words[0])] = append(x.regions[stem(words[0])], name{words: words, written: n, canon: canon})
}

// caFillers are dropped from, or added to, the names of roots by notices.
var caFillers = map[string]bool{"ca": true, "root": true, "certificate": true, "certification": true, "authority": true, "the": true, "cas": true}

func (x *Index) addCA(c cutover.CA) {
	if c.SHA1 != "" {
		if _, ok := x.bySHA1[strings.ToLower(c.SHA1)]; !ok {
			x.bySHA1[strings.ToLower(c.SHA1)] = c
		}
	}
	var words []string
	for _, w := range wordsOf(strings.ToLower(c.CN)) {
		if !caFillers[w] {
			words = append(words, w)
		}
	}
	if len(words) < 2 {
		return
	}
	for _, have := range x.cas[words[0]] {
		if have.cn == c.CN {
			return
		}
	}
	x.cas[words[0]] = append(x.cas[words[0]], caName{words: words, cn: c.CN, role: caRole(c)})
}

func caRole(c cutover.CA) string {
	switch {
	case strings.Contains(strings.ToLower(c.Role), "root"):
		return cutover.RoleRoot
	case strings.Contains(strings.ToLower(c.Role), "leaf"):
		return cutover.RoleLeaf
	}
	return cutover.RoleIntermediate
}

// Canonical is the service map's name of a service, or the name itself.
func (x *Index) Canonical(n string) string {
	key := strings.ToLower(strings.TrimSpace(n))
	for _, k := range []string{key, "azure " + key, strings.TrimPrefix(key, "azure "), strings.TrimPrefix(key, "microsoft "), strings.TrimSuffix(key, "s"), strings.TrimSuffix(key, " service")} {
		if c, ok := x.canon[k]; ok {
			return c
		}
	}
	return strings.TrimSpace(n)
}

// Region is the display name of a region, also of its short name (japaneast).
func (x *Index) Region(n string) string {
	n = strings.TrimSpace(n)
	short := strings.ToLower(strings.ReplaceAll(n, " ", ""))
	if r, ok := x.shorts[short]; ok {
		return r
	}
	return n
}

// wordsOf cuts a folded name into the words that tokens are compared with.
func wordsOf(s string) []string {
	var out []string
	for _, t := range tokenize(s) {
		if t.kind != tokPunct && t.kind != tokBreak {
			out = append(out, s[t.start:t.end])
		}
	}
	return out
}

func sameWords(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if stem(a[i]) != stem(b[i]) {
			return false
		}
	}
	return true
}

// stem takes off a plural.
func stem(w string) string {
	if len(w) > 3 && w[len(w)-1] == 's' && w[len(w)-2] != 's' {
		return w[:len(w)-1]
	}
	return w
}
