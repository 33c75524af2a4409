package embedded

import (
	"crypto/rand"
	"errors"
	"os"
	"strings"
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
	secret := rand.Text()
	return secret, writeSecret(path, []byte(secret+"\n"))
}

// writeSecret writes a file that only its owner can read, whole or not at all.
func writeSecret(path string, data []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, data, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}
