package event

import (
	"slices"
	"strings"
)

const headerPrefix = "ce-"

// isBinary reports whether the CloudEvents attributes are in the header.
func isBinary(header map[string][]string) bool {
	for name := range header {
		if len(name) == len("ce-specversion") && strings.EqualFold(name, "ce-specversion") {
			return true
		}
	}
	return false
}

// binary reads an event whose attributes are in the header and whose data is the body.
func (d *decoder) binary(header map[string][]string) {
	d.s = shared(d.attributes(header))
	if d.envelopeBy(attributeFields); d.broken {
		return
	}
	d.s, d.pos, d.depth = shared(d.body), 0, 0
	d.push("data")
	readData(&d.reader, &d.envelope)
	d.end()
	d.pop()
}

// attributes returns the attributes in the header as a JSON object of strings.
func (d *decoder) attributes(header map[string][]string) []byte {
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	b := make([]byte, 0, 512)
	for _, name := range names {
		attribute := strings.ToLower(name)
		switch {
		case attribute == "content-type":
			attribute = "datacontenttype"
		case strings.HasPrefix(attribute, headerPrefix):
			attribute = attribute[len(headerPrefix):]
		default:
			continue
		}
		for _, value := range header[name] {
			b = append(b, "{,"[b2i(len(b) > 0)])
			b = append(appendString(b, attribute), ':')
			b = appendString(b, d.unpercent(attribute, value))
		}
	}
	return append(b, '}')
}

// unpercent decodes the percent-encoding of a header value.
func (d *decoder) unpercent(attribute, value string) string {
	if strings.IndexByte(value, '%') < 0 {
		return value
	}
	b := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		c := percent(value[i:])
		switch {
		case value[i] != '%':
			b = append(b, value[i])
		case c < 0:
			d.faultAt(attribute, "is not percent-encoded correctly")
			return value
		default:
			b = append(b, byte(c))
			i += 2
		}
	}
	return string(b)
}
