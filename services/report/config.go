package report

import (
	"errors"
	"fmt"
	"time"
)

// Config of the report. The zero value works.
type Config struct {
	// Synthetic says that the figures come from made-up data: every page and API answer says so too.
	Synthetic bool
	// Language of the page when the address names none: fi, sv or en; "" is fi.
	Language string
	// Area that is shown when the address names none; "" is the first municipality.
	Area string
	// QueryTimeout bounds the statements of one page; 0 is 15 s.
	QueryTimeout time.Duration
	// MaxAnswers is how many API answers are streamed at once; more get 429. 0 is 8.
	MaxAnswers int
}

func (c Config) withDefaults() Config {
	if c.Language == "" {
		c.Language = string(Finnish)
	}
	if c.QueryTimeout == 0 {
		c.QueryTimeout = 15 * time.Second
	}
	if c.MaxAnswers == 0 {
		c.MaxAnswers = 8
	}
	return c
}

// Validate returns all faults at once.
func (c Config) Validate() error {
	var faults []error
	if _, ok := parseLanguage(c.Language); !ok && c.Language != "" {
		faults = append(faults, fmt.Errorf("report language %q: use fi, sv or en", c.Language))
	}
	if c.QueryTimeout < 0 {
		faults = append(faults, fmt.Errorf("report query timeout %s: use a positive duration", c.QueryTimeout))
	}
	if c.MaxAnswers < 0 {
		faults = append(faults, fmt.Errorf("report answers at once %d: use a positive number", c.MaxAnswers))
	}
	return errors.Join(faults...)
}
