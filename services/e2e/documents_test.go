package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named finds paths of the source tree in a text: in backquotes, as the target of a link, or at the beginning of a line
// of a code block.
var named = regexp.MustCompile("(?m)(?:`|\\]\\(|^\\s*)((?:services|pkg|dashboards|deploy|schemas|\\.ci)/[A-Za-z0-9_./*-]*[A-Za-z0-9_*/])")

func TestEveryPathThatADocumentNamesExists(t *testing.T) {
	for _, document := range []string{"README.md", "ARCHITECTURE.md", "deploy/README.md"} {
		t.Run(document, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root(t), document))
			if err != nil {
				t.Fatal(err)
			}
			found := named.FindAllStringSubmatch(string(text), -1)
			if len(found) == 0 {
				t.Error("it names no path at all")
			}
			for _, match := range found {
				if match[1] == "services/x" { // stands for any of them
					continue
				}
				if files, err := filepath.Glob(filepath.Join(root(t), match[1])); err != nil || len(files) == 0 {
					t.Errorf("%s does not exist", match[1])
				}
			}
		})
	}
}

// TestLinksInDocumentsLeadSomewhere follows links within the repository.
func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	for _, document := range []string{"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "deploy/README.md"} {
		text, err := os.ReadFile(filepath.Join(root(t), document))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root(t), filepath.Dir(document), match[1])); err != nil {
				t.Errorf("%s links to %s: %v", document, match[1], err)
			}
		}
	}
}

// TestREADMENamesTheTwoCommands: what a newcomer types is in the Makefile.
func TestREADMENamesTheTwoCommands(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root(t), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range regexp.MustCompile("(?m)(?:`|^\\s*)make ([a-z]+)").FindAllStringSubmatch(string(readme), -1) {
		if !strings.Contains(string(makefile), "\n"+target[1]+":") {
			t.Errorf("README names make %s, which the Makefile does not have", target[1])
		}
	}
	for _, command := range []string{"make run", "make test"} {
		if !strings.Contains(string(readme), command) {
			t.Errorf("README does not say %q", command)
		}
	}
	if lines := strings.Count(string(makefile), "\n"); lines > 80 {
		t.Errorf("the Makefile has %d lines, more than 80", lines)
	}
}
