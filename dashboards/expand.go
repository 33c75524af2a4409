package dashboards

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// ErrExpand wraps every fault of an expansion: an unknown variable or macro, or a wrong number of arguments.
var ErrExpand = errors.New("expand query")

// Values are the chosen values of variables. A variable of one value and one of several differ: see Expand.
type Values map[string][]string

// Range is the time range of a dashboard.
type Range struct{ From, To time.Time }

// Interval is the width of a point that Grafana asks for in a range: a thousandth of it, at least a second.
func (r Range) Interval() time.Duration { return max(r.To.Sub(r.From)/1000, time.Second) }

var (
	variablePattern = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}|\$(\w+)`)
	macroPattern    = regexp.MustCompile(`\$__(\w+)`)
)

// Expand turns the SQL of a target into what reaches the database: variables as Grafana's template engine fills them in,
// then macros as the ClickHouse plugin expands them. ${v:singlequote} quotes each value and doubles nothing but escapes a
// quote by a backslash, as Grafana does; several values are joined by commas. Plain $v and ${v} put the value in as it is.
func Expand(sql string, values Values, r Range) (string, error) {
	sql, err := interpolate(sql, values)
	if err != nil {
		return "", err
	}
	return expandMacros(sql, r)
}

func interpolate(sql string, values Values) (string, error) {
	var faults []error
	out := variablePattern.ReplaceAllStringFunc(sql, func(match string) string {
		m := variablePattern.FindStringSubmatch(match)
		name, format := m[1]+m[3], m[2]
		if strings.HasPrefix(name, "__") {
			return match // a macro
		}
		v, ok := values[name]
		if !ok {
			faults = append(faults, fmt.Errorf("%w: no variable %s", ErrExpand, name))
			return match
		}
		text, err := formatted(v, format)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: variable %s: %w", ErrExpand, name, err))
		}
		return text
	})
	return out, errors.Join(faults...)
}

func formatted(values []string, format string) (string, error) {
	switch format {
	case "singlequote":
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = "'" + strings.ReplaceAll(v, "'", `\'`) + "'"
		}
		return strings.Join(quoted, ","), nil
	case "":
		if len(values) == 1 {
			return values[0], nil
		}
		return "'" + strings.Join(values, "','") + "'", nil // the plugin's own way with several values
	default:
		return "", fmt.Errorf("format %q is not one that this package knows", format)
	}
}

func expandMacros(sql string, r Range) (string, error) {
	var out strings.Builder
	for {
		at := macroPattern.FindStringSubmatchIndex(sql)
		if at == nil {
			out.WriteString(sql)
			return out.String(), nil
		}
		out.WriteString(sql[:at[0]])
		name, rest := sql[at[2]:at[3]], sql[at[1]:]
		args, rest, err := arguments(rest)
		if err != nil {
			return "", fmt.Errorf("%w: $__%s: %w", ErrExpand, name, err)
		}
		text, err := macro(name, args, r)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		sql = rest
	}
}

// arguments reads "(a, f(b, c))" at the start of s. Without a parenthesis there are none.
func arguments(s string) (args []string, rest string, err error) {
	if !strings.HasPrefix(s, "(") {
		return nil, s, nil
	}
	depth, start := 0, 1
	for i, c := range s {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
			if depth == 0 {
				if a := strings.TrimSpace(s[start:i]); a != "" || len(args) > 0 {
					args = append(args, a)
				}
				return args, s[i+1:], nil
			}
		case c == ',' && depth == 1:
			args = append(args, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return nil, "", errors.New("no closing parenthesis")
}

func macro(name string, args []string, r Range) (string, error) {
	seconds := func(t time.Time) string { return fmt.Sprintf("toDateTime(%d)", t.Unix()) }
	millis := func(t time.Time) string { return fmt.Sprintf("fromUnixTimestamp64Milli(%d)", t.UnixMilli()) }
	day := func(t time.Time) string { return fmt.Sprintf("toDate('%s')", t.UTC().Format(time.DateOnly)) }
	between := func(column string, f func(time.Time) string) string {
		return fmt.Sprintf("%s >= %s AND %s <= %s", column, f(r.From), column, f(r.To))
	}
	want := map[string]int{"timeFilter": 1, "timeFilter_ms": 1, "dateFilter": 1, "dateTimeFilter": 2, "timeInterval": 1}[name]
	if len(args) != want {
		return "", fmt.Errorf("%w: $__%s takes %d arguments, has %d", ErrExpand, name, want, len(args))
	}
	switch name {
	case "timeFilter":
		return between(args[0], seconds), nil
	case "timeFilter_ms":
		return between(args[0], millis), nil
	case "dateFilter":
		return between(args[0], day), nil
	case "dateTimeFilter":
		return fmt.Sprintf("(%s) AND (%s)", between(args[0], day), between(args[1], seconds)), nil
	case "fromTime":
		return seconds(r.From), nil
	case "toTime":
		return seconds(r.To), nil
	case "timeInterval":
		return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", args[0], int(r.Interval().Seconds())), nil
	case "interval_s":
		return fmt.Sprint(int(r.Interval().Seconds())), nil
	default:
		return "", fmt.Errorf("%w: no macro $__%s", ErrExpand, name)
	}
}
