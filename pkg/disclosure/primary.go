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
