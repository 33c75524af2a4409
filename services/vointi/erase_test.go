package main

import (
	"strings"
	"testing"
)

func TestAnErasureOfNothingDoesNotSoundLikeSuccess(t *testing.T) {
	if got := outcomeOf(map[string]uint64{"facts_checkin": 0, "messages": 0}); !strings.Contains(got, "mistyped") {
		t.Error(got)
	}
	if got := outcomeOf(map[string]uint64{"facts_checkin": 0, "messages": 1}); got != "erased; nothing remains" {
		t.Error(got)
	}
}
