package participation

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	textTemplate "text/template"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/wording"
)

//go:embed door
var doorFiles embed.FS

var (
	doorPage   = template.Must(template.ParseFS(doorFiles, "door/door.html"))
	doorWorker = textTemplate.Must(textTemplate.ParseFS(doorFiles, "door/worker.js"))
	doorScript = mustFile("door/door.js")
	doorStyle  = mustFile("door/door.css")
)

// doorPolicy lets the page use its own script, style and worker and this server, and nothing else.
const doorPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func mustFile(name string) []byte {
	text, err := doorFiles.ReadFile(name)
	if err != nil {
		panic("participation: no file " + name) // embedded at build time
	}
	return text
}

// doorLanguages are the languages of the page, with their own names.
var doorLanguages = []struct{ Code, Name string }{{"fi", "Suomi"}, {"sv", "Svenska"}, {"en", "English"}}

// mountDoor puts the page for the person at the door under /checkin, and what it is made of. The page holds no data, so it is
// for anybody to open; what it sends goes to the addresses of [Participation.Handler], under the same rules as from anybody
// else.
func mountDoor(mux *http.ServeMux) {
	mux.HandleFunc("GET /checkin", serveDoor)
	for name, text := range map[string][]byte{"door.js": doorScript, "door.css": doorStyle, "worker.js": worker()} {
		mime := "text/javascript; charset=utf-8"
		if name == "door.css" {
			mime = "text/css; charset=utf-8"
		}
		mux.HandleFunc("GET /checkin/"+name, func(w http.ResponseWriter, _ *http.Request) {
			doorHeader(w, mime)
			if name == "worker.js" {
				w.Header().Set("Service-Worker-Allowed", "/checkin")
			}
			_, _ = w.Write(text) // the client has gone; there is nobody to tell
		})
	}
}

// worker is the script that keeps the page for when there is no connection. It changes with whatever it keeps, so that a
// browser takes a new release.
func worker() []byte {
	hash := sha256.New()
	for _, file := range [][]byte{doorScript, doorStyle, mustFile("door/door.html")} {
		hash.Write(file)
	}
	var out bytes.Buffer
	if err := doorWorker.Execute(&out, map[string]string{"Version": hex.EncodeToString(hash.Sum(nil)[:8])}); err != nil {
		panic("participation: " + err.Error()) // it writes to memory, and the template is embedded
	}
	return out.Bytes()
}

// Open are the addresses of the page: a browser opens it before it can bear a token.
var Open = []string{"/checkin", "/checkin/"}

// AtDoor says whether whoever may publish these types can record at the page, and take back what was recorded.
func AtDoor(publishes func(event.Type) bool) bool {
	return publishes(event.CheckinRecorded) && publishes(event.CheckinVoided) && publishes(event.HeadcountRecorded)
}

// pair has the browser of a door bear the token with which it asks, so that what it records is of that emitter. A browser that
// bears the token of another emitter goes on bearing it, and is told of both, unless it asks by instead_of to change: anybody
// may send a person a link.
func pair(w http.ResponseWriter, r *http.Request, caller access.Caller) {
	paired := access.Paired(r.Context())
	switch {
	case caller.Name == access.Operator:
		service.WriteError(w, http.StatusForbidden, "this token may everything; make one for the door with vointi tokens create")
	case !AtDoor(caller.Publishes):
		service.WriteError(w, http.StatusForbidden, "the token may not publish visits; grant the door's token the family participation")
	case paired != "" && paired != caller.Name && paired != r.URL.Query().Get("instead_of"):
		service.WriteJSON(w, http.StatusConflict, map[string]string{
			"error": "this device records for another emitter; ask the person, and then with instead_of", "paired": paired, "emitter": caller.Name,
		})
	default:
		if caller.Limited() {
			access.Pair(w, r, paths)
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func doorHeader(w http.ResponseWriter, mime string) {
	for name, value := range map[string]string{
		"Content-Type": mime, "Content-Security-Policy": doorPolicy, "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache",
		"X-Content-Type-Options": "nosniff",
	} {
		w.Header().Set(name, value)
	}
}

// doorView is what the page shows; the texts are also the script's.
type doorView struct {
	Language  string
	Languages []doorLink
	T         map[string]string
}

type doorLink struct {
	Code, Name string
	Current    bool
}

// serveDoor answers in the language that ?lang names, Finnish if it names none.
func serveDoor(w http.ResponseWriter, r *http.Request) {
	view := doorView{Language: "fi", T: map[string]string{}}
	for _, l := range doorLanguages {
		if l.Code == r.URL.Query().Get("lang") {
			view.Language = l.Code
		}
	}
	for _, l := range doorLanguages {
		view.Languages = append(view.Languages, doorLink{l.Code, l.Name, l.Code == view.Language})
	}
	for name, text := range wording.Door {
		view.T[name] = text.In(view.Language)
	}
	doorHeader(w, "text/html; charset=utf-8")
	_ = doorPage.Execute(w, view) // likewise
}
