package participation

import (
	"net/http"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
)

// paths is what the addresses begin with that take visits, and at which a browser bears its token.
const paths = "/v1/participation/"

// Handler answers
//
//	POST /v1/participation/checkins             with the data attributes of participation.checkin.v1
//	POST /v1/participation/checkins/batch       with a list of up to 1000 of them, of which all are published or none
//	POST /v1/participation/checkins/{id}/void   with reason and at, and the visit's session_id and venue_area_id
//	POST /v1/participation/headcounts           with the data attributes of participation.headcount.v1
//	POST /v1/participation/headcounts/batch     with a list of them
//	GET  /v1/participation/sessions             with day, area and venue, all of which may be left out
//	GET  /checkin                               the page for the person at the door
//	POST /v1/participation/pair                 with an emitter's token, which the page's browser bears from then on
//
// where a visit has card_id (and card_issuer, household_id, birth_date, if known) instead of what is made of them. The
// answer is 202 with the event's identity once the bus has it. A request that is sent again makes the same event, by its
// Idempotency-Key if it has one, otherwise by what it says.
func (p *Participation) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/participation/checkins", p.edge.JSON(p.checkin))
	mux.Handle("POST /v1/participation/checkins/batch", p.edge.JSONBatch(p.checkin))
	mux.Handle("POST /v1/participation/checkins/{id}/void", p.edge.JSON(p.void))
	mux.Handle("POST /v1/participation/headcounts", p.edge.JSON(p.headcount))
	mux.Handle("POST /v1/participation/headcounts/batch", p.edge.JSONBatch(p.headcount))
	mux.Handle("GET /v1/participation/sessions", p.edge.Known(p.sessions))
	mux.Handle("POST /v1/participation/pair", p.edge.Known(pair))
	mountDoor(mux)
	return mux
}

// checkin makes the event of one person's visit. Nobody checks in twice to one session at one instant.
func (p *Participation) checkin(_ *http.Request, body *edge.Body) (*event.Event, error) {
	p.pseudonymise(body)
	envelope := edge.Envelope{
		Type: event.CheckinRecorded, Source: p.cfg.Source,
		Time: "checked_in_at", Area: "venue_area_id", Subject: "session_id",
	}
	return body.Event(envelope, func(e *event.Event) []string {
		visit := e.Payload.(*event.Checkin)
		return []string{visit.SessionID, visit.PersonPseudonym, edge.Instant(visit.CheckedInAt)}
	})
}

// void makes the event that takes back a check-in of this service, by the id that it was answered with. A check-in is
// taken back once, whoever asks; one that is not here yet is taken back when it comes.
func (p *Participation) void(r *http.Request, body *edge.Body) (*event.Event, error) {
	if body.Has("original") {
		body.Fault("original", "is the check-in of the address; leave it out")
	}
	body.PutOriginal(p.cfg.Source, r.PathValue("id"))
	envelope := edge.Envelope{
		Type: event.CheckinVoided, Source: p.cfg.Source,
		Time: "at", Area: "venue_area_id", Subject: "session_id", Only: []string{"venue_area_id", "session_id"},
	}
	return body.Event(envelope, func(e *event.Event) []string { return []string{e.Original().ID} })
}

// headcount makes the event of one count of the people at a session. Counting again later is a new event, which
// supersedes the one before of the same counter.
func (p *Participation) headcount(_ *http.Request, body *edge.Body) (*event.Event, error) {
	envelope := edge.Envelope{
		Type: event.HeadcountRecorded, Source: p.cfg.Source,
		Time: "counted_at", Area: "venue_area_id", Subject: "session_id",
	}
	return body.Event(envelope, func(e *event.Event) []string {
		count := e.Payload.(*event.Headcount)
		return []string{count.SessionID, count.Counter, edge.Instant(count.CountedAt)}
	})
}
