package aggregator

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// country is the area above all others.
const country = "SSS"

// areaNode is an area as the fold of reference.area events leaves it.
type areaNode struct {
	level   string
	parents []string // of every hierarchy
	into    string   // the area of its own level that it was merged into; "" while it is there
}

// places answers which areas an area belongs to, also to several goroutines. It is built anew when a reference.area event
// arrives.
type places struct {
	nodes map[string]areaNode
	mutex sync.Mutex
	paths map[string][]string
	towns map[string][]string // nil: not asked for yet
}

func newPlaces(nodes map[string]areaNode) *places {
	return &places{nodes: nodes, paths: map[string][]string{}}
}

// now returns what an area is today: itself, or what it was merged into. All of its history counts there.
func (p *places) now(area string) string {
	for range p.nodes { // no longer than a chain can be
		into := p.nodes[area].into
		if into == "" {
			break
		}
		area = into
	}
	return area
}

// path returns the area as it is today and every area above it, each once, the country always among them; nil for "".
// An area that nobody has described counts for itself and the country.
func (p *places) path(area string) []string {
	if area == "" {
		return nil
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.above(area)
}

// above is path for who has the mutex.
func (p *places) above(area string) []string {
	if known, ok := p.paths[area]; ok {
		return known
	}
	path := []string{p.now(area)}
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

// municipalities returns the municipalities of today that are an area or belong to it, sorted.
func (p *places) municipalities(area string) []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.towns == nil {
		p.towns = map[string][]string{}
		for _, id := range slices.Sorted(maps.Keys(p.nodes)) {
			if n := p.nodes[id]; n.level == "municipality" && n.into == "" {
				for _, above := range p.above(id) {
					p.towns[above] = append(p.towns[above], id)
				}
			}
		}
	}
	return p.towns[area]
}

// signature names the mergers that have taken place; "" if there are none.
func (p *places) signature() string {
	var mergers []string
	for _, area := range slices.Sorted(maps.Keys(p.nodes)) {
		if into := p.nodes[area].into; into != "" {
			mergers = append(mergers, " "+area+">"+into)
		}
	}
	return strings.Join(mergers, "")
}
