// Command gen writes deploy/grafana/provisioning: go run ./services/provisioner/gen [folder]. A test fails when the
// committed files differ from what it writes.
package main

import (
	"fmt"
	"os"

	"vointi.fi/services/provisioner"
)

func main() {
	dir := "deploy/grafana"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := provisioner.WriteDeployed(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
