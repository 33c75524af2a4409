package simulator

import (
	"math/rand/v2"
)

// Every draw has a seed of its own, made from what it is about (the area, the quarter, the person). So a quarter, an area
// or a person is the same whatever else is generated, and in whichever order.

// The first word of a seed says what is drawn.
const (
	drawCore uint64 = iota + 1
	drawQuarter
	drawGuest
	drawPseudonym
	drawCard
	drawProgramme
	drawPlan
	drawFate
	drawCost
	drawWave
	drawResponse
	drawLive
	drawReferral
	drawFeedback
	drawQuestion
	drawCivic
	drawHelp
	drawHolder
	drawSpecial
)

// mix hashes words into one (the finaliser of SplitMix64 over a running sum).
func mix(words ...uint64) uint64 {
	var h uint64
	for _, word := range words {
		h = scramble(h + word + 0x9e3779b97f4a7c15)
	}
	return h
}

func scramble(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// word makes a word of a text (FNV-1a).
func word(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// unit maps a word to [0, 1).
func unit(h uint64) float64 { return float64(h>>11) / (1 << 53) }

// source returns a generator seeded by words.
func source(words ...uint64) *rand.Rand {
	h := mix(words...)
	return rand.New(rand.NewPCG(h, scramble(h+1)))
}

// binomial counts the successes among n trials; n is the size of a group of people, so trying each is fast enough.
func binomial(r *rand.Rand, n int, p float64) int {
	hits := 0
	for range n {
		if r.Float64() < p {
			hits++
		}
	}
	return hits
}

// between draws uniformly from [low, high].
func between(r *rand.Rand, low, high int64) int64 { return low + r.Int64N(high-low+1) }

// composition splits total into parts numbers of at least 1, each such split being equally likely. Those are independent
// geometric numbers, given that their sum is total. total must not be below parts.
func composition(r *rand.Rand, total, parts int) []int {
	if parts == 0 {
		return nil
	}
	sizes := make([]int, 0, parts)
	cuts, size := parts-1, 1
	for gaps := total - 1; gaps > 0; gaps-- {
		if r.IntN(gaps) < cuts {
			sizes, size = append(sizes, size), 0
			cuts--
		}
		size++
	}
	return append(sizes, size)
}
