// Command run attacks a running warehouse as [attack.Attack] does, and ends with 1 if anything could be narrowed down:
// go run ./services/e2e/attack/run [-url http://127.0.0.1:8123] [-since 2026-01-01] [-only visits].
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"vointi.fi/services/e2e/attack"
)

func main() {
	address := flag.String("url", "http://127.0.0.1:8123", "the warehouse's HTTP interface")
	k := flag.Float64("k", 5, "how wide a protected number must stay")
	since := flag.String("since", "2000-01-01", "attack only periods that begin on this day or later")
	only := flag.String("only", "", "attack only blocks whose name holds one of these texts, parted by commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	from, err := time.Parse(time.DateOnly, *since)
	r := &attack.Result{}
	if err == nil {
		a := &attack.Attack{K: *k, Only: strings.Split(*only, ","), Since: from, Out: os.Stdout}
		r, err = a.Run(ctx, *address)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
	if r.Narrowed > 0 { // said already
		os.Exit(1)
	}
}
