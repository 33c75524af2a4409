// Package provisioner brings the generated dashboards and their data sources to Grafana: through its API (Push), as files
// that Grafana reads at its start (Write), or by starting a Grafana of its own (StartGrafana).
package provisioner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"vointi.fi/dashboards"
)

// The folder that holds the dashboards.
const (
	folderUID   = "vointi"
	folderTitle = "Vointi"
)

// Change is what a push did to one object.
type Change string

// The changes.
const (
	Created   Change = "created"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
	Edited    Change = "edited in Grafana, left alone"
	Failed    Change = "failed"
)

// Outcome is one line of what a push did.
type Outcome struct {
	Kind   string // folder, data source, dashboard
	UID    string
	Change Change
	Err    error
}

// Push brings folder, data sources and dashboards to the Grafana of cfg and writes a line for each to out. It may be
// repeated: what is the same already is left alone. A dashboard that was edited in Grafana's UI since the last push is
// reported and left alone unless cfg.Force is set; the others go on. The error joins all that did not succeed; it wraps
// ErrChanged, ErrUnauthorized or ErrUnreachable where that is why.
func Push(ctx context.Context, cfg Config, out io.Writer) error {
	if err := cfg.Validate(); err != nil {
		return fmt.Errorf("push dashboards: %w", err)
	}
	return push(ctx, newClient(cfg), cfg, out)
}

func push(ctx context.Context, api API, cfg Config, out io.Writer) error {
	p := pusher{api: api, force: cfg.Force, out: out}
	if err := p.report(p.folder(ctx)); err != nil {
		return fmt.Errorf("push dashboards: %w", err) // nothing else can work: wrong URL or token
	}
	var faults []error
	for _, d := range dataSources(cfg.Sources.withDefaults()) {
		faults = append(faults, p.report(p.dataSource(ctx, d)))
	}
	all, err := dashboards.All()
	if err != nil {
		return fmt.Errorf("push dashboards: %w", err)
	}
	for _, d := range all {
		faults = append(faults, p.report(p.dashboard(ctx, d)))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("push dashboards: %w", err)
	}
	return nil
}

type pusher struct {
	api   API
	force bool
	out   io.Writer
}

func (p pusher) report(o Outcome) error {
	line := fmt.Sprintf("%-11s %-20s %s", o.Kind, o.UID, o.Change)
	if o.Change == Edited {
		line += " (--force overwrites it)"
	}
	if _, err := fmt.Fprintln(p.out, line); err != nil {
		return err
	}
	return o.Err
}

// outcome is c if err is nil.
func outcome(kind, uid string, c Change, err error) Outcome {
	switch {
	case err == nil:
		return Outcome{kind, uid, c, nil}
	case errors.Is(err, ErrChanged):
		return Outcome{kind, uid, Edited, err}
	default:
		return Outcome{kind, uid, Failed, err}
	}
}

func (p pusher) folder(ctx context.Context) Outcome {
	title, err := p.api.Folder(ctx, folderUID)
	change := Unchanged
	switch {
	case errors.Is(err, ErrNotFound):
		change, err = Created, p.api.CreateFolder(ctx, folderUID, folderTitle)
	case err == nil && title != folderTitle:
		change, err = Updated, p.api.RenameFolder(ctx, folderUID, folderTitle)
	}
	return outcome("folder", folderUID, change, err)
}

// dataSource compares what can be read; a changed password alone cannot be seen, so it needs Force.
func (p pusher) dataSource(ctx context.Context, want DataSource) Outcome {
	found, err := p.api.DataSource(ctx, want.UID)
	change := Unchanged
	switch {
	case errors.Is(err, ErrNotFound):
		change, err = Created, p.api.CreateDataSource(ctx, want)
	case err == nil && found.ReadOnly: // provisioned from a file, which is as good
	case err == nil && (p.force || !sameSource(found, want)):
		change, err = Updated, p.api.UpdateDataSource(ctx, want)
	}
	return outcome("data source", want.UID, change, err)
}

// sameSource ignores settings that Grafana or a person added beside ours.
func sameSource(found, want DataSource) bool {
	for name, value := range want.JSON {
		if !reflect.DeepEqual(normal(found.JSON[name]), normal(value)) {
			return false
		}
	}
	return found.Name == want.Name && found.Type == want.Type && found.URL == want.URL && found.IsDefault == want.IsDefault
}

// normal is a value as it comes back from JSON.
func normal(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(text, &out) != nil {
		return v
	}
	return out
}

// dashboard pushes one dashboard. Each push leaves a tag with the version that Grafana will give it and the hash of what
// was pushed: so the next push knows without a state of its own whether anything is to be done, and which version it may
// replace. Grafana refuses to replace any other (412): that one was edited.
func (p pusher) dashboard(ctx context.Context, d dashboards.Dashboard) Outcome {
	const kind = "dashboard"
	var model map[string]any
	if err := json.Unmarshal(d.JSON, &model); err != nil {
		return outcome(kind, d.UID, Failed, fmt.Errorf("read dashboard %s: %w", d.File, err))
	}
	hash := hashOf(d.JSON)
	found, err := p.api.Dashboard(ctx, d.UID)
	if errors.Is(err, ErrNotFound) {
		return outcome(kind, d.UID, Created, p.save(ctx, model, pushed{version: 1, hash: hash}, false))
	}
	if err != nil {
		return outcome(kind, d.UID, Failed, err)
	}
	version := versionOf(found.Model)
	last := lastPush(found.Model)
	if last == (pushed{version, hash}) && found.FolderUID == folderUID {
		return outcome(kind, d.UID, Unchanged, nil)
	}
	model["version"] = last.version
	if p.force {
		model["version"] = version
	}
	return outcome(kind, d.UID, Updated, p.save(ctx, model, pushed{version: version + 1, hash: hash}, p.force))
}

func (p pusher) save(ctx context.Context, model map[string]any, as pushed, overwrite bool) error {
	tags, _ := model["tags"].([]any)
	model["tags"] = append(slices.Clone(tags), as.tag())
	model["id"] = nil // Grafana finds it by its UID
	return p.api.SaveDashboard(ctx, Dashboard{Model: model, FolderUID: folderUID, Message: "vointi dashboards push"}, overwrite)
}

// pushed is what a push leaves behind in the dashboard: version 0 means that it never was.
type pushed struct {
	version int
	hash    string
}

const tagPrefix = "vointi-push:"

func (p pushed) tag() string { return fmt.Sprintf("%s%d:%s", tagPrefix, p.version, p.hash) }

func lastPush(model map[string]any) pushed {
	tags, _ := model["tags"].([]any)
	for _, t := range tags {
		text, _ := t.(string)
		rest, ok := strings.CutPrefix(text, tagPrefix)
		version, hash, cut := strings.Cut(rest, ":")
		n, err := strconv.Atoi(version)
		if ok && cut && err == nil {
			return pushed{n, hash}
		}
	}
	return pushed{}
}

func versionOf(model map[string]any) int {
	v, _ := model["version"].(float64)
	return int(v)
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}
