package event

import (
	"strings"
	"unicode/utf8"
)

// rule checks a string; it returns what to keep of it, and what is wrong with it ("" if nothing).
type rule func(s string) (keep, reason string)

// The rules of one attribute kind each; the schemas' $defs have the same names.
var (
	code         = printable(1, 200)
	label        = printable(1, 300)
	prose        = printable(1, 1000)
	pseudonym    = shaped(isPseudonym, "must be a pseudonym: 32 lower-case hexadecimal digits")
	areaCode     = shaped(isArea, "must be an area code such as SSS, KU305, HVA19, MK17, KU853-01 or 20100")
	municipality = shaped(isMunicipality, "must be a municipality such as KU305, or SSS if none")
	ageGroup     = safe(shaped(isAgeGroup, "must be an age group such as 0-17, 65+ or unknown"))
	ageOrBand    = shaped(isAgeOrBand, "must be an age from 0 to 100, or a band such as 0-4 or 90+")
	language     = shaped(isLanguage, "must be a language code such as fi")
	itemCode     = safe(shaped(isItemCode, "must be a code: a letter, then up to 63 letters, digits and _ . [ ] -"))
	postalCode   = shaped(isPostalCode, "must be a postal code such as 20100")
	businessID   = shaped(isBusinessID, "must be a business identity code such as 0116297-6")
	yearOrMonth  = shaped(isYearOrMonth, "must be a year or a month in the years 1900 to 2199, such as 2024 or 2024-03")
	councilTerm  = shaped(isCouncilTerm, "must be two years such as 2021-2025")
	uri          = safe(shaped(isSource, "must be a URI reference of 1 to 200 characters"))
	link         = safe(shaped(isLink, "must be a web address of at most 2000 characters"))
)

// printable allows min to max characters without control characters, and no personal identity code.
func printable(min, max int) rule {
	reason := "must have " + itoa(min) + " to " + itoa(max) + " characters"
	return func(s string) (string, string) {
		if len(s) < min || len(s) > max && utf8.RuneCountInString(s) > max {
			return "", reason
		}
		if hasControl(s) {
			return "", "must not hold control characters"
		}
		if hasPersonalCode(s) {
			return "", holdsPersonalCode
		}
		return s, ""
	}
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// oneOf allows the codes of a closed list, and keeps the list's own string.
func oneOf(list []string) rule {
	reason := "must be one of " + strings.Join(list, ", ")
	return func(s string) (string, string) {
		for _, allowed := range list {
			if s == allowed {
				return allowed, ""
			}
		}
		return "", reason
	}
}

func shaped(is func(string) bool, reason string) rule {
	return func(s string) (string, string) {
		if !is(s) {
			return "", reason
		}
		return s, ""
	}
}

// safe adds to a rule that no personal identity code is allowed.
func safe(r rule) rule {
	return func(s string) (string, string) {
		if hasPersonalCode(s) {
			return "", holdsPersonalCode
		}
		return r(s)
	}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
func lower(c byte) bool { return 'a' <= c && c <= 'z' }
func alnum(c byte) bool { return digit(c) || lower(c|0x20) }

// all reports whether is holds for every byte of s.
func all(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

func isPseudonym(s string) bool {
	if len(s) != 32 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !digit(c) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func isMunicipality(s string) bool {
	return s == "SSS" || len(s) == 5 && s[:2] == "KU" && all(s[2:], digit)
}

func isArea(s string) bool {
	switch {
	case isMunicipality(s):
		return true
	case len(s) == 5 && s[:3] == "HVA":
		return all(s[3:], digit)
	case len(s) == 4 && s[:2] == "MK":
		return all(s[2:], digit)
	case len(s) >= 7 && len(s) <= 26 && s[5] == '-':
		return s[0] == 'K' && isMunicipality(s[:5]) && all(s[6:], alnum)
	}
	return isPostalCode(s)
}

func isPostalCode(s string) bool { return len(s) == 5 && all(s, digit) }

func isAgeGroup(s string) bool {
	return len(s) >= 1 && len(s) <= 32 && (digit(s[0]) || lower(s[0])) &&
		all(s, func(c byte) bool { return digit(c) || lower(c) || c == '+' || c == '-' || c == '_' })
}

func isAgeOrBand(s string) bool {
	if low, ok := strings.CutSuffix(s, "+"); ok {
		return isAge(low)
	}
	low, high, band := strings.Cut(s, "-")
	return isAge(low) && (!band || isAge(high))
}

func isAge(s string) bool {
	return s == "100" || (len(s) == 1 || len(s) == 2 && s[0] != '0') && all(s, digit)
}

func isLanguage(s string) bool {
	return (len(s) == 2 || len(s) == 3) && all(s, lower)
}

func isItemCode(s string) bool {
	return len(s) >= 1 && len(s) <= 64 && lower(s[0]|0x20) &&
		all(s, func(c byte) bool { return alnum(c) || strings.IndexByte("_.[]-", c) >= 0 })
}

func isBusinessID(s string) bool {
	return len(s) == 9 && all(s[:7], digit) && s[7] == '-' && digit(s[8])
}

func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20" || s[:2] == "21") && all(s[2:], digit)
}

func isYearOrMonth(s string) bool {
	if isYear(s) {
		return true
	}
	_, ok := parseMonth(s)
	return ok
}

func isCouncilTerm(s string) bool {
	from, to, _ := strings.Cut(s, "-")
	return isYear(from) && isYear(to)
}

func isSource(s string) bool {
	return len(s) >= 1 && len(s) <= 200 && all(s, uriByte)
}

func isLink(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && len(s) <= 2000 && all(rest, uriByte)
}

func uriByte(c byte) bool { return uriBytes[c] }

// uriBytes tells the characters that a URI may be made of.
var uriBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = alnum(byte(c)) || strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", byte(c)) >= 0
	}
	return t
}()
