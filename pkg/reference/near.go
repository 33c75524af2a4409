package reference

import (
	"slices"
	"strings"
)

// Near returns the known words that are closest to a mistyped one, sorted: none that differ in more than a third of its
// letters, and none for a word of one letter. Of a known word in two parts (eviva3/65+) the second alone may be meant, too.
func Near(word string, known []string) []string {
	letters := len([]rune(word))
	if letters < 2 {
		return nil
	}
	best := max(1, letters/3)
	var near []string
	for _, k := range known {
		d := distance(word, k)
		if _, second, ok := strings.Cut(k, "/"); ok {
			d = min(d, distance(word, second))
		}
		switch {
		case d < best:
			best, near = d, []string{k}
		case d == best:
			near = append(near, k)
		}
	}
	slices.Sort(near)
	return near
}

// Meant asks whether one of the nearest known words was meant, as the end of a sentence; "" if none is near.
func Meant(word string, known []string) string {
	near := Near(word, known)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// distance is the least number of letters to insert, delete, replace or swap with the next one that makes b of a (optimal
// string alignment, Damerau 1964); case makes no difference.
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	rows := [3][]int{make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		older, before, now := rows[(i+1)%3], rows[(i+2)%3], rows[i%3]
		now[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			now[j] = min(before[j]+1, now[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], older[j-2]+1)
			}
		}
	}
	return rows[len(x)%3][len(y)]
}
