//go:build !amd64

package vector

func dot(v, w *Vector) float32 { return dotPlainly(v, w) }

func addScaled(sum *Vector, row *[Dims]byte, scale float32) { addScaledPlainly(sum, row, scale) }
