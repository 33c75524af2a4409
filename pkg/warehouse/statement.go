package warehouse

import (
	"embed"
	"strings"
)

// Statement returns the text of sql/name.sql among the files of a package, with each $key of the pairs replaced. Values are identifiers,
// numbers, literals that the package made, or other such statements: never text from outside. It panics where the file is missing,
// which is a programmer's mistake that the first test meets.
func Statement(files embed.FS, name string, pairs ...string) string {
	text, err := files.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "$" + pairs[i]
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(string(text)))
}
