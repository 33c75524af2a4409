package embedded

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed engine.xml
var engineXML string

//go:embed users.xml
var usersXML string

// writeEngineConfig puts the engine's two configuration files into the data folder and returns the path of the first.
// They are always given: without one the engine would read a config.xml of the working directory.
func writeEngineConfig(dir string, values map[string]any) (string, error) {
	values["Users"] = filepath.Join(dir, "users.xml")
	for name, text := range map[string]string{"config.xml": engineXML, "users.xml": usersXML} {
		var out bytes.Buffer
		if err := template.Must(template.New(name).Parse(text)).Execute(&out, values); err != nil {
			return "", fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o600); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "config.xml"), nil
}
