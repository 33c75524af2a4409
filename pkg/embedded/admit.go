package embedded

import (
	"path"
	"slices"
	"strings"
)

// admit decides whether an identity may run a statement; full access may run anything. The engine's own role is the
// second wall behind this one: alone it would let file(), INTO OUTFILE, KILL QUERY and SET ROLE through.
func (a *access) admit(conn *Conn, who identity, s statement, list []Param) error {
	if who.read == nil {
		return nil
	}
	if err := checkText(s); err != nil {
		return err
	}
	statements, reading, err := conn.Classify(s.text)
	if err != nil {
		return err
	}
	if statements != 1 || !reading {
		return denied(who, "only one statement that reads is allowed")
	}
	tree, err := conn.Exec("EXPLAIN AST "+s.text, "TSVRaw", list...)
	if err != nil {
		return err
	}
	roots, err := parseTree(string(tree))
	if err != nil {
		return denied(who, err.Error())
	}
	check := &checker{who: who}
	return check.statement(roots, s.text)
}

func denied(who identity, reason string) error {
	return exceptionf(codeAccessDenied, "%s: Not enough privileges: %s. (ACCESS_DENIED)", who.name, reason)
}

// checkText refuses what could make the printed syntax tree say something else than it means: names with control
// characters or escapes in them, and quotes outside ASCII.
func checkText(s statement) error {
	if s.insert {
		return exceptionf(codeReadonly, "Cannot execute query in readonly mode. (READONLY)")
	}
	lex := lexer{text: s.text}
	for t := lex.next(); t.kind != endToken; t = lex.next() {
		name := t.kind == quotedToken && t.text[0] != '\'' && t.text[0] != '$'
		if name && strings.ContainsFunc(t.text, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) ||
			t.kind == wordToken && strings.ContainsFunc(t.text, func(r rune) bool { return r > 0x7f }) {
			return exceptionf(codeSyntax, "Syntax error: a reading role may not use the name %q", t.text)
		}
	}
	return nil
}

// checker walks a syntax tree and refuses every node, table and function that is not on a list.
type checker struct{ who identity }

// statement checks the kind of the statement, then all below it.
func (c *checker) statement(roots []*node, text string) error {
	switch roots[0].kind {
	case "SelectWithUnionQuery", "DescribeQuery":
	case "ShowTables":
		if !plainShow(text) {
			return denied(c.who, "only SHOW TABLES and SHOW DATABASES without conditions are allowed")
		}
	case "ExistsTableQuery", "ExistsViewQuery":
		return nil // tells nothing that SHOW TABLES does not: the engine hides what the role may not see
	default:
		return denied(c.who, "statements of the kind "+roots[0].kind+" are not allowed")
	}
	for _, root := range roots {
		if err := c.node(root, nil); err != nil {
			return err
		}
	}
	return nil
}

// plainShow says whether a SHOW has no part that the printed tree hides: its WHERE and LIMIT take expressions.
func plainShow(text string) bool {
	lex := lexer{text: text}
	is := func(t token, words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, t.text) })
	}
	lex.next() // SHOW
	t := lex.next()
	if is(t, "FULL") {
		t = lex.next()
	}
	if !is(t, "TABLES", "DATABASES") {
		return false
	}
	t = lex.next()
	if is(t, "FROM", "IN") {
		lex.next()
		t = lex.next()
	}
	if is(t, "NOT") {
		t = lex.next()
	}
	if is(t, "LIKE", "ILIKE") {
		if pattern := lex.next(); pattern.kind != quotedToken || pattern.text[0] != '\'' {
			return false
		}
		t = lex.next()
	}
	if is(t, "FORMAT") {
		lex.next()
		t = lex.next()
	}
	return t.kind == endToken || t.text == ";" && lex.next().kind == endToken
}

// plainNodes hold nothing but their children.
var plainNodes = []string{
	"SelectWithUnionQuery", "SelectIntersectExceptQuery", "SelectQuery", "DescribeQuery", "ShowTables", "ExpressionList", "Identifier", "Literal",
	"Asterisk", "QualifiedAsterisk", "Subquery", "WithElement", "TablesInSelectQuery", "TablesInSelectQueryElement", "TableExpression", "TableJoin",
	"ArrayJoin", "OrderByElement", "InterpolateElement", "WindowDefinition", "WindowListElement", "SampleRatio",
}

func (c *checker) node(n, parent *node) error {
	switch {
	case n.kind == "TableIdentifier":
		if !c.tableAllowed(n.name) {
			return denied(c.who, "no access to table "+n.name)
		}
	case n.kind == "Function" && parent != nil && parent.kind == "TableExpression":
		if !tableFunctionAllowed(n.name) {
			return denied(c.who, "no access to table function "+n.name)
		}
	case n.kind == "Function":
		if err := c.function(n); err != nil {
			return err
		}
	case n.kind == "Set":
		return denied(c.who, "settings belong into the URL, not into the statement")
	case !slices.Contains(plainNodes, n.kind):
		return denied(c.who, "syntax of the kind "+n.kind+" is not allowed")
	}
	for _, child := range n.children {
		if err := c.node(child, n); err != nil {
			return err
		}
	}
	return nil
}

// function checks a name, and the right side of IN, where a name is a table.
func (c *checker) function(n *node) error {
	if !functionAllowed(n.name) {
		return denied(c.who, "no access to function "+n.name)
	}
	if !strings.HasSuffix(strings.ToLower(n.name), "in") || len(n.children) == 0 {
		return nil
	}
	if args := n.children[0].children; len(args) == 2 && args[1].kind == "Identifier" && !c.tableAllowed(args[1].name) {
		return denied(c.who, "no access to table "+args[1].name)
	}
	return nil
}

// systemTables are what clients look at to find out what there is; the engine shows each role its own part.
var systemTables = []string{"system.one", "system.databases", "system.tables", "system.columns"}

// tableAllowed: a name without a database is a WITH or a view of database vointi, where the engine's role decides;
// sessions of reading roles have no other database.
func (c *checker) tableAllowed(name string) bool {
	database, view, qualified := strings.Cut(name, ".")
	switch {
	case !qualified:
		return true
	case database == readDatabase:
		return c.who.read.allows(view)
	}
	return slices.Contains(systemTables, name)
}

// allows says whether a view of the read model belongs to the role.
func (r *Role) allows(view string) bool {
	matches := func(pattern string) bool { ok, err := path.Match(pattern, view); return ok && err == nil }
	return slices.ContainsFunc(r.Views, matches) && !slices.ContainsFunc(r.Except, matches)
}
