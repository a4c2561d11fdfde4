package vector

import (
	"math"
	"strings"
	"testing"
)

func table(t testing.TB) *Table {
	t.Helper()
	table, err := English()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// The golden values that came with the table.
func TestGoldenRows(t *testing.T) {
	table := table(t)
	for _, tt := range []struct {
		word string
		want [4]float32
	}{
		{"the", [4]float32{-0.029496, -0.012542, -0.000232, -0.014400}},
		{"severance", [4]float32{-0.088760, -0.230052, -0.043474, 0.041663}},
		{"how", [4]float32{-0.011878, -0.048212, 0.034238, -0.007686}},
		{"openai", [4]float32{0.156497, 0.167018, -0.017096, -0.038138}},
		{"zzyzx", [4]float32{0.007441, 0.009293, -0.028008, -0.035701}}, // the mean of its n-grams
	} {
		var v Vector
		table.Add(&v, tt.word)
		for i, want := range tt.want {
			if math.Abs(float64(v[i]-want)) > 1e-5 {
				t.Errorf("%s[%d] = %f, want %f", tt.word, i, v[i], want)
			}
		}
	}
}

func TestGoldenCosines(t *testing.T) {
	table := table(t)
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"how long do people have to find another job", "what is the deadline for internal applications", 0.263952},
		{"who runs the company", "who is the ceo", 0.592380},
		{"how much money will be invested", "what is the size of the investment", 0.711439},
		{"when does the office open", "what colour is the carpet", 0.112879},
		{"where's teh wifi pasword", "where is the wifi password", 0.491948},
	} {
		a, b := sentence(table, tt.a), sentence(table, tt.b)
		if got := float64(a.Dot(&b)); math.Abs(got-tt.want) > 1e-5 {
			t.Errorf("cosine(%q, %q) = %f, want %f", tt.a, tt.b, got, tt.want)
		}
	}
}

func sentence(t *Table, s string) Vector {
	var v Vector
	for _, w := range strings.Fields(s) {
		t.Add(&v, w)
	}
	v.Unit()
	return v
}

func TestDamagedTables(t *testing.T) {
	for _, data := range [][]byte{nil, []byte("SEVT"), english[:len(english)-1], append([]byte("XXXX"), english[4:]...)} {
		if _, err := newTable(data); err == nil {
			t.Errorf("a table of %d bytes was read", len(data))
		}
	}
}

func BenchmarkEnglish(b *testing.B) {
	for b.Loop() {
		table(b)
	}
}

func BenchmarkAdd(b *testing.B) {
	table := table(b)
	var v Vector
	for b.Loop() {
		table.Add(&v, "severance")
	}
}

func BenchmarkDot(b *testing.B) {
	var v, w Vector
	sum := float32(0)
	for b.Loop() {
		sum += v.Dot(&w)
	}
	_ = sum
}

// What is done several components at once comes out as one by one.
func TestAtOnce(t *testing.T) {
	var v, w, one, all Vector
	var row [Dims]byte
	for i := range Dims {
		v[i], w[i] = float32(math.Sin(float64(i))), float32(math.Cos(float64(3*i)))
		row[i] = byte(37 * i)
	}
	addScaledPlainly(&one, &row, 0.3)
	addScaled(&all, &row, 0.3)
	if one != all {
		t.Errorf("a row adds up to %v, want %v", all, one)
	}
	if got, want := dot(&v, &w), dotPlainly(&v, &w); math.Abs(float64(got-want)) > 1e-5 {
		t.Errorf("dot product %v, want %v", got, want)
	}
}
