package simulator

import (
	"fmt"
	"time"

	"vointi.fi/pkg/event"
)

// feedbackShare is the share of visits after which the visitor answers FEEDBACK, 1 (poor) to 5 (very good).
const feedbackShare = 0.03

// FeedbackMean is the planted mean of FEEDBACK.
const FeedbackMean = 4.2

const feedbackInstrument = "demo-feedback"

// feedbackTime is one to forty-eight hours after the session.
func (p *plan) feedbackTime(v *visit) int64 {
	hours := 1 + int64(scramble(p.fate(v, drawFeedback))%48)
	return p.sessions[v.session].end() + hours*hour
}

// feedbackEvent is an answer to the question after a session. Nobody knows whose it is: it has an id of its own.
func (p *plan) feedbackEvent(v *visit) (*event.Event, error) {
	s, at := &p.sessions[v.session], p.feedbackTime(v)
	of := s.series
	h := p.fate(v, drawFeedback)
	r := source(h)
	id := event.NewID("feedback", s.id, fmt.Sprint(h))
	response := &event.Response{
		ResponseID: id, WaveID: feedbackWave(instantOf(at)), InstrumentID: feedbackInstrument, Version: "1", SubmittedAt: instantOf(at),
		Complete: true, Area: of.venueArea, AgeBand: feedbackBands[segmentOf(p.quarter.year()-v.person.birthYear())], SessionID: s.id,
		Items: map[string]int{"FEEDBACK": 1 + binomial(r, 4, (FeedbackMean-1)/4)},
	}
	return event.Unchecked(event.ResponseSubmitted, surveySource, id, instantOf(at), of.town.code, response.WaveID, response)
}

// feedbackBands are the ages that are asked for, by segment.
var feedbackBands = [segments]string{"0-12", "13-28", "29-64", "65+"}

func feedbackWave(at time.Time) string { return "demo-feedback-" + at.In(helsinki).Format("2006") }
