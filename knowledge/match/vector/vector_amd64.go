package vector

// dot is the dot product.
//
//go:noescape
func dot(v, w *Vector) float32

// addScaled adds a row's components, each an int8, times a scale.
//
//go:noescape
func addScaled(sum *Vector, row *[Dims]byte, scale float32)
