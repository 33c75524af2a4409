package main

import (
	"fmt"
	"os"
	"path/filepath"

	"vointi.fi/dashboards"
)

type dashboardsCommand struct {
	Write writeDashboards `cmd:"" help:"Write the dashboards as JSON files, to import by hand or to provision from."`
	Push  pushDashboards  `cmd:"" help:"Bring data source and dashboards to a running Grafana; what is there already stays."`
}

type writeDashboards struct {
	Folder string `arg:"" help:"folder to write to; made if missing"`
}

// Run writes the dashboards that are built into this program.
func (c *writeDashboards) Run(proc *process) error {
	all, err := dashboards.All()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	for _, d := range all {
		path := filepath.Join(c.Folder, d.File)
		if err := os.WriteFile(path, d.JSON, 0o644); err != nil {
			return err
		}
		fmt.Fprintln(proc.stdout, path)
	}
	return nil
}
