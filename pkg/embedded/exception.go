package embedded

import "fmt"

// Numbers of ClickHouse exceptions that the front raises itself or maps to a status.
const (
	codeCannotReadAllData  = 33
	codeBadArguments       = 36
	codeUnknownFunction    = 46
	codeUnknownIdentifier  = 47
	codeNotImplemented     = 48
	codeUnknownTable       = 60
	codeSyntax             = 62
	codeUnknownFormat      = 73
	codeUnknownDatabase    = 81
	codeUnknownCompression = 89
	codeUnknownSetting     = 115
	codeTimeout            = 159
	codeReadonly           = 164
	codeRequiredPassword   = 194
	codeQueryIsTooLarge    = 229
	codeCannotDecompress   = 271
	codeAccessDenied       = 497
	codeAuthentication     = 516
	codeUnknown            = 1001
)

// Exception is what the engine says went wrong: "Code: N. DB::Exception: …".
type Exception struct {
	Code int
	Text string
}

// Error is the engine's text.
func (e *Exception) Error() string { return e.Text }

// newException reads the code out of an engine's text.
func newException(text string) *Exception {
	e := &Exception{Text: text}
	if _, err := fmt.Sscanf(text, "Code: %d.", &e.Code); err != nil {
		e.Code = codeUnknown
		e.Text = fmt.Sprintf("Code: %d. DB::Exception: %s", codeUnknown, text)
	}
	return e
}

// exceptionf is an exception of the front itself.
func exceptionf(code int, format string, args ...any) error {
	return &Exception{Code: code, Text: fmt.Sprintf("Code: %d. DB::Exception: %s", code, fmt.Sprintf(format, args...))}
}
