package vector

import "golang.org/x/sys/cpu"

// dot is the dot product.
func dot(v, w *Vector) float32 {
	if cpu.X86.HasAVX2 {
		return dotAVX2(v, w)
	}
	return dotSSE2(v, w)
}

// addScaled adds a row's components, each an int8, times a scale.
func addScaled(sum *Vector, row *[Dims]byte, scale float32) {
	if cpu.X86.HasAVX2 {
		addScaledAVX2(sum, row, scale)
	} else {
		addScaledSSE2(sum, row, scale)
	}
}

//go:noescape
func dotSSE2(v, w *Vector) float32

//go:noescape
func dotAVX2(v, w *Vector) float32

//go:noescape
func addScaledSSE2(sum *Vector, row *[Dims]byte, scale float32)

//go:noescape
func addScaledAVX2(sum *Vector, row *[Dims]byte, scale float32)
