package event_test

import (
	"encoding/json"
	"strings"
	"testing"

	"vointi.fi/pkg/event"
)

// required lists every attribute that must be there: the stars of the event table.
const required = `
participation.checkin.v1             session_id person_pseudonym checked_in_at venue_id venue_area_id activity_type provider_id key_version
participation.checkin.corrected.v1   original session_id person_pseudonym checked_in_at venue_id venue_area_id activity_type provider_id key_version
participation.checkin.voided.v1      original reason at
participation.headcount.v1           session_id venue_area_id counted_at total includes_card_holders venue_id activity_type provider_id
participation.headcount.corrected.v1 original session_id venue_area_id counted_at total includes_card_holders venue_id activity_type provider_id
participation.headcount.voided.v1    original reason at
survey.wave.opened.v1                wave_id starts ends instrument_id version
survey.wave.closed.v1                wave_id starts ends instrument_id version
survey.response.v1                   response_id wave_id instrument_id version submitted_at complete area_id age_band items
calendar.event.created.v1            event_id sequence status start venue_id area_id provider_id activity_type last_modified
calendar.event.updated.v1            event_id sequence status start venue_id area_id provider_id activity_type last_modified
calendar.event.cancelled.v1          event_id sequence status start venue_id area_id provider_id activity_type last_modified
calendar.event.held.v1               event_id sequence status start venue_id area_id provider_id activity_type last_modified
cost.entry.v1                        entry_id area_id posted_at period amount_eur heading project_id
cost.entry.reversed.v1               original reason at
population.snapshot.v1               area_id year sex age count
reference.area.v1                    area_id level name valid_from
reference.target.v1                  target_id indicator area_id year value
period.closed.v1                     period_type period_start
card.issued.v1                       person_pseudonym issued_at home_area_id consent_version key_version
card.closed.v1                       person_pseudonym key_version
card.rekeyed.v1                      old_pseudonym new_pseudonym key_version
card.erasure.requested.v1            person_pseudonym
registration.changed.v1              registration_id session_id at
volunteer.enrolled.v1                volunteer_pseudonym area_id start
volunteer.shift.logged.v1            volunteer_pseudonym area_id start hours
volunteer.ended.v1                   volunteer_pseudonym area_id start
comms.release.published.v1           item_id at channel
comms.media.hit.v1                   item_id at channel
platform.usage.v1                    platform_id window_start window_end visits
serviceuse.aggregate.v1              area_id age_scheme age_group service_code period contacts suppressed
partner.registered.v1                partner_id kind name
partner.updated.v1                   partner_id kind name
partner.agreement.signed.v1          partner_id kind name agreement_id
partner.agreement.ended.v1           partner_id kind name agreement_id
venue.registered.v1                  venue_id area_id
venue.updated.v1                     venue_id area_id
project.phase.v1                     project_id area_ids from
interview.recorded.v1                interview_id area_id at respondents_kind theme_codes n
practice.described.v1                practice_id
plan.priority.v1                     priority_id area_id council_term age_group theme
indicator.imported.v1                source external_id area_id year value retrieved_at
reference.unitcost.v1                service_code price_year base source
`

func TestRequired(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(required), "\n")
	if len(lines) != len(event.Types()) {
		t.Errorf("%d types, want %d", len(lines), len(event.Types()))
	}
	for _, line := range lines {
		names := strings.Fields(line)
		typ, names := names[0], names[1:]
		t.Run(typ, func(t *testing.T) {
			var all []string
			for _, name := range names {
				all = append(all, "/data/"+name)
				sameSet(t, faults(t, withoutAttribute(t, typ, name)), []string{"/data/" + name})
			}
			sameSet(t, faults(t, map[string]any{
				"specversion": "1.0", "id": "1", "source": "/a", "type": "fi.vointi." + typ, "time": "2024-03-05T15:02:11Z",
				"areaid": "KU305", "data": map[string]any{},
			}), all)
		})
	}
	t.Run("envelope", func(t *testing.T) {
		for _, name := range []string{"specversion", "id", "source", "type", "time", "areaid", "data"} {
			e := example(t, "period.closed.v1")
			delete(e, name)
			sameSet(t, faults(t, e), []string{"/" + name})
		}
	})
}

func example(t *testing.T, typ string) (e map[string]any) {
	t.Helper()
	if err := json.Unmarshal(read("events/examples/"+typ+".good-full.json"), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func withoutAttribute(t *testing.T, typ, name string) map[string]any {
	t.Helper()
	e := example(t, typ)
	data := e["data"].(map[string]any)
	if _, ok := data[name]; !ok {
		t.Fatalf("the full example has no %s", name)
	}
	delete(data, name)
	return e
}

// faults returns the pointers of all that Decode finds wrong; the schema must find something too.
func faults(t *testing.T, e map[string]any) []string {
	t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if conforms(body) == nil {
		t.Errorf("the schema takes it for valid: %s", body)
	}
	_, err = event.Decode(nil, body)
	invalid, ok := err.(*event.InvalidError)
	if !ok {
		t.Fatalf("got %v for %s", err, body)
	}
	return pointers(invalid)
}
