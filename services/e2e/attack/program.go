package attack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// program is a linear program. Its columns are numbers of people or visits.
type program struct {
	lower, upper []float64 // of each column
	names        []string
	rows         []row
}

// row says that a sum of columns is at least, at most or exactly its right-hand side.
type row struct {
	terms []term
	sense string // "=", ">=" or "<="
	right float64
	time  bool // a longer period is the sum of shorter ones
}

type term struct {
	column int
	factor float64
}

// unbounded bounds a column that nothing else bounds: being that much wide is wide enough.
const unbounded = 1e6

func (p *program) add(lower, upper float64, name string) int {
	p.lower, p.upper, p.names = append(p.lower, lower), append(p.upper, upper), append(p.names, name)
	return len(p.lower) - 1
}

func (p *program) restrict(sense string, right float64, terms ...term) {
	p.rows = append(p.rows, row{terms: terms, sense: sense, right: right})
}

// sum says that the total is the sum of the parts.
func (p *program) sum(total int, parts ...int) {
	terms := []term{{total, -1}}
	for _, c := range parts {
		terms = append(terms, term{c, 1})
	}
	p.restrict("=", 0, terms...)
}

// errInfeasible says that no table agrees with what is published, as the attacker understands it.
var errInfeasible = errors.New("no table agrees with what is published")

// errImpatient says that glpsol took too long to find any table.
var errImpatient = errors.New("glpsol has found no table")

// patience is for how many seconds glpsol seeks the greatest objective; what it has then is a table, too.
const patience = "600"

// maximise writes the program in CPLEX LP form, has glpsol solve it, and returns the value of each column; and whether the objective
// is the greatest.
func (p *program) maximise(ctx context.Context, objective ...term) (values []float64, optimal bool, err error) {
	dir, err := os.MkdirTemp("", "vointi-attack-")
	if err != nil {
		return nil, false, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	problem, solution := filepath.Join(dir, "problem.lp"), filepath.Join(dir, "solution")
	if err := os.WriteFile(problem, []byte(p.cplex(objective)), 0o600); err != nil {
		return nil, false, err
	}
	out, err := exec.CommandContext(ctx, "glpsol", "--lp", problem, "--write", solution, "--tmlim", patience).CombinedOutput()
	if err != nil {
		return nil, false, fmt.Errorf("glpsol: %w: %s", err, out)
	}
	if strings.Contains(string(out), "NO PRIMAL FEASIBLE SOLUTION") {
		return nil, false, errInfeasible
	}
	return readSolution(solution, len(p.lower))
}

// cplex returns the program as text. The objective names every column, in order: glpsol numbers them as it meets them.
func (p *program) cplex(objective []term) string {
	var text strings.Builder
	factors := make([]float64, len(p.lower))
	for _, t := range objective {
		factors[t.column] = t.factor
	}
	text.WriteString("Maximize\n obj:")
	for column, factor := range factors {
		writeTerm(&text, column, term{column, factor})
	}
	text.WriteString("\nSubject To\n")
	if len(p.rows) == 0 { // the format wants one
		fmt.Fprintf(&text, " r: x0 >= %g\n", p.lower[0])
	}
	for i, r := range p.rows {
		fmt.Fprintf(&text, " r%d:", i)
		for j, t := range r.terms {
			writeTerm(&text, j, t)
		}
		fmt.Fprintf(&text, " %s %g\n", r.sense, r.right)
	}
	text.WriteString("Bounds\n")
	for i := range p.lower {
		fmt.Fprintf(&text, " %g <= x%d <= %g\n", p.lower[i], i, p.upper[i])
	}
	text.WriteString("End\n")
	return text.String()
}

func writeTerm(text *strings.Builder, at int, t term) {
	if at%10 == 9 {
		text.WriteString("\n ")
	}
	fmt.Fprintf(text, " %+g x%d", t.factor, t.column)
}

// readSolution reads glpsol's plain form: a line "s bas ROWS COLUMNS PRIMAL DUAL OBJECTIVE", where f means feasible (both: the optimum), and a
// line "j COLUMN STATUS VALUE DUAL" for each column.
func readSolution(path string, columns int) (values []float64, optimal bool, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, false, err
	}
	values = make([]float64, columns)
	read, agrees := 0, false
	for scanner := bufio.NewScanner(strings.NewReader(string(text))); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		switch {
		case len(fields) > 5 && fields[0] == "s":
			agrees, optimal = fields[4] == "f", fields[5] == "f"
		case len(fields) > 3 && fields[0] == "j":
			column, errColumn := strconv.Atoi(fields[1])
			value, errValue := strconv.ParseFloat(fields[3], 64)
			if errColumn == nil && errValue == nil && column <= columns {
				values[column-1] = value
				read++
			}
		}
	}
	if !agrees || read != columns {
		return nil, false, fmt.Errorf("%w: %d of %d columns in %s s", errImpatient, read, columns, patience)
	}
	return values, optimal, nil
}
