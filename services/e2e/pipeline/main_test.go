// Package pipeline_test takes events from the bus to the read model, with a real NATS server and the real engine.
package pipeline_test

import (
	"os"
	"runtime/debug"
	"testing"

	"vointi.fi/pkg/warehouse/warehousetest"
)

// TestMain makes the test binary three programs: the tests, the engine that they use, and an aggregator that kills itself.
func TestMain(m *testing.M) {
	if step := os.Getenv(dieAt); step != "" {
		os.Exit(runDoomed(step))
	}
	debug.SetGCPercent(400) // as the program does
	os.Exit(warehousetest.Main(m))
}
