package main

import (
	"cmp"
	"fmt"
	"slices"
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
	return fmt.Sprintf("arrayStringConcat(arrayMap(a -> coalesce(nullIf(%s[a], ''), a), %s), ', ')", areaNames(), array)
}

// areaNames is a map from areas to their names.
func areaNames() string { return namesOf("area", "vointi.areas") }

func namesOf(id, view string) string {
	return fmt.Sprintf("(SELECT CAST((groupArray(id), groupArray(called)), 'Map(String, String)') FROM (SELECT %s AS id, any(%s) AS called FROM %s GROUP BY id))",
		id, choose("name_fi", "name_sv", "name_en"), view)
}

// rests says what of an input, its name, unit or source: in the words that package wording has for it or its beginning, and by the
// name of the area or indicator that is named next.
func rests(column string) string {
	var ids []string
	texts := [3][]string{}
	for _, c := range slices.Backward(slices.SortedFunc(slices.Values(wording.Inputs), func(a, b wording.Code) int { return cmp.Compare(len(a.ID), len(b.ID)) })) {
		ids = append(ids, quote(c.ID))
		for l, text := range languagesOf(c.Text) {
			texts[l] = append(texts[l], quote(text))
		}
	}
	array := func(items []string) string { return "[" + strings.Join(items, ", ") + ", '']" }
	named := "replaceRegexpOne(rest, '^[^ ,]+', coalesce(nullIf(%[1]s[extract(rest, '^[^ ,]+')], ''), nullIf(%[2]s[extract(rest, '^[^ ,]+')], ''), extract(rest, '^[^ ,]+')))"
	return fmt.Sprintf("arrayMap(begins -> concat(begins.2, arrayMap(rest -> "+named+", [substring(%[3]s, length(begins.1) + 1)])[1]), "+
		"[arrayFirst(begins -> begins.1 = %[3]s OR endsWith(begins.1, ' ') AND startsWith(%[3]s, begins.1) OR begins.1 = '', arrayZip(%[4]s, %[5]s))])[1]",
		areaNames(), namesOf("id", "vointi.catalogue"), column, array(ids), choose(array(texts[0]), array(texts[1]), array(texts[2])))
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
