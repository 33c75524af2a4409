package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/services/ingester"
	"vointi.fi/services/participation"
)

type tokensCommand struct {
	Create createToken `cmd:"" help:"Make a token for an emitter, and print it, once."`
	List   listTokens  `cmd:"" help:"Whose tokens there are and what they are granted; never the tokens themselves."`
	Revoke revokeToken `cmd:"" help:"End a token, at once."`
	Trace  traceEvent  `cmd:"" help:"By whose token an event came, and what became of it."`
}

// Help implements [kong.HelpProvider].
func (*tokensCommand) Help() string {
	return `An emitter is a program or a device that sends events over HTTP. With a token of its own it may publish what the token is granted and nothing else, vointi.emitters tells how much it published, and one that leaks is revoked without touching the others. Send it as Authorization: Bearer TOKEN. Answers: 401 no token, or one that is unknown or revoked; 403 something that is not granted, with every event and attribute concerned, and nothing is published; 429 too much, with Retry-After.

As long as no token was ever made, whoever reaches a process may publish, which on a machine of one's own is right: a process listens on loopback, or asks for --http-token. The first token closes that: from then on every request that publishes needs a token, or --http-token, which is granted everything.

The file holds hashes, from which no token can be found. Services read it anew when it changes; nothing needs a restart.`
}

// tokensFlags say which file.
type tokensFlags struct {
	Data   string         `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up"`
	Access accessSettings `embed:""`
}

func (f tokensFlags) path() string { return inFolder(f.Data, f.Access.Tokens, tokensFile) }

type createToken struct {
	Name       string      `arg:"" help:"name of the emitter: lower-case letters, digits and hyphens, such as kuusamo-uimahalli"`
	Families   []string    `name:"grant-families" required:"" help:"event types it may publish, or beginnings of them: participation, calendar.event.held; * for all"`
	Areas      []string    `name:"grant-areas" required:"" help:"municipalities it may publish for, with their parts: KU305; SSS for what belongs to none, larger areas and postal codes; * for all"`
	Sources    []string    `name:"grant-sources" help:"sources, or beginnings of them up to a slash, of events sent to /v1/events: /kuusamo/kortti; none: it may send to the other services only, which put their own source; * for all"`
	CorrectAny bool        `name:"grant-correct-any" help:"may correct and void events of other sources, if --correct-any names its source, too"`
	Door       string      `name:"door" placeholder:"URL" help:"make a link for a phone at a door: the address of the page /checkin as that phone reaches it, https://osallistu.example.fi/checkin"`
	Rate       int         `name:"grant-rate" default:"500" help:"events a second it may send, over some time, to each process"`
	File       tokensFlags `embed:""`
}

// Help implements [kong.HelpProvider].
func (*createToken) Help() string {
	return `The token is printed to standard output and kept nowhere: put it where its emitter finds it. Lost, it is revoked, and another is made under another name.

With --door it is printed as a link. The device on which it is opened records at the page /checkin from then on, under this name and for these areas, until the token is revoked, or it is told to change: a device that records for another door asks first. Its browser keeps the token where no script can read it, for 400 days. Whoever has the link can do the same, so make one for each device, and show it as a picture to scan rather than sending it: | qrencode -t ansiutf8.

  vointi tokens create uimahalli-ovi --grant-families participation --grant-areas KU305 --door https://osallistu.example.fi/checkin
  vointi tokens create kortti --grant-families participation,card --grant-areas KU305,KU208 --grant-sources /kuusamo/kortti`
}

// Run makes a token.
func (c *createToken) Run(proc *process) error {
	grant := access.Grant{Families: c.Families, Areas: c.Areas, Sources: c.Sources, CorrectAny: c.CorrectAny, Rate: c.Rate}
	link, err := c.link(&grant)
	if err != nil {
		return err
	}
	before, err := access.List(c.File.path())
	if err != nil {
		return err
	}
	token, err := access.Create(c.File.path(), c.Name, grant, proc.now())
	if err != nil {
		return err
	}
	fmt.Fprintln(proc.stdout, link+token)
	if len(before) == 0 {
		fmt.Fprintln(proc.stderr, "This is the first token: from now on every request that publishes needs one, or --http-token.")
	}
	if link != "" {
		fmt.Fprintf(proc.stderr, "It is shown this once. Open it on the device at the door; vointi tokens revoke %s ends it.\n", c.Name)
		return nil
	}
	fmt.Fprintln(proc.stderr, "It is shown this once. The emitter sends it as Authorization: Bearer …")
	return nil
}

// link is what comes before the token where a door is to open it. What stands behind # a browser sends to nobody.
func (c *createToken) link(grant *access.Grant) (string, error) {
	if c.Door == "" {
		return "", nil
	}
	page, err := url.Parse(c.Door)
	switch local := err == nil && (page.Hostname() == "localhost" || page.Hostname() == "127.0.0.1"); {
	case err != nil || page.Host == "" || page.Fragment != "" || page.Scheme != "https" && !(page.Scheme == "http" && local):
		return "", fmt.Errorf("--door: %s must be an https address, such as https://osallistu.example.fi/checkin; http is for this machine only, since browsers keep tokens over TLS alone", c.Door)
	case strings.TrimRight(page.Path, "/") != "/checkin":
		return "", fmt.Errorf("--door: %s must end in /checkin, where the page is", c.Door)
	case !participation.AtDoor(grant.Publishes):
		return "", errors.New("--door: a door publishes visits and head counts, and takes them back; grant it the family participation")
	}
	page.Path = "/checkin"
	return page.String() + "#pair=", nil
}

type listTokens struct {
	File tokensFlags `embed:""`
}

// Run lists the tokens.
func (c *listTokens) Run(proc *process) error {
	tokens, err := access.List(c.File.path())
	if err != nil {
		return err
	}
	if len(tokens) == 0 {
		fmt.Fprintf(proc.stderr, "no tokens in %s: whoever reaches a process, or has its --http-token, may publish\n", c.File.path())
		return nil
	}
	table := tabwriter.NewWriter(proc.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "name\tfamilies\tareas\tsources\tcorrects others\tevents/s\tmade\tstate")
	for _, t := range tokens {
		state := "in force"
		if !t.Revoked.IsZero() {
			state = "revoked " + day(t.Revoked)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%t\t%d\t%s\t%s\n", t.Name, strings.Join(t.Families, ","), strings.Join(t.Areas, ","),
			strings.Join(t.Sources, ","), t.CorrectAny, t.Rate, day(t.Made), state)
	}
	return table.Flush()
}

type revokeToken struct {
	Name string      `arg:"" help:"name of the emitter, as vointi tokens list shows it"`
	File tokensFlags `embed:""`
}

// Help implements [kong.HelpProvider].
func (*revokeToken) Help() string {
	return `Running services refuse it from their next request on. What it published stays; vointi.emitters tells how much that is. When all tokens are revoked, publishing still needs --http-token; remove the file to open loopback again.`
}

// Run revokes a token.
func (c *revokeToken) Run(proc *process) error {
	if err := access.Revoke(c.File.path(), c.Name, proc.now()); err != nil {
		return fmt.Errorf("%w; vointi tokens list shows those there are", err)
	}
	fmt.Fprintf(proc.stdout, "%s is revoked\n", c.Name)
	return nil
}

type traceEvent struct {
	Source    string            `arg:"" help:"the event's source"`
	ID        string            `arg:"" name:"id" help:"the event's id"`
	Data      string            `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its engine"`
	Warehouse warehouseSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*traceEvent) Help() string {
	return `A line for each time that it came: place in the stream, when, the emitter, and whether it is stored or a dead letter. Emitters without a token: local (on this machine, before there were tokens), operator (with --http-token), direct (on the bus itself: whoever had one of its passwords). Of an erased event nothing is known any more. How much each emitter published: vointi.emitters, as vointi_operator.`
}

// Run tells who published an event.
func (c *traceEvent) Run(ctx context.Context, proc *process) error {
	db, err := c.Warehouse.openNow(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // idle connections
	arrivals, err := ingester.Trace(ctx, db, event.IdentityOf(c.Source, c.ID))
	if err != nil {
		return err
	}
	if len(arrivals) == 0 {
		return fmt.Errorf("no event %s of %s ever came, or it is erased, or it was never readable: see vointi deadletters list", c.ID, c.Source)
	}
	table := tabwriter.NewWriter(proc.stdout, 0, 0, 2, ' ', 0)
	for _, a := range arrivals {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", a.Sequence, a.ReceivedAt.Format(time.RFC3339), cmp.Or(a.Emitter, access.Direct), a.Outcome)
	}
	return table.Flush()
}
