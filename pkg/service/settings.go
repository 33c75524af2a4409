package service

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// A configuration is a struct whose fields bear tags:
//
//	name     the setting's name, kebab-case: the flag, the key in the file and, by [EnvName], the variable
//	default  its value when nobody sets it, as text
//	help     one line for --help and the README's table
//	secret   "true" if it must not be printed
//
// A field with the tag embed:"" is a struct whose settings belong to this one, their names preceded by its tag prefix.
// These are the tags of the command-line parser in services/vointi, which reads them too.

// Setting is one field of a configuration.
type Setting struct {
	Name, Default, Help string
	Secret              bool
	Value               any
	field               reflect.Value
}

// EnvName is the environment variable of a setting: nats-url is VOINTI_NATS_URL.
func EnvName(name string) string {
	return "VOINTI_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// Settings lists the settings of a configuration, which is a pointer to a struct, in the order of its fields.
func Settings(config any) []Setting {
	return settings(reflect.ValueOf(config).Elem(), "")
}

func settings(config reflect.Value, prefix string) []Setting {
	var all []Setting
	for i := range config.NumField() {
		field, tag := config.Field(i), config.Type().Field(i).Tag
		if _, embed := tag.Lookup("embed"); embed {
			all = append(all, settings(field, prefix+tag.Get("prefix"))...)
			continue
		}
		if name := tag.Get("name"); name != "" {
			all = append(all, Setting{
				Name: prefix + name, Default: tag.Get("default"), Help: tag.Get("help"),
				Secret: tag.Get("secret") == "true", Value: field.Interface(), field: field,
			})
		}
	}
	return all
}

// SetDefaults gives every setting that is zero its default. It panics if a default does not fit its field, which any
// test of the configuration shows.
func SetDefaults(config any) {
	for _, s := range Settings(config) {
		if s.Default == "" || !s.field.IsZero() {
			continue
		}
		if err := parse(s.field, s.Default); err != nil {
			panic(fmt.Sprintf("default of setting %s: %v", s.Name, err))
		}
	}
}

// PrintSettings writes a configuration as a file that would set it again, secrets masked.
func PrintSettings(w io.Writer, config any) error {
	for _, s := range Settings(config) {
		if _, err := fmt.Fprintf(w, "%s: %s\n", s.Name, s.text()); err != nil {
			return err
		}
	}
	return nil
}

func (s Setting) text() string {
	if s.Secret && !s.field.IsZero() {
		return `"***"`
	}
	switch v := s.Value.(type) {
	case string:
		return quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i := range v {
			quoted[i] = quote(v[i])
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

// quote makes a YAML string that means s whatever it looks like.
func quote(s string) string { return fmt.Sprintf("%q", s) }

// parse reads text into a field, as the command line and the file would.
func parse(field reflect.Value, text string) error {
	switch field.Interface().(type) {
	case time.Duration:
		d, err := time.ParseDuration(text)
		field.SetInt(int64(d))
		return err
	case []string:
		field.Set(reflect.ValueOf(strings.Split(text, ",")))
		return nil
	case string:
		field.SetString(text)
		return nil
	default:
		_, err := fmt.Sscan(text, field.Addr().Interface())
		return err
	}
}
