// Package service is what every process of Vointi shares: configuration, the logger, the metrics registry, the admin
// pages, an HTTP server that is safe by default, and stopping in order. It knows nothing of events.
package service

import (
	"fmt"
	"slices"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// LogConfig says what is logged, and how.
type LogConfig struct {
	Level  string `name:"log-level"  default:"info" help:"least level that is logged: debug, info, warn or error"`
	Format string `name:"log-format" default:"json" help:"json for machines, console for a person at a terminal"`
}

// Validate lists every fault.
func (c LogConfig) Validate() error {
	var faults Faults
	if _, err := zapcore.ParseLevel(c.Level); err != nil {
		faults.Add("log-level", "must be debug, info, warn or error")
	}
	faults.OneOf("log-format", c.Format, "json", "console")
	return faults.Err()
}

// NewLogger returns a logger that writes to standard error.
func NewLogger(cfg LogConfig) (*zap.Logger, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	config := zap.NewProductionConfig()
	config.Level.UnmarshalText([]byte(cfg.Level)) //nolint:errcheck // Validate has read it
	config.Encoding = cfg.Format
	config.Sampling = nil // a line that counts losses must not get lost
	config.DisableStacktrace = true
	config.EncoderConfig.TimeKey = "time"
	config.EncoderConfig.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	return config.Build()
}

// Faults collects what is wrong with a configuration, so that all of it is told at once.
type Faults []string

// Add adds a fault of one setting.
func (f *Faults) Add(setting, format string, args ...any) {
	*f = append(*f, setting+": "+fmt.Sprintf(format, args...))
}

// OneOf adds a fault unless value is one of those allowed.
func (f *Faults) OneOf(setting, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		f.Add(setting, "must be one of %s", strings.Join(allowed, ", "))
	}
}

// Err returns all faults as one error, or nil.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return fmt.Errorf("configuration: %s", strings.Join(f, "; "))
}
