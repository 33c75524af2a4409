package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/warehouse"
)

// indicatorRow is a row of the view indicators as the API writes it: plain numbers, null where there is none.
type indicatorRow struct {
	Indicator           string   `json:"indicator"`
	Area                string   `json:"area"`
	AgeScheme           string   `json:"age_scheme"`
	AgeGroup            string   `json:"age_group"`
	Sex                 string   `json:"sex"`
	Dimension           string   `json:"dimension"`
	Member              string   `json:"member"`
	PeriodType          string   `json:"period_type"`
	PeriodStart         string   `json:"period_start"`
	Wave                string   `json:"wave"`
	Value               *float64 `json:"value"`
	Lower95             *float64 `json:"lower95"`
	Upper95             *float64 `json:"upper95"`
	Lower998            *float64 `json:"lower998"`
	Upper998            *float64 `json:"upper998"`
	Numerator           *float64 `json:"numerator"`
	Denominator         *float64 `json:"denominator"`
	DenominatorKind     string   `json:"denominator_kind"`
	CrudeValue          *float64 `json:"crude_value"`
	Respondents         *int64   `json:"respondents"`
	EffectiveSampleSize *float64 `json:"effective_sample_size"`
	Unit                string   `json:"unit"`
	Direction           string   `json:"direction"`
	Method              string   `json:"method"`
	Status              string   `json:"status"`
	Suppressed          string   `json:"suppressed"`
	Flags               []string `json:"flags"`
	Revision            uint32   `json:"revision"`
	Reason              string   `json:"reason"`
	ComputedAt          string   `json:"computed_at"`
}

var csvHeader = []string{
	"indicator", "area", "age_scheme", "age_group", "sex", "dimension", "member", "period_type", "period_start", "wave",
	"value", "lower95", "upper95", "lower998", "upper998", "numerator", "denominator", "denominator_kind", "crude_value",
	"respondents", "effective_sample_size", "unit", "direction", "method", "status", "suppressed", "flags", "revision",
	"reason", "computed_at",
}

func (i *indicatorRow) scan(rows warehouse.Rows) error {
	var start, computed time.Time
	err := rows.Scan(&i.Indicator, &i.Area, &i.AgeScheme, &i.AgeGroup, &i.Sex, &i.Dimension, &i.Member, &i.PeriodType,
		&start, &i.Wave, &i.Value, &i.Lower95, &i.Upper95, &i.Lower998, &i.Upper998, &i.Numerator, &i.Denominator,
		&i.DenominatorKind, &i.CrudeValue, &i.Respondents, &i.EffectiveSampleSize, &i.Unit, &i.Direction, &i.Method,
		&i.Status, &i.Suppressed, &i.Flags, &i.Revision, &i.Reason, &computed)
	i.PeriodStart = start.Format(time.DateOnly)
	i.ComputedAt = computed.UTC().Format("2006-01-02T15:04:05.000Z")
	if i.Flags == nil {
		i.Flags = []string{}
	}
	return err
}

func (i *indicatorRow) fields() []string {
	respondents := ""
	if i.Respondents != nil {
		respondents = strconv.FormatInt(*i.Respondents, 10)
	}
	return []string{
		i.Indicator, i.Area, i.AgeScheme, i.AgeGroup, i.Sex, i.Dimension, i.Member, i.PeriodType, i.PeriodStart, i.Wave,
		plain(i.Value), plain(i.Lower95), plain(i.Upper95), plain(i.Lower998), plain(i.Upper998), plain(i.Numerator),
		plain(i.Denominator), i.DenominatorKind, plain(i.CrudeValue), respondents, plain(i.EffectiveSampleSize), i.Unit,
		i.Direction, i.Method, i.Status, i.Suppressed, strings.Join(i.Flags, ";"), strconv.FormatUint(uint64(i.Revision), 10),
		i.Reason, i.ComputedAt,
	}
}

// plain is a number as JSON writes it; nothing for null.
func plain(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

// encoder writes an answer row by row. Nothing is sent before the first full buffer or the end.
type encoder interface {
	row(indicatorRow) error
	end() error
	begun() bool
}

const bufferSize = 32 << 10

// response tells whether anything of the body has left.
type response struct {
	http.ResponseWriter
	sent bool
}

func (r *response) Write(b []byte) (int, error) {
	r.sent = true
	return r.ResponseWriter.Write(b)
}

func (r *response) begun() bool { return r.sent }

func encoderOf(w http.ResponseWriter, format string, synthetic bool) encoder {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if synthetic {
		h.Set("X-Vointi-Synthetic", "true")
	}
	out := &response{ResponseWriter: w}
	buffer := bufio.NewWriterSize(out, bufferSize)
	if format == "csv" {
		h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
		h.Set("Content-Disposition", `attachment; filename="indicators.csv"`)
		return &csvEncoder{response: out, buffer: buffer, w: csv.NewWriter(buffer)}
	}
	h.Set("Content-Type", "application/json")
	return &jsonEncoder{response: out, buffer: buffer, synthetic: synthetic}
}

// csvEncoder writes RFC 4180: a header, then a line a row; flags are joined by semicolons.
type csvEncoder struct {
	*response
	buffer *bufio.Writer
	w      *csv.Writer
	headed bool
}

func (e *csvEncoder) head() error {
	if e.headed {
		return nil
	}
	e.headed, e.w.UseCRLF = true, true
	return e.w.Write(csvHeader)
}

func (e *csvEncoder) row(i indicatorRow) error {
	if err := e.head(); err != nil {
		return err
	}
	return e.w.Write(i.fields())
}

func (e *csvEncoder) end() error {
	if err := e.head(); err != nil {
		return err
	}
	if e.w.Flush(); e.w.Error() != nil {
		return e.w.Error()
	}
	return e.buffer.Flush()
}

// jsonEncoder writes {"synthetic": …, "indicators": [row, row, …]}, one row a line.
type jsonEncoder struct {
	*response
	buffer    *bufio.Writer
	synthetic bool
	rows      int
}

func (e *jsonEncoder) separator() string {
	if e.rows > 0 {
		return ",\n"
	}
	return `{"synthetic":` + strconv.FormatBool(e.synthetic) + `,"indicators":[` + "\n"
}

func (e *jsonEncoder) row(i indicatorRow) error {
	text, err := json.Marshal(i)
	if err != nil {
		return err
	}
	if _, err := e.buffer.WriteString(e.separator()); err != nil {
		return err
	}
	e.rows++
	_, err = e.buffer.Write(text)
	return err
}

func (e *jsonEncoder) end() error {
	if e.rows == 0 {
		if _, err := e.buffer.WriteString(e.separator()); err != nil {
			return err
		}
	}
	if _, err := e.buffer.WriteString("\n]}\n"); err != nil {
		return err
	}
	return e.buffer.Flush()
}
