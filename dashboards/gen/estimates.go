package main

import (
	"fmt"
	"strings"

	"vointi.fi/pkg/wording"
)

// measured is the measure of an estimate in words.
func measured(column string) string { return translated(column, wording.Estimated) }

// estimated says what an estimate is of: its measure, and the indicator or service beside it. The catalogue is joined as c.
func estimated(t string) string {
	return fmt.Sprintf("concat(%s, multiIf(%[2]s.indicator != '', concat(': ', coalesce(nullIf(%[3]s, ''), %[2]s.indicator)), %[2]s.service != '', concat(': ', %[2]s.service), ''), if(%[2]s.discount_rate IS NULL, '', concat(', ', %[4]s, '%[5]s%%')))",
		measured(t+".measure"), t, choose("c.name_fi", "c.name_sv", "c.name_en"), plain(fmt.Sprintf("100 * %s.discount_rate", t), "toUInt8(1)"), thinSpace)
}

// digits is how many decimals a number of this size is shown with.
func digits(x string) string {
	return fmt.Sprintf("toUInt8(multiIf(abs(%[1]s) >= 1000 OR %[1]s = 0, 0, abs(%[1]s) >= 100, 1, abs(%[1]s) >= 1, 2, 3))", x)
}

// amount is a number with as many decimals as its size wants; ” for none.
func amount(x string) string {
	return fmt.Sprintf("if(%[1]s IS NULL, '', %[2]s)", x, plain(x, digits(x)))
}

func euros(x string) string {
	return fmt.Sprintf("if(%[1]s IS NULL, '–', concat(%[2]s, '%[3]s€'))", x, plain(x, "toUInt8(2)"), thinSpace)
}

// estimateText is the number of an estimate, or in words why there is none.
func estimateText(t string) string {
	return fmt.Sprintf("multiIf(%[1]s.suppressed != '', %[2]s, %[1]s.status = 'refused', concat('◌ ', %[3]s), %[1]s.estimate IS NULL, %[4]s, %[5]s)",
		t, must("protected"), translated(t+".refusal", wording.Refusals), must("no_data"), amount(t+".estimate"))
}

func estimateRange(t string) string {
	return fmt.Sprintf("multiIf(%[1]s.estimate IS NULL, '', %[1]s.low IS NULL OR %[1]s.high IS NULL, %[2]s, concat(%[3]s, ' … ', %[4]s))",
		t, must("no_interval"), amount(t+".low"), amount(t+".high"))
}

func pointsRange(t, decimals string) string {
	return fmt.Sprintf("if(%[1]s.low IS NULL OR %[1]s.high IS NULL, '–', concat(%[2]s, ' … ', %[3]s))", t, plain(t+".low", decimals), plain(t+".high", decimals))
}

// areas are the names of some areas.
func areas(array string) string {
	return fmt.Sprintf("arrayStringConcat(arrayMap(a -> coalesce(nullIf((SELECT CAST((groupArray(area), groupArray(called)), 'Map(String, String)') FROM (SELECT area, any(%s) AS called FROM vointi.areas GROUP BY area))[a], ''), a), %s), ', ')",
		choose("name_fi", "name_sv", "name_en"), array)
}

func perspective(column string) string { return translated(column, wording.Perspectives) }

func refusal(column string) string { return translated(column, wording.Refusals) }

func caution(column string) string { return translated(column, wording.Cautions) }

// cautions are what is to be known of an estimate, in words.
func cautions(column string) string {
	return fmt.Sprintf("arrayStringConcat(arrayMap(f -> coalesce(nullIf(%s, ''), f), %s), ' ')", caution("f"), column)
}

func matrixRow(column string) string { return translated(column, wording.MatrixRows) }

func matrixColumn(column string) string { return translated(column, wording.MatrixColumns) }

// rankIn sorts codes as their list does; what it does not have comes first.
func rankIn(list []wording.Code) func(column string) string {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = quote(c.ID)
	}
	return func(column string) string { return fmt.Sprintf("indexOf([%s], %s)", strings.Join(ids, ", "), column) }
}
