package reference

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Strict reads a text in YAML that a person wrote into a struct, and refuses what the struct does not know. The error names lines,
// and none of the program's types; of a text with nothing in it it is [io.EOF].
func Strict(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return inWords(err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("holds more than one document")
	}
	return nil
}

var (
	inType = regexp.MustCompile(` in type \S+`)
	noType = regexp.MustCompile("cannot unmarshal !!([a-z]+)( `.*`)? into .*")
)

// kinds are what YAML calls values.
var kinds = map[string]string{"seq": "a list", "map": "keys with values", "str": "text", "int": "a number", "float": "a number", "bool": "true or false"}

func inWords(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	lines := strings.Split(strings.TrimPrefix(err.Error(), "yaml: unmarshal errors:\n"), "\n")
	for i, line := range lines {
		line = strings.TrimPrefix(strings.TrimSpace(inType.ReplaceAllString(line, "")), "yaml: ")
		lines[i] = noType.ReplaceAllStringFunc(line, func(told string) string {
			return "holds " + kinds[noType.FindStringSubmatch(told)[1]] + " where something else belongs"
		})
	}
	return errors.New(strings.Join(lines, "\n"))
}
