//go:build race

package match

// spare is what the race detector may allocate besides.
const spare = 1
