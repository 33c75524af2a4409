package report

import (
	"encoding/json"
	"net/http"

	"go.uber.org/zap"
)

// serveIndicators streams the read model: 200 with rows as they arrive, 400 with every fault of the request, 429 when too
// many answers are under way, 503 when the read model does not answer. An answer that breaks off in the middle is cut, so
// that a client cannot take it for a whole one.
func (r *Report) serveIndicators(w http.ResponseWriter, req *http.Request) {
	q, faults := parseQuery(req.URL.Query())
	if len(faults) > 0 {
		refuse(w, http.StatusBadRequest, "invalid parameters", faults)
		return
	}
	select {
	case r.answers <- struct{}{}:
		defer func() { <-r.answers }()
	default:
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusTooManyRequests, "too many answers under way", nil)
		return
	}
	r.answer(w, req, q)
}

func (r *Report) answer(w http.ResponseWriter, req *http.Request, q apiQuery) {
	rows, err := r.model.db.Query(req.Context(), indicatorsSQL, q.arguments()...)
	if err != nil {
		r.unavailable(w, req, err)
		return
	}
	defer rows.Close()
	out := encoderOf(w, q.format, r.cfg.Synthetic)
	for rows.Next() {
		var i indicatorRow
		if err = i.scan(rows); err == nil {
			err = out.row(i)
		}
		if err != nil {
			break
		}
		r.metrics.rows.Inc()
	}
	if err == nil {
		err = rows.Err()
	}
	if err == nil {
		err = out.end()
	}
	if err != nil {
		r.breakOff(w, req, out, err)
	}
}

// breakOff ends an answer that failed. If nothing was sent, there is still time for a status.
func (r *Report) breakOff(w http.ResponseWriter, req *http.Request, out encoder, err error) {
	if !out.begun() {
		r.unavailable(w, req, err)
		return
	}
	if req.Context().Err() == nil {
		r.metrics.broken.Inc()
		r.log.Error("indicators cut off", zap.Error(err))
	}
	panic(http.ErrAbortHandler) // the one way to cut a response; net/http does not log it
}

func (r *Report) unavailable(w http.ResponseWriter, req *http.Request, err error) {
	if req.Context().Err() != nil {
		return // the client has gone
	}
	r.metrics.failures.Inc()
	r.log.Error("indicators", zap.Error(err))
	w.Header().Set("Retry-After", "10")
	refuse(w, http.StatusServiceUnavailable, "the read model does not answer", nil)
}

// refuse answers with a short JSON text that holds nothing of what went on inside.
func refuse(w http.ResponseWriter, status int, text string, faults []fault) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Error  string  `json:"error"`
		Faults []fault `json:"faults,omitempty"`
	}{text, faults})
}
