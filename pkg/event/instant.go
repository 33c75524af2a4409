package event

import "time"

const (
	notInstant = "must be a time of RFC 3339 in the years 1900 to 2199, such as 2024-03-05T17:02:11+02:00"
	notDate    = "must be a date in the years 1900 to 2199, such as 2024-03-05"
	notMonth   = "must be a month in the years 1900 to 2199, such as 2024-03"
)

// parseInstant reads a time of RFC 3339, upper case, with up to nine decimals and no leap second, and returns it in UTC.
// On the first and on the last day of the range only UTC is allowed, so that the instant cannot leave the range.
func parseInstant(s string) (t time.Time, ok bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return t, false
	}
	t, ok = parseDate(s[:10])
	hour, minute, second := pair(s, 11), pair(s, 14), pair(s, 17)
	if !ok || hour > 23 || minute > 59 || second > 59 {
		return t, false
	}
	nanos, rest := fraction(s[19:])
	offset, ok := parseOffset(rest)
	if !ok || offset != 0 && (s[:10] == "1900-01-01" || s[:10] == "2199-12-31") {
		return t, false
	}
	seconds := int64(hour)*3600 + int64(minute)*60 + int64(second)
	return time.Unix(t.Unix()+seconds-int64(offset), int64(nanos)).UTC(), true
}

// pair returns the value of two digits at i, or more than 99.
func pair(s string, i int) uint {
	a, b := uint(s[i]-'0'), uint(s[i+1]-'0')
	if a > 9 || b > 9 {
		return 100
	}
	return a*10 + b
}

// fraction reads ".123" at the start of s; what is wrong stays in rest.
func fraction(s string) (nanos int, rest string) {
	if s == "" || s[0] != '.' {
		return 0, s
	}
	end, ok := run(s, 1)
	if !ok || end > 10 {
		return 0, s
	}
	for i := 1; i < 10; i++ {
		nanos *= 10
		if i < end {
			nanos += int(s[i] - '0')
		}
	}
	return nanos, s[end:]
}

// parseOffset returns the seconds that "Z" or "+02:00" is east of Greenwich.
func parseOffset(s string) (seconds int, ok bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != 6 || s[3] != ':' || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hour, minute := pair(s, 1), pair(s, 4)
	if hour > 23 || minute > 59 {
		return 0, false
	}
	seconds = int(hour)*3600 + int(minute)*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// parseDate reads 2024-03-05 and returns midnight UTC.
func parseDate(s string) (t time.Time, ok bool) {
	if len(s) != 10 || s[7] != '-' {
		return t, false
	}
	year, month, ok := parseYearMonth(s[:7])
	day := pair(s, 8)
	if !ok || day < 1 || day > 31 {
		return t, false
	}
	t = time.Date(year, month, int(day), 0, 0, 0, 0, time.UTC)
	return t, t.Day() == int(day)
}

// parseMonth reads 2024-03 and returns midnight UTC of its first day.
func parseMonth(s string) (t time.Time, ok bool) {
	year, month, ok := parseYearMonth(s)
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC), ok
}

func parseYearMonth(s string) (year int, month time.Month, ok bool) {
	if len(s) != 7 || s[4] != '-' {
		return 0, 0, false
	}
	century, rest, m := pair(s, 0), pair(s, 2), pair(s, 5)
	if century < 19 || century > 21 || rest > 99 || m < 1 || m > 12 {
		return 0, 0, false
	}
	return int(century*100 + rest), time.Month(m), true
}
