package indicator

import (
	"slices"
	"strings"
)

// near says which of the words are probably meant by one that is none of them, as the end of a sentence; "" if none is
// close.
func near(word string, words []string) string {
	if len([]rune(word)) < 2 {
		return ""
	}
	most := max(1, len([]rune(word))/3)
	best := most + 1
	var close []string
	for _, w := range words {
		d := distance(word, w)
		if strings.EqualFold(word, w) {
			d = 0
		}
		switch {
		case d < best:
			best, close = d, []string{w}
		case d == best && d <= most:
			close = append(close, w)
		}
	}
	if len(close) == 0 || best > most {
		return ""
	}
	slices.Sort(close)
	return "; did you mean " + strings.Join(close, " or ") + "?"
}

// distance is the least number of letters to insert, drop, replace or swap with the next one that makes b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
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
