//go:build !race

package match

const spare = 0
