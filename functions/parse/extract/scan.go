package extract

// gate is a set of word lists of which a sentence holds a word. One pass over
// the text finds them all; slower rules run only where a gate is open.
type gate uint32

// The gates. A topic's gate is its vote.
const (
	gateTopic   gate = 1 << iota // incident, and the next seven in the order of topics
	_                            // maintenance
	_                            // tls-version
	_                            // certificate
	_                            // ip-change
	_                            // retirement
	_                            // breaking
	_                            // other
	gateNone                     // nobody has to act, perhaps
	gateAsk                      // somebody has
	gateCloud                    // a cloud is named
	gateCancel                   // a change is called off, perhaps
	gatePin                      // certificate pinning
	gateBecause                  // why the reader gets this
	gateDuty                     // the reader has something to do
	gateHead                     // a heading of a known section, perhaps
)

// scanner finds many literal words in one pass (Aho and Corasick's automaton,
// with all transitions filled in).
type scanner struct {
	next  [][256]uint16 // by node; the lists here have some thousand nodes, 65,535 fit
	words [][]int32     // by node: the words that end there
	gates []gate        // by node
}

func newAutomaton() *scanner {
	return &scanner{next: make([][256]uint16, 1), words: make([][]int32, 1), gates: make([]gate, 1)}
}

// newScanner builds the automaton of the gates.
func newScanner(lists map[gate][]string) *scanner {
	s := newAutomaton()
	for g, words := range lists {
		for _, w := range words {
			s.gates[s.add(w)] |= g
		}
	}
	s.link()
	return s
}

// newCueScanner builds the automaton of a list of cues.
func newCueScanner(cues []cueWord) *scanner {
	s := newAutomaton()
	for i, c := range cues {
		at := s.add(c.text)
		s.words[at] = append(s.words[at], int32(i))
	}
	s.link()
	return s
}

func (s *scanner) add(w string) uint16 {
	at := uint16(0)
	for i := 0; i < len(w); i++ {
		if s.next[at][w[i]] == 0 {
			s.next = append(s.next, [256]uint16{})
			s.words, s.gates = append(s.words, nil), append(s.gates, 0)
			s.next[at][w[i]] = uint16(len(s.next) - 1)
		}
		at = s.next[at][w[i]]
	}
	return at
}

// link fills in where to go on when a word breaks off.
func (s *scanner) link() {
	fail := make([]uint16, len(s.next))
	var queue []uint16
	for c := range 256 {
		if n := s.next[0][c]; n != 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s.gates[at] |= s.gates[fail[at]]
		s.words[at] = append(s.words[at], s.words[fail[at]]...)
		for c := range 256 {
			n := s.next[at][c]
			if n == 0 {
				s.next[at][c] = s.next[fail[at]][c]
				continue
			}
			fail[n] = s.next[fail[at]][c]
			queue = append(queue, n)
		}
	}
}

// mark gives every sentence of a page its gates.
func (s *scanner) mark(p *page) {
	p.gates = make([]gate, len(p.view.Sentences))
	for i, q := range p.view.Sentences {
		p.gates[i] = s.of(p.view.S[q.Start:q.End])
	}
}

// of is the gates of one text.
func (s *scanner) of(text string) gate {
	at, g := uint16(0), gate(0)
	for i := 0; i < len(text); i++ {
		at = s.next[at][text[i]]
		g |= s.gates[at]
	}
	return g
}

// each calls found with every word in the text and where it ends.
func (s *scanner) each(text string, found func(word, end int)) {
	at := uint16(0)
	for i := 0; i < len(text); i++ {
		at = s.next[at][text[i]]
		for _, w := range s.words[at] {
			found(int(w), i+1)
		}
	}
}

// cues are the automatons of the word lists for dates.
type cues struct {
	latin, latinVerbs, latinWeak, east, eastVerbs, eastWeak *cueList
}

type cueList struct {
	words []cueWord
	scan  *scanner
}

func newCueList(words []cueWord) *cueList {
	var kept []cueWord
	for _, w := range words {
		if w.cue != cueNone {
			kept = append(kept, w)
		}
	}
	return &cueList{kept, newCueScanner(kept)}
}

func newCues() cues {
	return cues{newCueList(latinCues), newCueList(latinVerbs), newCueList(latinWeak), newCueList(eastCues), newCueList(eastVerbs), newCueList(eastWeak)}
}

// nearest finds the cue with the smallest distance to the date between pre and
// post; of two as near the longer one. ahead tells that it stands before the date.
func (l *cueList) nearest(pre, post string) (k cue, dist int, ahead bool) {
	dist = 1 << 20
	size := 0
	take := func(w cueWord, d int, before bool) {
		if d < dist || d == dist && len(w.text) > size {
			k, dist, ahead, size = w.cue, d, before, len(w.text)
		}
	}
	l.scan.each(pre, func(i, end int) {
		w := l.words[i]
		if at := end - len(w.text); wordStart(pre, at) && len(pre)-end <= dist {
			take(w, len(pre)-end+crossing(pre[at:]), true)
		}
	})
	l.scan.each(post, func(i, end int) {
		w := l.words[i]
		if at := end - len(w.text); wordStart(post, at) && at <= dist {
			take(w, at+crossing(post[:at]), false)
		}
	})
	return k, dist, ahead
}

// last is the cue that stands last: the predicate. Of two that end together the
// longer one counts.
func (l *cueList) last(s string) cue {
	k, at, size := cueNone, -1, 0
	l.scan.each(s, func(i, end int) {
		w := l.words[i]
		if end > at || end == at && len(w.text) > size {
			k, at, size = w.cue, end, len(w.text)
		}
	})
	return k
}
