// Package participation takes visits and head counts over HTTP and makes events of them. It is where card ids end: it
// holds the issuers' keys, and what leaves it are pseudonyms.
package participation

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/service"
)

// Config is what an operator decides about the service.
type Config struct {
	Source  string   `name:"source"  default:"/vointi/participation" help:"source of the events made here; never change it while they may still be corrected"`
	Issuers []string `name:"issuers" default:"KU305" help:"card issuers whose keys this service holds; cards that name no issuer are of the first"`
	Keys    string   `name:"keys"    default:"data/participation-keys.json" help:"file with the issuers' keys, made at the first start (see vointi keys); whoever has it can link cards to visits, and without it every card becomes a new person"`
}

// Validate lists every fault.
func (c Config) Validate() error {
	var faults service.Faults
	if len(c.Issuers) == 0 {
		faults.Add("issuers", "must name at least one")
	}
	for _, issuer := range c.Issuers {
		if !isIssuer(issuer) {
			faults.Add("issuers", "%q must be 1 to 32 letters, digits or hyphens", issuer)
		}
	}
	if filepath.Clean(c.Keys) == "." {
		faults.Add("keys", "must name a file")
	}
	return faults.Err()
}

// Participation answers POST /v1/participation/checkins and …/headcounts.
type Participation struct {
	edge *edge.Edge
	keys *Keys
	cfg  Config
}

// New returns the service, publishing with publisher. It makes the issuers' keys if there are none yet.
func New(log *zap.Logger, reg prometheus.Registerer, publisher edge.Publisher, cfg Config) (*Participation, error) {
	service.SetDefaults(&cfg)
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	keys, err := OpenKeys(cfg.Keys, cfg.Issuers)
	if err != nil {
		return nil, fmt.Errorf("participation: %w", err)
	}
	publisher = &once{Publisher: publisher, done: map[string]bool{}}
	return &Participation{edge: edge.New(log, reg, publisher, "participation"), keys: keys, cfg: cfg}, nil
}

// Health tells what is wrong with the keys.
func (p *Participation) Health(context.Context) error {
	if err := p.keys.Healthy(); err != nil {
		return fmt.Errorf("%w; until it is mended, the keys are those from before", err)
	}
	return nil
}
