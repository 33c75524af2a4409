// Package secret keeps small files that nobody but their owner may read: keys, and what lets others in.
package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Content is what such a file holds. Check tells what is wrong with it; its text must not repeat a secret.
type Content interface{ Check() error }

// Hashes is content from which nobody can find what it lets in. A group may read it, as where Kubernetes mounts a secret, which
// belongs to root there.
type Hashes interface{ OnlyHashes() }

// forbidden are the permissions that a file of this content must not have.
func forbidden(content Content) fs.FileMode {
	if _, ok := content.(Hashes); ok {
		return 0o037
	}
	return 0o077
}

// Read returns the content of a file; the zero value if there is none. It refuses a file that others than its owner may
// read, unless it is [Hashes], and one that is not what was written.
func Read[T Content](path string) (content T, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return content, nil
	case err != nil:
		return content, fmt.Errorf("read %s: %w", path, err)
	case info.Mode().Perm()&forbidden(content) != 0:
		return content, fmt.Errorf("read %s: others than its owner may read it; chmod 600, and think about who has read it", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return content, fmt.Errorf("read %s: %w", path, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&content); err != nil || decoder.More() {
		return content, fmt.Errorf("read %s: is not the JSON that was written there; restore it from the backup", path)
	}
	if err := content.Check(); err != nil {
		return content, fmt.Errorf("read %s: %w", path, err)
	}
	return content, nil
}

// Update changes the content of a file, one process at a time, and returns what it holds then. The file is replaced as a
// whole, with mode 0600, and on disk when Update returns; if change says that nothing changed, or fails, it stays as it is.
func Update[T Content](path string, change func(T) (changed T, write bool, err error)) (content T, err error) {
	unlock, err := lock(path)
	if err != nil {
		return content, fmt.Errorf("lock %s: %w", path, err)
	}
	defer unlock()
	content, err = Read[T](path)
	if err != nil {
		return content, err
	}
	content, write, err := change(content)
	if err != nil || !write {
		return content, err
	}
	if err = content.Check(); err == nil {
		err = replace(path, content)
	}
	if err != nil {
		return content, fmt.Errorf("write %s: %w", path, err)
	}
	return content, nil
}

// lock lets one process at a time change the file at path.
func lock(path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

func replace(path string, content any) error {
	data, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	return Write(path, append(data, '\n'))
}

// Write makes data the content of a file, whatever they are. The file is replaced as a whole, with mode 0600, and on disk when
// Write returns. Its folder must be there.
func Write(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone if the rename succeeded
	_, err = file.Write(data)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename in the directory last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
