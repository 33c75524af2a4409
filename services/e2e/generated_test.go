package e2e

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// generators write committed files: each is run into an empty folder, and what it writes must be what is committed.
var generators = []struct{ program, committed string }{
	{"./dashboards/gen", "dashboards"},
	{"./services/provisioner/gen", "deploy/grafana"},
	{"./schemas/gen", "schemas"},
}

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for _, g := range generators {
		t.Run(g.committed, func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), "go", "run", g.program, dir)
			cmd.Dir = root(t)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			written := 0
			err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				written++
				name, err := filepath.Rel(dir, path)
				if err != nil {
					return err
				}
				sameFile(t, path, filepath.Join(root(t), g.committed, name))
				return nil
			})
			if err != nil || written == 0 {
				t.Errorf("%d files written: %v", written, err)
			}
		})
	}
}

func TestTableOfSettingsIsUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.md")
	out, err := exec.CommandContext(t.Context(), binary(t), "settings").Output()
	if err == nil {
		err = os.WriteFile(path, out, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	sameFile(t, path, filepath.Join(root(t), "deploy/settings.md"))
}

func sameFile(t *testing.T, made, committed string) {
	t.Helper()
	want, err := os.ReadFile(made)
	if err != nil {
		t.Error(err)
	}
	got, err := os.ReadFile(committed)
	if err != nil {
		t.Error(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what its generator writes; run `make generate`", committed)
	}
}
