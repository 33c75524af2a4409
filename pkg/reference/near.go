package reference

import (
	"slices"
	"strings"
)

// Near returns the known words that a mistyped one may have meant, nearest first: at most three, and none that differ in
// more than a third of their letters.
func Near(word string, known []string) []string {
	type candidate struct {
		word     string
		distance int
	}
	var near []candidate
	for _, k := range known {
		if d := distance(word, k); 3*d <= max(len(word), len(k)) {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	words := make([]string, min(len(near), 3))
	for i := range words {
		words[i] = near[i].word
	}
	return words
}

// Meant asks whether one of the nearest known words was meant; "" if none is near.
func Meant(word string, known []string) string {
	near := Near(word, known)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}

// distance counts the letters to insert, delete or replace (Levenshtein 1966); case makes no difference.
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			replace := diagonal
			if x[i] != y[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(y)]
}
