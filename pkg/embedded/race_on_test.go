//go:build race

package embedded_test

// slower is by how much the loads are made smaller for the race detector.
const slower = 10
