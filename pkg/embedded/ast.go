package embedded

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// node is one line of EXPLAIN AST with the lines below it.
type node struct {
	kind     string // "Function"
	name     string // "sum"; "vointi.indicators"
	children []*node
}

var errTree = errors.New("the engine's syntax tree cannot be read")

// childrenMark ends the line of a node that has children.
var childrenMark = regexp.MustCompile(`\(children (\d{1,6})\)$`)

// parseTree reads the trees that EXPLAIN AST prints: each line says how many follow under it. The counts must come out
// exactly; a name that holds a line break cannot make one node look like another.
func parseTree(text string) ([]*node, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var roots []*node
	for len(lines) > 0 {
		n, rest, err := parseNode(lines, 0)
		if err != nil {
			return nil, err
		}
		roots, lines = append(roots, n), rest
	}
	return roots, nil
}

const maxTreeDepth = 1000

func parseNode(lines []string, depth int) (*node, []string, error) {
	if len(lines) == 0 || depth > maxTreeDepth {
		return nil, nil, errTree
	}
	line, lines := strings.TrimLeft(lines[0], " "), lines[1:]
	count := 0
	if m := childrenMark.FindStringSubmatch(line); m != nil {
		count, _ = strconv.Atoi(m[1])
		line = strings.TrimSuffix(line[:len(line)-len(m[0])], " ")
	}
	n := &node{}
	n.kind, n.name, _ = strings.Cut(line, " ")
	n.name, _, _ = strings.Cut(n.name, " (alias ")
	if n.kind == "" {
		return nil, nil, errTree
	}
	for range count {
		child, rest, err := parseNode(lines, depth+1)
		if err != nil {
			return nil, nil, err
		}
		n.children, lines = append(n.children, child), rest
	}
	return n, lines, nil
}
