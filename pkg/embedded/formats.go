package embedded

import (
	"net/http"
	"strings"
)

// chunkable says whether pieces of a result in this format, each written as if it were the whole, can be sent one after
// another. Formats with a head or an end cannot; they are collected first.
func chunkable(format string) bool {
	switch format {
	case "Native", "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "Raw", "CSV", "JSONEachRow", "JSONLines", "NDJSON",
		"JSONCompactEachRow", "JSONStringsEachRow", "RowBinary", "LineAsString", "Null":
		return true
	}
	return false
}

func contentType(format string) string {
	switch {
	case strings.HasPrefix(format, "JSON") && !strings.HasSuffix(format, "EachRow"):
		return "application/json; charset=UTF-8"
	case strings.HasPrefix(format, "JSON"), format == "NDJSON":
		return "application/x-ndjson; charset=UTF-8"
	case strings.HasPrefix(format, "CSV"):
		return "text/csv; charset=UTF-8; header=absent"
	case strings.HasPrefix(format, "TabSeparated"), strings.HasPrefix(format, "TSV"):
		return "text/tab-separated-values; charset=UTF-8"
	case strings.HasPrefix(format, "Pretty"), format == "Vertical", format == "Markdown", format == "Values":
		return "text/plain; charset=UTF-8"
	}
	return "application/octet-stream"
}

// statusOf maps an exception to an HTTP status, as a ClickHouse server does.
func statusOf(code int) int {
	switch code {
	case codeRequiredPassword:
		return http.StatusUnauthorized
	case codeAuthentication, codeAccessDenied, codeReadonly:
		return http.StatusForbidden
	case codeSyntax, codeBadArguments, codeUnknownCompression, codeCannotDecompress, codeCannotReadAllData, codeUnknownSetting:
		return http.StatusBadRequest
	case codeUnknownDatabase, codeUnknownTable, codeUnknownFunction, codeUnknownIdentifier, codeUnknownFormat:
		return http.StatusNotFound
	case codeTimeout:
		return http.StatusRequestTimeout
	case codeQueryIsTooLarge:
		return http.StatusRequestEntityTooLarge
	case codeNotImplemented:
		return http.StatusNotImplemented
	}
	return http.StatusInternalServerError
}
