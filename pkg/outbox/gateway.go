package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"vointi.fi/pkg/event"
)

// answerTimeout bounds one request, from its first byte to the last of its answer.
const answerTimeout = time.Minute

// ToGateway sends over HTTP to a gateway, whose address is that before /v1/events. The token, if there is one, goes along
// as a bearer token.
//
// Answers that nothing but a change of the event (400, 413, 422) or of the token's grants (403) can mend refuse the event;
// all others, no answer among them, leave it in the queue.
func ToGateway(address, token string) Sender {
	return &gateway{
		url: strings.TrimSuffix(address, "/") + "/v1/events", token: token,
		client: &http.Client{Timeout: answerTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

type gateway struct {
	url, token string
	client     *http.Client
}

// Send implements [Sender].
func (g *gateway) Send(ctx context.Context, events []*event.Event) error {
	encoded := make([][]byte, len(events))
	for i, e := range events {
		encoded[i] = e.Encode()
	}
	body := bytes.Join([][]byte{{'['}, bytes.Join(encoded, []byte{','}), {']'}}, nil)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/cloudevents-batch+json")
	if g.token != "" {
		r.Header.Set("Authorization", "Bearer "+g.token)
	}
	answer, err := g.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusAccepted {
		_, err := io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // so that the connection serves again
		return err
	}
	return refusalOf(g.url, answer)
}

// maxAnswer is as much of an answer as is read.
const maxAnswer = 1 << 20

func refusalOf(url string, answer *http.Response) error {
	err := fmt.Errorf("%s answers %s%s", url, answer.Status, reasons(answer.Body))
	switch answer.StatusCode {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return errors.Join(ErrRefused, err)
	default:
		return err
	}
}

// reasons is what a gateway says of a refusal.
func reasons(body io.Reader) string {
	var said struct {
		Error  string `json:"error"`
		Faults []struct {
			Pointer string `json:"pointer"`
			Reason  string `json:"reason"`
		} `json:"faults"`
	}
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(&said); err != nil || said.Error == "" {
		return ""
	}
	text := ": " + said.Error
	for _, f := range said.Faults {
		text += fmt.Sprintf("; %s %s", f.Pointer, f.Reason)
	}
	return text
}
