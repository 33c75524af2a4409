package ingester_test

import (
	"os"
	"testing"

	"vointi.fi/pkg/warehouse/warehousetest"
)

// TestMain makes the test binary three programs: the tests, the engine that they use, and an ingester process that they
// can kill.
func TestMain(m *testing.M) {
	if isChild() {
		os.Exit(runChild())
	}
	os.Exit(warehousetest.Main(m))
}
