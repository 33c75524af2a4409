package warehouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"
)

// ErrMigration says that the migrations do not fit to what was applied before.
var ErrMigration = errors.New("migrations do not fit")

// migration is one numbered file: 0001_facts.sql.
type migration struct {
	number     uint32
	name, hash string
	statements []string
}

const createMigrations = `CREATE TABLE IF NOT EXISTS vointi_internal.migrations
(
    number     UInt32,
    name       String,
    hash       String,
    applied_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY number`

// Migrate applies the files clickhouse/*.sql in the order of their numbers, each once. A file is recorded after its last
// statement; one that broke off begins anew the next time, so its statements must be repeatable (IF NOT EXISTS, OR
// REPLACE). A recorded file that has changed since is an error: what is applied is history.
func Migrate(ctx context.Context, db *DB, fsys fs.FS, log *zap.Logger) error {
	list, err := readMigrations(fsys)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	cfg := db.cfg
	cfg.URL = withoutDatabase(cfg.URL) // it may not exist yet
	server, err := Open(ctx, cfg)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer server.Close() //nolint:errcheck // idle connections
	if err := server.migrate(ctx, list, log); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, list []migration, log *zap.Logger) error {
	for _, sql := range []string{"CREATE DATABASE IF NOT EXISTS vointi_internal", createMigrations} {
		if err := db.Exec(ctx, sql); err != nil {
			return err
		}
	}
	applied, err := db.applied(ctx)
	if err != nil {
		return err
	}
	for _, m := range list {
		hash, done := applied[m.number]
		if done && hash != m.hash {
			return fmt.Errorf("%w: %s has changed since it was applied; add a new file instead", ErrMigration, m.name)
		}
		if done {
			continue
		}
		if err := db.apply(ctx, m); err != nil {
			return err
		}
		log.Info("migration applied", zap.String("file", m.name), zap.Int("statements", len(m.statements)))
	}
	return nil
}

func (db *DB) apply(ctx context.Context, m migration) error {
	for i, sql := range m.statements {
		if err := db.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s, statement %d: %w", m.name, i+1, err)
		}
	}
	return db.Insert(ctx, "vointi_internal.migrations",
		Column{"number", []uint32{m.number}}, Column{"name", []string{m.name}}, Column{"hash", []string{m.hash}},
		Column{"applied_at", []time.Time{time.Now().UTC()}})
}

// applied returns the hashes of the recorded files.
func (db *DB) applied(ctx context.Context) (map[uint32]string, error) {
	rows, err := db.Query(ctx, "SELECT number, hash FROM vointi_internal.migrations FINAL")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	applied := map[uint32]string{}
	for rows.Next() {
		var (
			number uint32
			hash   string
		)
		if err := rows.Scan(&number, &hash); err != nil {
			return nil, err
		}
		applied[number] = hash
	}
	return applied, rows.Err()
}

// readMigrations reads the files in the order of their numbers, which must differ.
func readMigrations(fsys fs.FS) ([]migration, error) {
	files, err := fs.Glob(fsys, "clickhouse/*.sql")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: there are no files clickhouse/*.sql", ErrMigration)
	}
	var list []migration
	for _, file := range files { // Glob sorts
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		name := path.Base(file)
		digits, _, _ := strings.Cut(name, "_")
		number, err := strconv.ParseUint(digits, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("%w: %s does not begin with a number", ErrMigration, name)
		}
		if len(list) > 0 && list[len(list)-1].number >= uint32(number) {
			return nil, fmt.Errorf("%w: %s and %s are not in order", ErrMigration, list[len(list)-1].name, name)
		}
		hash := sha256.Sum256(text)
		list = append(list, migration{uint32(number), name, hex.EncodeToString(hash[:]), Statements(string(text))})
	}
	return list, nil
}

func withoutDatabase(raw string) string {
	before, after, ok := strings.Cut(raw, "://")
	if !ok {
		return raw
	}
	host, _, _ := strings.Cut(after, "/")
	return before + "://" + host
}
