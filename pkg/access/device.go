package access

import (
	"net/http"
	"time"

	"vointi.fi/pkg/service"
)

// device is the cookie in which a browser bears an emitter's token.
const device = "vointi-device"

// pairedFor is as long as browsers keep a cookie at most.
const pairedFor = 400 * 24 * time.Hour

// Pair has the browser whose request bears an emitter's token bear it from now on by itself, at the addresses under a path. No
// script can read it, no other site can have it sent, and it travels over TLS or within the machine only. It ends when the
// token is revoked. The operator's token is never taken from a cookie.
func Pair(w http.ResponseWriter, r *http.Request, path string) {
	http.SetCookie(w, &http.Cookie{
		Name: device, Value: tokenOf(r), Path: path, MaxAge: int(pairedFor / time.Second),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
	})
}

// tokenOf returns the token of an emitter that a request bears, or the browser that sends it; "" if there is none.
func tokenOf(r *http.Request) string {
	if bearer := service.Bearer(r); bearer != "" {
		return bearer
	}
	return cookieOf(r)
}

// cookieOf returns the token that the browser bears by itself that sends a request; "" if there is none.
func cookieOf(r *http.Request) string {
	cookie, err := r.Cookie(device)
	if err != nil {
		return ""
	}
	return cookie.Value
}
