package event

import "strings"

const holdsPersonalCode = "holds a Finnish personal identity code"

// personalCodeLength is that of DDMMYYCZZZQ: birth date, sign of the century, individual number, check character.
const personalCodeLength = 11

const checkCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// HoldsPersonalCode reports whether a Finnish personal identity code (henkilötunnus) stands anywhere in raw bytes, also
// behind JSON escapes or percent-encoding. It is for rejected messages, whose payload must not be kept if it does.
func HoldsPersonalCode(raw []byte) bool { return hasPersonalCode(string(raw)) }

// hasPersonalCode reports whether s holds a personal identity code that is no part of a longer word or number; hexadecimal
// identifiers would match by chance otherwise. Both cases count, and so do the artificial codes (900–999).
func hasPersonalCode(s string) bool {
	if len(s) < personalCodeLength {
		return false
	}
	escapes := strings.IndexByte(s, '\\') >= 0 || strings.IndexByte(s, '%') >= 0
	return personalCodeIn(s) || escapes && personalCodeIn(unescaped(s))
}

func personalCodeIn(s string) bool {
	for i := 6; i+5 <= len(s); i++ {
		if centurySign[s[i]] && isPersonalCode(s[i-6:i+5]) && boundary(s, i-7) && boundary(s, i+5) {
			return true
		}
	}
	return false
}

// centurySign tells the signs between the birth date and the individual number, in both cases.
var centurySign = func() (t [256]bool) {
	for _, c := range "+-ABCDEFUVWXYabcdefuvwxy" {
		t[c] = true
	}
	return t
}()

// isPersonalCode reports whether the 11 bytes of s, the seventh being a century sign, are a personal identity code.
func isPersonalCode(s string) bool {
	n := 0
	for i := range 10 {
		if i == 6 {
			continue
		}
		d := int(s[i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		n = n*10 + d
	}
	day, month := pair(s, 0), pair(s, 2)
	if day < 1 || day > 31 || month < 1 || month > 12 {
		return false
	}
	return upper(s[10]) == checkCharacters[n%31]
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// boundary reports whether s has no letter and no digit of ASCII at i.
func boundary(s string, i int) bool {
	if i < 0 || i >= len(s) {
		return true
	}
	c := upper(s[i])
	return (c < '0' || c > '9') && (c < 'A' || c > 'Z')
}

// unescaped returns s with \uXXXX and %XX of ASCII characters replaced, and every other escape by a space.
func unescaped(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		unit, octet := hex4(s[i:]), percent(s[i:])
		switch {
		case unit >= 0:
			b.WriteByte(byte(min(unit, 127)))
			i += 5
		case octet >= 0:
			b.WriteByte(byte(octet))
			i += 2
		case s[i] == '\\':
			b.WriteByte(' ')
			i++
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// percent returns the byte that %XX at the start of s stands for, −1 if there is none.
func percent(s string) int {
	if len(s) < 3 || s[0] != '%' {
		return -1
	}
	return hexDigit(s[1])<<4 | hexDigit(s[2])
}
