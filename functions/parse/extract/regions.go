package extract

import "cutover/functions/parse/doc"

// regionNames are Azure's regions by display name, with other spellings: the
// Japanese names of the portal, and the orders of words that documents use.
var regionNames = map[string][]string{
	"East US": {"米国東部", "eastus"}, "East US 2": {"米国東部 2", "eastus2"}, "West US": {"米国西部", "westus"}, "West US 2": {"米国西部 2", "westus2"}, "West US 3": {"米国西部 3", "westus3"}, "Central US": {"米国中部", "centralus"}, "North Central US": {"米国中北部", "northcentralus"}, "South Central US": {"米国中南部", "southcentralus"}, "West Central US": {"米国中西部", "westcentralus"},
	"East US 2 EUAP": nil, "Central US EUAP": nil, "Canada Central": {"カナダ中部"}, "Canada East": {"カナダ東部"}, "Brazil South": {"ブラジル南部"}, "Brazil Southeast": nil, "Mexico Central": {"メキシコ中部"}, "Chile Central": nil,
	"North Europe": {"北ヨーロッパ", "northeurope"}, "West Europe": {"西ヨーロッパ", "westeurope"}, "UK South": {"英国南部"}, "UK West": {"英国西部"}, "France Central": {"フランス中部"}, "France South": {"フランス南部"}, "Germany West Central": {"ドイツ中西部"}, "Germany North": {"ドイツ北部"}, "Germany Central": nil, "Germany Northeast": nil, "Switzerland North": {"スイス北部"}, "Switzerland West": {"スイス西部"}, "Norway East": {"ノルウェー東部"}, "Norway West": {"ノルウェー西部"}, "Sweden Central": {"スウェーデン中部"}, "Sweden South": {"スウェーデン南部"}, "Poland Central": nil, "Italy North": nil, "Spain Central": nil, "Austria East": nil, "Belgium Central": nil, "Denmark East": nil, "Finland Central": nil, "Greece Central": nil,
	"East Asia": {"東アジア", "eastasia"}, "Southeast Asia": {"東南アジア", "southeastasia", "south east asia"}, "Japan East": {"東日本", "japaneast", "日本东部"}, "Japan West": {"西日本", "japanwest", "日本西部"}, "Korea Central": {"韓国中部"}, "Korea South": {"韓国南部"}, "Australia East": {"オーストラリア東部"}, "Australia Southeast": {"オーストラリア南東部"}, "Australia Central": {"オーストラリア中部"}, "Australia Central 2": nil, "Central India": {"インド中部", "india central"}, "South India": {"インド南部", "india south"}, "West India": {"インド西部", "india west"}, "Jio India West": nil, "Jio India Central": nil, "Indonesia Central": nil, "Malaysia West": nil, "Malaysia South": nil, "Taiwan North": nil, "Taiwan Northwest": nil, "New Zealand North": nil,
	"UAE North": nil, "UAE Central": nil, "Qatar Central": nil, "Israel Central": nil, "Saudi Arabia East": nil, "South Africa North": nil, "South Africa West": nil,
	"China East": nil, "China East 2": nil, "China East 3": nil, "China North": nil, "China North 2": nil, "China North 3": nil, "US Gov Virginia": {"usgov virginia"}, "US Gov Texas": {"usgov texas"}, "US Gov Arizona": {"usgov arizona"}, "US DoD Central": nil, "US DoD East": nil,
}

// regionsIn lists the regions named between two places of the view.
func (p *page) regionsIn(start, end int) []string {
	var out []string
	for _, h := range p.regionHits() {
		if h.start >= start && h.end <= end && !has(out, h.name.canon) && !h.aside {
			out = append(out, h.name.canon)
		}
	}
	return out
}

func (p *page) regionHits() []hit { return p.places }

// regionFacts finds the regions that the notice is about: a labelled field, a
// list of many, the title, or the sentence that says what happens.
func (r *reading) regionFacts() []serviceFact {
	for _, p := range r.pages {
		if out := p.labelledRegions(); len(out) > 0 {
			return out
		}
	}
	var lists, named []serviceFact
	dated := r.dated
	for _, p := range r.pages {
		for i := 0; i < len(p.places); {
			s := p.sentenceAt(p.places[i].start)
			j := i
			for j < len(p.places) && p.places[j].start < s.End {
				j++
			}
			text := p.view.Text(s)
			b := p.doc.Blocks[s.Block]
			for ; i < j; i++ {
				h := p.places[i]
				f := serviceFact{canon: h.name.canon, written: h.name.written, page: p, start: h.start, end: h.end}
				switch {
				case j-i >= 0 && countIn(p.places, s) >= 4:
					lists = append(lists, f)
				case p.skip[h.block] || containsAny(text, []string{"例:", "例：", "e.g.", "for example", "such as"}):
				case p.isTitle(b, s, r) || dated[sentenceKey{p, s.Start}] || p.words.of(text)&gateBecause != 0:
					named = append(named, f)
				}
			}
			if i < j {
				i = j
			}
			if len(lists) > 0 && containsWord(p, s, "global") {
				if k := indexWord(p, s, "global"); k >= 0 {
					lists = append(lists, serviceFact{canon: "Global", page: p, start: p.toks[k].start, end: p.toks[k].end})
				}
			}
		}
	}
	if len(lists) > 0 {
		r.listed = true
		return lists
	}
	return named
}

func countIn(hits []hit, s doc.Sentence) int {
	n := 0
	for _, h := range hits {
		if h.start >= s.Start && h.end <= s.End {
			n++
		}
	}
	return n
}

func indexWord(p *page, s doc.Sentence, w string) int {
	for i, t := range p.toks {
		if t.start >= s.Start && t.end <= s.End && p.word(i) == w {
			return i
		}
	}
	return -1
}

func containsWord(p *page, s doc.Sentence, w string) bool { return indexWord(p, s, w) >= 0 }
