package disclosure

// DefaultK is the smallest number of people that is published: 1 … 4 are hidden.
const DefaultK = 5

// SmallestDenominator is the number of people below which a rate is not published.
const SmallestDenominator = 20

// Small reports whether a count is hidden for being small: 1 … k−1. Zero is shown.
func Small(count, k int64) bool { return count >= 1 && count < k }

// SmallShare reports whether a share is hidden for its own numbers: a small numerator, a small remainder (nearly all of
// a group is as telling as nearly none), or a denominator below [SmallestDenominator]. Without anybody in the
// denominator there is nothing to hide.
func SmallShare(numerator, denominator, k int64) bool {
	if denominator <= 0 {
		return false
	}
	return denominator < SmallestDenominator || Small(numerator, k) || Small(denominator-numerator, k)
}

// Dominated reports whether an amount is too much that of a few: (Σx)²/Σx² over the contributors' shares x is below k. That
// number (Laakso and Taagepera's effective number, the inverse of Herfindahl's index) is never more than that of contributors;
// as long as it is k, nobody has more than 1/√k of the amount: of five, 45 %, where rules of dominance allow 85 %. Nothing is
// nobody's.
func Dominated(sum, squares, k int64) bool {
	return sum > 0 && float64(sum)*float64(sum) < float64(k)*float64(squares)
}
