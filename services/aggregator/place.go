package aggregator

import (
	"slices"
	"sync"
)

// country is the area above all others.
const country = "SSS"

// areaNode is an area as the fold of reference.area events leaves it.
type areaNode struct {
	level   string
	parents []string // of every hierarchy
}

// places answers which areas an area belongs to, also to several goroutines. It is built anew when a reference.area event
// arrives.
type places struct {
	nodes map[string]areaNode
	mutex sync.Mutex
	paths map[string][]string
}

func newPlaces(nodes map[string]areaNode) *places {
	return &places{nodes: nodes, paths: map[string][]string{}}
}

// path returns the area itself and every area above it, each once, the country always among them; nil for "".
// An area that nobody has described counts for itself and the country.
func (p *places) path(area string) []string {
	if area == "" {
		return nil
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known, ok := p.paths[area]; ok {
		return known
	}
	path := []string{area}
	for i := 0; i < len(path); i++ {
		for _, parent := range p.nodes[path[i]].parents {
			if !slices.Contains(path, parent) {
				path = append(path, parent)
			}
		}
	}
	if !slices.Contains(path, country) {
		path = append(path, country)
	}
	slices.Sort(path[1:])
	p.paths[area] = path
	return path
}
