//go:build !race

package embedded_test

const slower = 1
