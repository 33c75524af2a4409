// Package participation takes visits and head counts over HTTP and makes events of them. It is where card ids end: it
// holds the issuers' keys, and what leaves it are pseudonyms.
package participation

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

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

// Participation answers POST under /v1/participation/, and shows the page /checkin.
type Participation struct {
	log    *zap.Logger
	edge   *edge.Edge
	agenda *agenda
	keys   *Keys
	cfg    Config
	now    func() time.Time
}

// Bus is what the service needs of the bus.
type Bus struct {
	Publisher edge.Publisher
	Reader    Reader // of calendar events
}

// New returns the service. It makes the issuers' keys if there are none yet.
func New(log *zap.Logger, reg prometheus.Registerer, bus Bus, cfg Config) (*Participation, error) {
	service.SetDefaults(&cfg)
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	keys, err := OpenKeys(cfg.Keys, cfg.Issuers)
	if err != nil {
		return nil, fmt.Errorf("participation: %w", err)
	}
	agenda, err := newAgenda(bus.Reader)
	if err != nil {
		return nil, fmt.Errorf("participation: %w", err)
	}
	publisher := &once{Publisher: bus.Publisher, done: map[string]bool{}}
	return &Participation{
		log: log, edge: edge.New(log, reg, publisher, "participation"), agenda: agenda, keys: keys, cfg: cfg, now: time.Now,
	}, nil
}

// Health tells what is wrong with the keys.
func (p *Participation) Health(context.Context) error {
	if err := p.keys.Healthy(); err != nil {
		return fmt.Errorf("%w; until it is mended, the keys are those from before", err)
	}
	return nil
}
