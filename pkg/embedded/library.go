package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// LibraryEnv names the environment variable that points at the engine's shared library when it is not where
// `npm ci` in deploy/embedded puts it.
const LibraryEnv = "VOINTI_LIBCHDB"

// ErrNoLibrary says that the engine's shared library was found nowhere.
var ErrNoLibrary = errors.New("the ClickHouse engine library is missing")

// packages names the npm package that carries the library for each platform.
var packages = map[string]string{
	"linux/amd64":  "lib-linux-x64-gnu",
	"linux/arm64":  "lib-linux-arm64-gnu",
	"darwin/amd64": "lib-darwin-x64",
	"darwin/arm64": "lib-darwin-arm64",
}

// FindLibrary returns the path of libchdb: what VOINTI_LIBCHDB says, else deploy/embedded/node_modules looked for upward
// from the working directory and from the executable, else beside the executable. The error wraps ErrNoLibrary and says
// what to run.
func FindLibrary() (string, error) {
	if path := os.Getenv(LibraryEnv); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%w: %s=%s: %w", ErrNoLibrary, LibraryEnv, path, err)
		}
		return filepath.Abs(path)
	}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	pkg, ok := packages[platform]
	if !ok {
		return "", fmt.Errorf("%w: no build of it for %s; use a ClickHouse server instead", ErrNoLibrary, platform)
	}
	for _, start := range searchRoots() {
		for dir := start; ; dir = filepath.Dir(dir) {
			for _, path := range []string{
				filepath.Join(dir, "deploy", "embedded", "node_modules", "@chdb", pkg, "libchdb.so"),
				filepath.Join(dir, "libchdb.so"),
			} {
				if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
					return path, nil
				}
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return "", fmt.Errorf("%w: run `npm ci --prefix deploy/embedded` in the source folder, or set %s to libchdb.so", ErrNoLibrary, LibraryEnv)
}

func searchRoots() []string {
	var roots []string
	if dir, err := os.Getwd(); err == nil {
		roots = append(roots, dir)
	}
	if exe, err := os.Executable(); err == nil {
		roots = append(roots, filepath.Dir(exe))
	}
	return roots
}
