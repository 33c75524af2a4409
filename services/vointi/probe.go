package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

type probeCommand struct {
	URL string `arg:"" help:"address to ask, such as http://127.0.0.1:8080/readyz"`
}

// Run asks once: for health checks in containers that have no other client.
func (c *probeCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // read to what is needed
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
		return fmt.Errorf("%s: %s %s", c.URL, response.Status, text)
	}
	return nil
}
