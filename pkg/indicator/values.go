package indicator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

// Values is one value or several, any of which will do: culture, or [culture, art].
type Values []string

// UnmarshalYAML implements [yaml.Unmarshaler].
func (v *Values) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*v = Values{n.Value}
		return nil
	}
	return n.Decode((*[]string)(v))
}

// known is what entries may name: the closed lists of schemas/reference, which the event schemas have too.
type known struct {
	lists     map[string][]string
	schemes   *reference.AgeSchemes
	standards map[string]*reference.Standard
}

// references reads the lists that are built into this program, once.
var references = sync.OnceValue(func() known {
	k, err := loadReferences()
	if err != nil {
		panic(err) // embedded files: a programmer's mistake, met by the first test
	}
	return k
})

func loadReferences() (known, error) {
	text, err := schemas.FS.ReadFile("reference/lists.yaml")
	if err != nil {
		return known{}, fmt.Errorf("read lists: %w", err)
	}
	var lists map[string]map[string]Text
	if err := yaml.Unmarshal(text, &lists); err != nil {
		return known{}, fmt.Errorf("read lists: %w", err)
	}
	k := known{lists: map[string][]string{}}
	for name, codes := range lists {
		k.lists[name] = slices.Sorted(maps.Keys(codes))
	}
	if k.schemes, err = reference.LoadAgeSchemes(schemas.FS); err != nil {
		return k, err
	}
	esp, err := reference.LoadStandard(schemas.FS, k.schemes)
	if err != nil {
		return k, err
	}
	k.standards = map[string]*reference.Standard{esp.ID: esp}
	return k, nil
}

// ageGroups lists the groups of the published schemes as scheme/group.
func (k known) ageGroups() []string {
	var groups []string
	for _, s := range k.schemes.Published() {
		for _, g := range s.Groups {
			groups = append(groups, s.ID+"/"+g.ID)
		}
	}
	return groups
}

var (
	idPattern   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	itemPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\[[A-Za-z0-9_]+\])?$`)
	codePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]*$`)
)

// attributes are what measures can be restricted by: a closed list of schemas/reference, a list of its own, or a pattern.
var attributes = map[string]struct {
	list    string
	values  []string
	pattern *regexp.Regexp
}{
	"activity_type": {list: "activity_type"},
	"channel":       {list: "channel"},
	"class":         {list: "calendar_class"},
	"kind":          {list: "cost_kind"},
	"heading":       {list: "cost_heading"},
	"funded":        {values: []string{"yes", "no"}}, // by somebody else: funder_id is given
	"confirmed":     {values: []string{"yes", "no"}}, // within a year
	"fresh":         {values: []string{"yes", "no"}},
	"provider":      {pattern: codePattern},
	"item":          {pattern: itemPattern},
}

// wrongValue says what is wrong with the value of an attribute; "" if nothing is.
func wrongValue(attribute, value string) string {
	a, ok := attributes[attribute]
	switch {
	case !ok:
		return wrongWord("attribute", attribute, slices.Sorted(maps.Keys(attributes)))
	case a.pattern != nil && a.pattern.MatchString(value):
		return ""
	case a.pattern != nil:
		return fmt.Sprintf("%q is no %s: it must match %s", value, attribute, a.pattern)
	}
	values := a.values
	if a.list != "" {
		values = references().lists[a.list]
	}
	return wrongWord(attribute, value, values)
}

// tooLong is from how many words on a list is not read out where a word of it is close.
const tooLong = 15

// wrongWord says that a word is none of a closed list; "" if it is.
func wrongWord(what, word string, words []string) string {
	if slices.Contains(words, word) {
		return ""
	}
	meant := reference.Meant(word, words)
	if len(words) > tooLong && meant != "" {
		return fmt.Sprintf("there is no %s %q%s", what, word, meant)
	}
	return fmt.Sprintf("%s %q is none of %s%s", what, word, listed(words), meant)
}

func listed(words []string) string { return strings.Join(words, ", ") }

// awaited are the event types that entries wait for: families of the domain that do not exist yet, or that nobody counts yet.
var awaited = []string{
	"card.issued.v1", "indicator.imported.v1", "partner.registered.v1", "project.phase.v1", "reference.unitcost.v1", "serviceuse.aggregate.v1",
	"venue.registered.v1",
}

// wrongAwaited says why nobody need wait for an event type, or for an attribute of one: type#attribute.
func wrongAwaited(name string) string {
	typ, attribute, ofToday := strings.Cut(name, "#")
	exists := slices.Contains(event.Types(), event.Type(typ))
	switch {
	case ofToday && !exists:
		return fmt.Sprintf("there is no event type %q to have the attribute %s", typ, attribute)
	case ofToday:
		return ""
	case exists && !slices.Contains(awaited, name):
		return fmt.Sprintf("%s exists: nothing needs to wait for it", typ)
	}
	return wrongWord("event type", typ, awaited)
}
