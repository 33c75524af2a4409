package provisioner_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// grafanaAPI answers the calls of a push as Grafana does: versions count saves, and a save that names another version
// than the current one is refused with 412 unless it overwrites.
type grafanaAPI struct {
	mu         sync.Mutex
	token      string
	folders    map[string]string
	sources    map[string]map[string]any
	dashboards map[string]map[string]any // models, with their version
	inFolder   map[string]string
	writes     []string // method and path of everything that changed something
	refuse     int      // status for every call, 0 for none
}

func newGrafana(t *testing.T) (*grafanaAPI, string) {
	t.Helper()
	g := &grafanaAPI{
		token: "secret-token", folders: map[string]string{}, sources: map[string]map[string]any{},
		dashboards: map[string]map[string]any{}, inFolder: map[string]string{},
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return g, server.URL
}

func (g *grafanaAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.refuse != 0:
		reply(w, g.refuse, map[string]any{"message": "refused"})
		return
	case r.Header.Get("Authorization") != "Bearer "+g.token:
		reply(w, http.StatusUnauthorized, map[string]any{"message": "Invalid API key"})
		return
	}
	if r.Method != http.MethodGet {
		g.writes = append(g.writes, r.Method+" "+r.URL.Path)
	}
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/api/folders"):
		g.folder(w, r.Method, strings.TrimPrefix(path, "/api/folders/"), body)
	case strings.HasPrefix(path, "/api/datasources"):
		g.source(w, r.Method, strings.TrimPrefix(path, "/api/datasources/uid/"), body)
	case path == "/api/dashboards/db":
		g.save(w, body)
	case strings.HasPrefix(path, "/api/dashboards/uid/"):
		g.read(w, strings.TrimPrefix(path, "/api/dashboards/uid/"))
	default:
		reply(w, http.StatusNotFound, map[string]any{"message": "no such route"})
	}
}

func (g *grafanaAPI) folder(w http.ResponseWriter, method, uid string, body map[string]any) {
	if method != http.MethodGet {
		if method == http.MethodPost {
			uid, _ = body["uid"].(string)
		}
		g.folders[uid], _ = body["title"].(string)
	}
	title, ok := g.folders[uid]
	if !ok {
		reply(w, http.StatusNotFound, map[string]any{"message": "folder not found"})
		return
	}
	reply(w, http.StatusOK, map[string]any{"uid": uid, "title": title})
}

func (g *grafanaAPI) source(w http.ResponseWriter, method, uid string, body map[string]any) {
	if method != http.MethodGet {
		uid, _ = body["uid"].(string)
		delete(body, "secureJsonData") // never comes back
		g.sources[uid] = body
	}
	s, ok := g.sources[uid]
	if !ok {
		reply(w, http.StatusNotFound, map[string]any{"message": "Data source not found"})
		return
	}
	reply(w, http.StatusOK, s)
}

func (g *grafanaAPI) save(w http.ResponseWriter, body map[string]any) {
	model, _ := body["dashboard"].(map[string]any)
	uid, _ := model["uid"].(string)
	overwrite, _ := body["overwrite"].(bool)
	current := 0.0
	if found, ok := g.dashboards[uid]; ok {
		current, _ = found["version"].(float64)
		if base, _ := model["version"].(float64); !overwrite && base != current {
			reply(w, http.StatusPreconditionFailed, map[string]any{"status": "version-mismatch", "message": "The dashboard has been changed by someone else"})
			return
		}
	}
	model["version"] = current + 1
	g.dashboards[uid] = model
	g.inFolder[uid], _ = body["folderUid"].(string)
	reply(w, http.StatusOK, map[string]any{"status": "success", "uid": uid, "version": current + 1})
}

func (g *grafanaAPI) read(w http.ResponseWriter, uid string) {
	model, ok := g.dashboards[uid]
	if !ok {
		reply(w, http.StatusNotFound, map[string]any{"message": "Dashboard not found"})
		return
	}
	reply(w, http.StatusOK, map[string]any{"dashboard": model, "meta": map[string]any{"folderUid": g.inFolder[uid]}})
}

// edit is what happens when somebody saves a dashboard in the UI: the tags stay, the version rises.
func (g *grafanaAPI) edit(uid string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	model := g.dashboards[uid]
	version, _ := model["version"].(float64)
	model["title"], model["version"] = "edited by hand", version+1
}

func (g *grafanaAPI) title(uid string) any {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dashboards[uid]["title"]
}

func (g *grafanaAPI) takeWrites() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.writes
	g.writes = nil
	return w
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
