package embedded

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed functions.txt
var functionsText string

// functionLists are the names of functions.txt in lower case, by section.
var functionLists = sync.OnceValue(func() map[string]map[string]bool {
	lists, section := map[string]map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(functionsText) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = map[string]bool{}
			lists[strings.Trim(line, "[]")] = section
		default:
			for _, name := range strings.Fields(line) {
				section[strings.ToLower(name)] = true
			}
		}
	}
	return lists
})

// combinators change how an aggregate function takes its rows, not what it may do.
var combinators = []string{"If", "Array", "Distinct", "OrNull", "OrDefault", "ForEach", "ArgMin", "ArgMax", "Map"}

// functionAllowed says whether a reading role may call a function.
func functionAllowed(name string) bool {
	lists := functionLists()
	return lists["functions"][strings.ToLower(name)] || aggregateAllowed(name)
}

func aggregateAllowed(name string) bool {
	if functionLists()["aggregates"][strings.ToLower(name)] {
		return true
	}
	for _, suffix := range combinators {
		if base, ok := strings.CutSuffix(name, suffix); ok && base != "" && aggregateAllowed(base) {
			return true
		}
	}
	return false
}

// tableFunctionAllowed says whether a reading role may read from a table function.
func tableFunctionAllowed(name string) bool {
	return functionLists()["tables"][strings.ToLower(name)]
}
