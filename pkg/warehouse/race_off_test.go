//go:build !race

package warehouse_test

const slower = 1
