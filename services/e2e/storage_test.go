package e2e

import (
	"encoding/xml"
	"maps"
	"strings"
	"testing"
)

// TestServersStoreAsTheEmbeddedEngineDoes holds the settings of tables on a server against those of the embedded engine,
// which all tests and figures rest on.
func TestServersStoreAsTheEmbeddedEngineDoes(t *testing.T) {
	embedded, shipped := tableSettings(t, "pkg/embedded/engine.xml"), tableSettings(t, "deploy/clickhouse/config.d/vointi.xml")
	if !maps.Equal(embedded, shipped) {
		t.Errorf("the embedded engine stores by %v, a server by %v", embedded, shipped)
	}
	if embedded["fsync_after_insert"] != "1" || embedded["fsync_part_directory"] != "1" {
		t.Errorf("an acknowledged insert would not survive a power loss: %v", embedded)
	}
}

// tableSettings reads the section merge_tree of a configuration file, whose values may be templates but whose tags are not.
func tableSettings(t *testing.T, file string) map[string]string {
	t.Helper()
	var config struct {
		MergeTree struct {
			Settings []struct {
				XMLName xml.Name
				Value   string `xml:",chardata"`
			} `xml:",any"`
		} `xml:"merge_tree"`
	}
	if err := xml.Unmarshal(read(t, file), &config); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	settings := map[string]string{}
	for _, s := range config.MergeTree.Settings {
		settings[s.XMLName.Local] = strings.TrimSpace(s.Value)
	}
	return settings
}
