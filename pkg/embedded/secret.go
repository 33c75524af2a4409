package embedded

import (
	"crypto/rand"
	"errors"
	"os"
	"strings"

	"vointi.fi/pkg/secret"
)

// loadSecret returns the secret in a file, making both at the first time.
func loadSecret(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err == nil && len(data) > 0 {
		return strings.TrimSpace(string(data)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	text := rand.Text()
	return text, secret.Write(path, []byte(text+"\n"))
}
