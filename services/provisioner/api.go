package provisioner

import (
	"context"
	"errors"
)

// What the API said no with. Errors of an API wrap one of these where a caller can do something about it.
var (
	// ErrNotFound: there is no such folder, data source or dashboard.
	ErrNotFound = errors.New("not found")
	// ErrChanged: the dashboard has another version than the one that was to be replaced (412).
	ErrChanged = errors.New("changed in Grafana since it was pushed")
	// ErrUnauthorized: the token or the password is wrong, or lacks the rights (401, 403).
	ErrUnauthorized = errors.New("not allowed")
	// ErrUnreachable: nothing answers at the URL.
	ErrUnreachable = errors.New("not reachable")
)

// API is what provisioning needs of Grafana's HTTP API. The client library behind it is retired upstream: this interface
// and the file gapi.go are all that knows of it.
type API interface {
	Folder(ctx context.Context, uid string) (title string, err error)
	CreateFolder(ctx context.Context, uid, title string) error
	RenameFolder(ctx context.Context, uid, title string) error

	DataSource(ctx context.Context, uid string) (DataSource, error)
	CreateDataSource(ctx context.Context, d DataSource) error
	UpdateDataSource(ctx context.Context, d DataSource) error

	Dashboard(ctx context.Context, uid string) (Dashboard, error)
	// SaveDashboard creates or replaces. Unless overwrite is set, it replaces only the version that the model names and
	// else returns ErrChanged.
	SaveDashboard(ctx context.Context, d Dashboard, overwrite bool) error
}

// Dashboard is a dashboard as Grafana keeps it.
type Dashboard struct {
	Model     map[string]any
	FolderUID string
	Message   string // of this version, when it is saved
}

// DataSource is a data source as Grafana keeps it. Secrets can be written and never read.
type DataSource struct {
	UID, Name, Type, URL string
	IsDefault            bool
	ReadOnly             bool // provisioned from a file: the API refuses to change it
	JSON                 map[string]any
	Secrets              map[string]string
}
