package warehouse

import (
	"errors"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// permanent are the exceptions that blame the rows or the text of a statement: running it again fails again. All
// others are taken for the state of the server (no memory, too many parts, no such table yet, no rights yet), which
// someone repairs, so that no row is ever given up because of them.
var permanent = map[int32]bool{
	6:   true, // CANNOT_PARSE_TEXT
	26:  true, // CANNOT_PARSE_QUOTED_STRING
	27:  true, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
	32:  true, // ATTEMPT_TO_READ_AFTER_EOF
	33:  true, // CANNOT_READ_ALL_DATA
	36:  true, // BAD_ARGUMENTS
	38:  true, // CANNOT_PARSE_DATE
	41:  true, // CANNOT_PARSE_DATETIME
	42:  true, // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
	43:  true, // ILLEGAL_TYPE_OF_ARGUMENT
	44:  true, // ILLEGAL_COLUMN
	46:  true, // UNKNOWN_FUNCTION
	50:  true, // UNKNOWN_TYPE
	53:  true, // TYPE_MISMATCH
	62:  true, // SYNTAX_ERROR
	69:  true, // ARGUMENT_OUT_OF_BOUND
	70:  true, // CANNOT_CONVERT_TYPE
	72:  true, // CANNOT_PARSE_NUMBER
	117: true, // INCORRECT_DATA
	131: true, // TOO_LARGE_STRING_SIZE
	153: true, // ILLEGAL_DIVISION
	179: true, // MULTIPLE_EXPRESSIONS_FOR_ALIAS
	215: true, // NOT_AN_AGGREGATE
	321: true, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
	349: true, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
	376: true, // CANNOT_PARSE_UUID
	395: true, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
	407: true, // DECIMAL_OVERFLOW
	441: true, // CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING
	467: true, // CANNOT_PARSE_BOOL
	469: true, // VIOLATED_CONSTRAINT
	691: true, // UNKNOWN_ELEMENT_OF_ENUM
}

// IsTransient says whether the same statement may succeed later: no connection, a timeout, too many parts, no memory,
// a table not yet migrated. What cannot be told apart counts as transient, since a retry loses nothing.
func IsTransient(err error) bool {
	if err == nil {
		return false
	}
	var (
		exception *clickhouse.Exception
		convert   *column.ColumnConverterError
		typed     *column.Error
		block     *proto.BlockError
	)
	switch {
	case errors.As(err, &exception):
		return !permanent[exception.Code]
	case errors.Is(err, ErrColumns), errors.Is(err, ErrMigration), errors.As(err, &convert), errors.As(err, &typed), errors.As(err, &block):
		return false
	}
	return true
}

// Code returns the number of a ClickHouse exception, or 0.
func Code(err error) int {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		return int(exception.Code)
	}
	return 0
}
