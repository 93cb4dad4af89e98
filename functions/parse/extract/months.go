package extract

// months maps the names of months in the languages that notices come in.
// Names that are common words elsewhere count only beside a day or a year.
var months = map[string]int{
	// English
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	// German
	"januar": 1, "jänner": 1, "februar": 2, "märz": 3, "maerz": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10, "dezember": 12, "okt": 10, "dez": 12,
	// French
	"janvier": 1, "février": 2, "fevrier": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12, "decembre": 12,
	"janv": 1, "févr": 2, "avr": 4, "juil": 7, "déc": 12,
	// Spanish and Portuguese
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
	"ene": 1, "abr": 4, "dic": 12,
	"janeiro": 1, "fevereiro": 2, "março": 3, "maio": 5, "junho": 6, "julho": 7, "setembro": 9, "outubro": 10, "novembro": 11, "dezembro": 12,
}

// ambiguous months are words of their own: they need a capital letter.
var ambiguous = map[string]bool{"may": true, "march": true, "mar": true, "mars": true, "dec": true, "jan": true, "sept": true, "set": true, "ago": true}

// ordinals are what may stand between a day and its month.
var ordinals = map[string]bool{"st": true, "nd": true, "rd": true, "th": true, "er": true, "º": true, "°": true, "ª": true}

// links join a day, a month and a year.
var dateLinks = map[string]bool{"de": true, "of": true, "del": true, "d": true}

// parts of a month or a year, by what they make of it.
var endWords = map[string]bool{"end": true, "ende": true, "fin": true, "late": true, "finales": true, "finals": true, "final": true}
var partWords = map[string]bool{"early": true, "mid": true, "beginning": true, "start": true, "middle": true, "anfang": true, "mitte": true, "début": true, "mi": true, "principios": true, "mediados": true}
