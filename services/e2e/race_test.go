//go:build race

package e2e

// The program under test is built as this test was: a race in it ends it with an exit code of its own.
func init() { buildFlags = append(buildFlags, "-race") }
