package embedded

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
)

// AdminUser is the user with full access; its password is made at the first start.
const AdminUser = "vointi"

// identity is who a request comes from.
type identity struct {
	name string
	role string // of the engine, the only one that the session keeps
	read *Role  // nil: full access
}

// access decides who may ask, and what.
type access struct {
	hash  [sha256.Size]byte // of the password of AdminUser
	roles map[string]*Role
}

func newAccess(hash [sha256.Size]byte, roles []Role) *access {
	a := &access{hash: hash, roles: map[string]*Role{}}
	for i := range roles {
		a.roles[roles[i].Name] = &roles[i]
	}
	return a
}

// authenticate checks the password. The reading roles have none: the front listens on loopback only.
func (a *access) authenticate(q *request) (identity, error) {
	if q.user == AdminUser {
		hash := sha256.Sum256([]byte(q.password))
		if subtle.ConstantTimeCompare(hash[:], a.hash[:]) == 1 {
			return identity{name: q.user, role: adminRole}, nil
		}
	} else if role, ok := a.roles[q.user]; ok && q.password == "" {
		return identity{name: q.user, role: role.Name, read: role}, nil
	}
	if q.user == "" {
		return identity{}, exceptionf(codeRequiredPassword, "Authentication is required: no user was given. (REQUIRED_PASSWORD)")
	}
	return identity{}, exceptionf(codeAuthentication, "%s: Authentication failed: password is incorrect, or there is no such user. (AUTHENTICATION_FAILED)", q.user)
}

// settings returns what the session of a request is set to.
func (w identity) settings(q *request) ([]setting, error) {
	if w.read != nil {
		if q.database != "" && q.database != readDatabase && q.database != "default" {
			return nil, denied(w, "no access to database "+q.database)
		}
		return readSettings(w, q)
	}
	list := append([]setting{{"async_insert", "0"}}, q.settings...)
	if q.readonly && q.setting("readonly") == "" {
		list = append(list, setting{"readonly", "2"})
	}
	return list, nil
}

// database is what the session begins in; a reading role has none but the read model.
func (w identity) database(q *request) string {
	if w.read != nil {
		return readDatabase
	}
	return q.database
}

// quoteName and quoteText write an identifier and a string so that the engine reads back exactly that.
func quoteName(name string) string { return "`" + escapes.Replace(name) + "`" }
func quoteText(text string) string { return "'" + escapes.Replace(text) + "'" }

var escapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", `'`, `\'`)
