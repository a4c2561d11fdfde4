package vector

// What the processor does in several components at once, one by one: for other
// processors, and for tests.

func dotPlainly(v, w *Vector) float32 {
	var a, b, c, d float32 // four sums at once keep the processor busy
	for i := 0; i < Dims; i += 4 {
		a += v[i] * w[i]
		b += v[i+1] * w[i+1]
		c += v[i+2] * w[i+2]
		d += v[i+3] * w[i+3]
	}
	return a + b + c + d
}

func addScaledPlainly(sum *Vector, row *[Dims]byte, scale float32) {
	for i := 0; i < Dims; i += 4 {
		sum[i] += scale * float32(int8(row[i]))
		sum[i+1] += scale * float32(int8(row[i+1]))
		sum[i+2] += scale * float32(int8(row[i+2]))
		sum[i+3] += scale * float32(int8(row[i+3]))
	}
}
