package ical

import (
	"strings"

	"vointi.fi/services/calendar/occurrence"
)

// component is what stands between BEGIN and END.
type component struct {
	name       string
	line       int
	properties []property
	children   []*component
}

// all returns the properties of a name.
func (c *component) all(name string) (list []property) {
	for _, p := range c.properties {
		if p.name == name {
			list = append(list, p)
		}
	}
	return list
}

// get returns the first property of a name.
func (c *component) get(name string) (property, bool) {
	if list := c.all(name); len(list) > 0 {
		return list[0], true
	}
	return property{}, false
}

func (c *component) text(name string) string {
	p, _ := c.get(name)
	return strings.TrimSpace(p.unescaped())
}

// uid names the component in remarks; "" if it does not name itself.
func (c *component) uid() string { return c.text("UID") }

// maxDepth is more than any calendar nests.
const maxDepth = 20

// tree puts the lines into their components. What does not end is left out, and the reading is then not whole.
func (r *reader) tree(lines []rawLine) (calendars []*component) {
	root := &component{}
	open := []*component{root}
	for _, raw := range lines {
		p, ok := parseLine(raw)
		inner := open[len(open)-1]
		value := strings.ToUpper(strings.TrimSpace(p.value))
		switch {
		case !ok:
			r.note(occurrence.Remark{Line: raw.number, ID: inner.uid(), Reason: "is no content line: " + occurrence.Printable(raw.text, 40)})
		case p.name == "BEGIN" && len(open) < maxDepth:
			c := &component{name: value, line: p.line}
			open = append(open, c)
		case p.name == "END":
			open = r.close(open, value, p.line)
		default:
			inner.properties = append(inner.properties, p)
		}
	}
	r.reading.Whole = len(open) == 1
	if !r.reading.Whole {
		r.note(occurrence.Remark{
			Line: lines[len(lines)-1].number, Reason: "the calendar is cut off here: END:" + open[1].name + " is missing", Fault: true,
		})
		root.children = append(root.children, open[1]) // what is whole in it counts
	}
	for _, c := range root.children {
		if c.name == "VCALENDAR" {
			calendars = append(calendars, c)
		}
	}
	return calendars
}

// close ends the innermost open component of a name, and with it those inside that nobody ended.
func (r *reader) close(open []*component, name string, line int) []*component {
	for i := len(open) - 1; i > 0; i-- {
		if open[i].name != name {
			continue
		}
		for _, c := range open[i+1:] {
			r.note(occurrence.Remark{Line: c.line, ID: c.uid(), Property: c.name, Reason: "is not ended before END:" + name, Fault: c.name == "VEVENT"})
		}
		open[i-1].children = append(open[i-1].children, open[i])
		return open[:i]
	}
	r.note(occurrence.Remark{Line: line, Property: "END", Reason: "ends " + occurrence.Printable(name, 40) + ", which has not begun"})
	return open
}
