package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"vointi.fi/services/participation"
)

type keysCommand struct {
	List      listKeys   `cmd:"" help:"Whose keys there are, and since when; never the keys themselves."`
	Add       addKey     `cmd:"" help:"Make the first key of an issuer."`
	Rotate    rotateKey  `cmd:"" help:"Make the next version of an issuer's key."`
	Retire    retireKeys `cmd:"" help:"Destroy old versions that are needed no more."`
	Pseudonym pseudonyms `cmd:"" help:"What a card id is called in events, for vointi erase."`
}

// Help implements [kong.HelpProvider].
func (*keysCommand) Help() string {
	return `A pseudonym is an HMAC of a card id under the key of the card's issuer, so that the same card is the same person everywhere, and nobody without the key can find out which. The keys lie in one file, which only its owner may read: back it up apart from the data, for without it every card becomes a new person.

Purposes have keys of their own, so that nobody can follow a person from one to the other: card (visits and households; the participation service uses it), volunteer and panel (for whoever publishes volunteers' shifts or answers of survey panels, by "vointi keys pseudonym").

Rotate a key when somebody who knew it leaves, or once a year: it bounds what a key that leaks can tell. A running service uses the new one from its next request on. At the first use of a card after that it publishes card.rekeyed.v1, which says that the old pseudonym and the new one are one person: nobody becomes newly active. For that it needs the old version, until "vointi keys retire" destroys it. 

Volunteers and panels have no such links: their ids never come here, so nobody sees an old and a new pseudonym side by side, and a link that says who is whom in a panel would tell on people who were promised that none is kept. After a rotation each of them is somebody new. So rotate these only when a key has leaked, best at the turn of a year; it asks for --unlinked.`
}

// keysFlags say which file and whose key in it.
type keysFlags struct {
	Data string `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up"`
	Keys string `name:"participation-keys" default:"data/participation-keys.json" help:"keys file; unless given, the one in the data folder"`
}

func (f keysFlags) path() string { return inFolder(f.Data, f.Keys, keysFile) }

// keyOwner says whose key is meant.
type keyOwner struct {
	Issuer  string `arg:"" help:"who issues the cards, such as KU305"`
	Purpose string `name:"purpose" default:"card" enum:"card,volunteer,panel" help:"what the key makes pseudonyms of: card, volunteer or panel"`
}

func (o keyOwner) owner() participation.Owner {
	return participation.Owner{Issuer: o.Issuer, Purpose: participation.Purpose(o.Purpose)}
}

type listKeys struct {
	File keysFlags `embed:""`
}

// Run lists the keys without their secrets.
func (c *listKeys) Run(proc *process) error {
	keys, err := participation.ListKeys(c.File.path())
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return fmt.Errorf("no keys in %s: the participation service makes them at its first start; a vointi up has them in its --data folder", c.File.path())
	}
	table := tabwriter.NewWriter(proc.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "issuer\tpurpose\tversion\tmade\tstate")
	for _, k := range keys {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", k.Issuer, k.Purpose, k.Version, day(k.Made), keyState(k))
	}
	return table.Flush()
}

func day(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Format(time.DateOnly)
}

func keyState(k participation.Listed) string {
	switch {
	case k.Newest:
		return "in use"
	case k.Retired.IsZero():
		return "kept for links and erasures"
	default:
		return "retired " + day(k.Retired)
	}
}

type addKey struct {
	Owner keyOwner  `embed:""`
	File  keysFlags `embed:""`
}

// Help implements [kong.HelpProvider].
func (*addKey) Help() string {
	return `The participation service makes the keys of its --participation-issuers itself. Cards of an issuer that is added here are taken from the next request on.`
}

// Run makes a key.
func (c *addKey) Run(proc *process) error {
	if err := participation.AddKey(c.File.path(), c.Owner.owner(), proc.now()); err != nil {
		return err
	}
	fmt.Fprintf(proc.stdout, "%s has a key for purpose %s now; back %s up\n", c.Owner.Issuer, c.Owner.Purpose, c.File.path())
	return nil
}

type rotateKey struct {
	Owner    keyOwner  `embed:""`
	Unlinked bool      `name:"unlinked" help:"rotate a key of volunteers or panels, though each of them is somebody new from then on"`
	File     keysFlags `embed:""`
}

// Help implements [kong.HelpProvider].
func (*rotateKey) Help() string {
	return `Nothing needs to be restarted. Every card gets a new pseudonym at its next use, and is linked with its old one there.

With --purpose volunteer or panel nothing is linked: whoever published before and does again counts twice in a period that has the rotation in it, panels are not followed over it, and to forget a volunteer "vointi erase" is needed for each pseudonym that "vointi keys pseudonym --purpose volunteer" tells. Publish under the new pseudonyms from one day on, for all.`
}

var errUnlinked = errors.New("volunteers and panels are not linked over a rotation: each is somebody new from then on, and counts twice in figures of the period; if a key has leaked, rotate it with --unlinked")

// Run makes the next version.
func (c *rotateKey) Run(proc *process) error {
	if c.Owner.Purpose != string(participation.Cards) && !c.Unlinked {
		return errUnlinked
	}
	made, err := participation.RotateKey(c.File.path(), c.Owner.owner(), proc.now())
	if errors.Is(err, participation.ErrNoKey) {
		return fmt.Errorf("%w in %s; vointi keys list shows who has", err, c.File.path())
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(proc.stdout, "version %d of %s's key for purpose %s is in use now; back %s up\n", made.Version, c.Owner.Issuer, c.Owner.Purpose, c.File.path())
	return nil
}

type retireKeys struct {
	Issuer    string    `arg:"" help:"whose old keys, such as KU305"`
	Retention int       `name:"aggregator-retention" default:"26" help:"months that the aggregator keeps visits somebody's; must be what it is told"`
	File      keysFlags `embed:""`
}

// Help implements [kong.HelpProvider].
func (*retireKeys) Help() string {
	return `An old key is needed for two things: to link a card with its old pseudonym when it is next used, and to find what a person who asks to be forgotten was called. Both end when no visit under it is anybody's any more: --aggregator-retention months after the rotation. Before that this command refuses, and says when; with --aggregator-retention 0 visits and keys are kept for good. A card that comes back after that is a new person, as it would be without the rotation.

Only keys for cards are retired; those of volunteers and panels stay. Mind the backups: a key is destroyed when they are gone, too.`
}

// Run destroys what is due.
func (c *retireKeys) Run(proc *process) error {
	owner := participation.Owner{Issuer: c.Issuer, Purpose: participation.Cards}
	n, next, err := participation.RetireKeys(c.File.path(), owner, c.Retention, proc.now())
	switch {
	case err != nil:
		return err
	case n == 0 && next.IsZero():
		return fmt.Errorf("%s has no old key; vointi keys rotate makes it one", c.Issuer)
	case n == 0 && c.Retention == 0:
		return fmt.Errorf("visits are kept for good (--aggregator-retention 0), and so must be all keys of %s", c.Issuer)
	case n == 0:
		return fmt.Errorf("no old key of %s may be destroyed before %s: until then visits under it are somebody's", c.Issuer, next.Format(time.DateOnly))
	}
	fmt.Fprintf(proc.stdout, "%d destroyed\n", n)
	return nil
}

type pseudonyms struct {
	Owner keyOwner  `embed:""`
	File  keysFlags `embed:""`
}

// Help implements [kong.HelpProvider].
func (*pseudonyms) Help() string {
	return `Reads card ids from standard input, one a line, since what is written on the command line stays in the shell's history, and prints a line for each: the pseudonym under the newest key, then those under older ones. Give each of them to "vointi erase" unless the card has been used since the last rotation: then they are linked, and any of them will do.`
}

// Run prints pseudonyms.
func (c *pseudonyms) Run(proc *process) error {
	of, err := participation.Pseudonyms(c.File.path(), c.Owner.owner())
	if err != nil {
		return fmt.Errorf("%w in %s; vointi keys list shows who has", err, c.File.path())
	}
	fmt.Fprintln(proc.stderr, "card ids, one a line:")
	lines := bufio.NewScanner(proc.stdin)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		all, err := of(lines.Text())
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		fmt.Fprintln(proc.stdout, strings.Join(all, " "))
	}
	return lines.Err()
}
