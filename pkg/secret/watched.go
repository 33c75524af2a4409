package secret

import (
	"os"
	"sync"
)

// Watched is the content of a file that another process may change: it is read again when the file is another one than
// before, which costs a look at the folder and not at the file. It is safe for concurrent use.
type Watched[T Content] struct {
	path    string
	mu      sync.Mutex
	file    os.FileInfo // of the content; nil: there was no file
	content T
}

// Watch reads the file for the first time.
func Watch[T Content](path string) (*Watched[T], error) {
	w := &Watched[T]{path: path}
	_, err := w.Content()
	return w, err
}

// Content returns what the file holds now. If that cannot be read, it returns what it held before, and the error.
func (w *Watched[T]) Content() (T, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	file, err := os.Stat(w.path)
	if os.IsNotExist(err) {
		file, err = nil, nil
	}
	if err != nil || same(file, w.file) {
		return w.content, err
	}
	content, err := Read[T](w.path)
	if err == nil {
		w.file, w.content = file, content
	}
	return w.content, err
}

// same tells whether a file was not replaced: [Update] makes a new one each time.
func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
