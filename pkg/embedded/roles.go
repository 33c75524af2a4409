package embedded

import (
	"maps"
	"slices"
	"strconv"
)

const (
	adminRole    = "admin"
	readDatabase = "vointi" // the read model
)

// Role is a reading role of the read model: a user of the front without a password, and a role of the engine. A view
// name ending in * stands for all that begin so; Except takes views out again.
type Role struct {
	Name   string
	Views  []string // of database vointi
	Except []string
}

// Roles are the reading roles. Views that a later migration creates are covered by the patterns.
func Roles() []Role {
	return []Role{
		{Name: "vointi_reader", Views: []string{"*"}, Except: []string{"reconciliation", "dead_letters", "emitters"}},
		{Name: "vointi_decision", Views: []string{"decision_*", "catalogue", "areas"}},
		{Name: "vointi_operator", Views: []string{"reconciliation", "dead_letters", "emitters", "withheld", "catalogue", "areas"}},
	}
}

// readLimits bound what one statement of a reading role may take. A smaller value may be asked for in the URL.
var readLimits = map[string]uint64{
	"max_execution_time": 60,
	"max_memory_usage":   2 << 30,
	"max_result_rows":    1_000_000,
	"max_result_bytes":   256 << 20,
	"max_threads":        4,
}

// harmless settings change how a result is written or a statement is planned, never what it may reach.
var harmless = []string{
	"cancel_http_readonly_queries_on_client_close", "date_time_input_format", "date_time_output_format", "enable_http_compression",
	"extremes", "http_write_exception_in_output_format", "join_use_nulls", "log_comment", "max_block_size", "output_format_decimal_trailing_zeros",
	"output_format_json_quote_64bit_integers", "output_format_json_quote_denormals", "output_format_native_encode_types_in_binary_format",
	"prefer_column_name_to_alias", "send_progress_in_http_headers", "session_timezone", "transform_null_in", "use_query_condition_cache",
}

// readSettings are the settings of a reading role's session: what the request asks for, if it is harmless or lowers a
// limit, then the limits, then readonly, which nothing in the session can undo.
func readSettings(who identity, q *request) ([]setting, error) {
	var list []setting
	limits := maps.Clone(readLimits)
	for _, s := range q.settings {
		limit, limited := readLimits[s.name]
		switch {
		case limited:
			asked, err := strconv.ParseUint(s.value, 10, 64)
			if err != nil {
				return nil, exceptionf(codeBadArguments, "Setting %s is not a number: %q", s.name, s.value)
			}
			if asked > 0 && asked < limit {
				limits[s.name] = asked
			}
		case s.name == "readonly" && (s.value == "1" || s.value == "2"):
		case slices.Contains(harmless, s.name):
			list = append(list, s)
		default:
			return nil, denied(who, "setting "+s.name+" may not be changed")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		list = append(list, setting{name, strconv.FormatUint(limits[name], 10)})
	}
	return append(list, setting{"result_overflow_mode", "throw"}, setting{"readonly", "1"}), nil
}
