package main

import (
	"fmt"
	"io"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPrincipal(t *testing.T) {
	// The longest direction is (3, 4)/5, then (4, -3)/5, then the third axis.
	vectors := [][]float32{{30, 40, 0}, {-30, -40, 0}, {8, -6, 0}, {0, 0, 1}}
	for i, want := range [][]float32{{0.6, 0.8, 0}, {0.8, -0.6, 0}, {0, 0, 1}} {
		got := principal(vectors, 3, 20)[i]
		if cosine := dot(got, want); math.Abs(math.Abs(float64(cosine))-1) > 1e-5 {
			t.Errorf("direction %d = %v, want %v or its opposite", i, got, want)
		}
	}
}

// What towards and contrast return must be the slopes of what they promise to
// improve, measured by small steps.
func TestSlopes(t *testing.T) {
	const step = 1e-3
	sum, target := []float32{0.6, 0.8, 0}, []float32{0, 0.6, 0.8}
	gradient := make([]float32, 3)
	towards(gradient, sum, target)
	for i := range sum {
		cosine := func(by float32) float64 {
			v := slices.Clone(sum)
			v[i] += by
			return float64(dot(unit(v), target))
		}
		if got, want := float64(gradient[i]), (cosine(step)-cosine(-step))/(2*step); math.Abs(got-want) > 1e-3 {
			t.Errorf("towards: slope %d = %f, measured %f", i, got, want)
		}
	}

	units := [][]float32{{1, 0, 0}, {0.6, 0.8, 0}, {0, 0.6, 0.8}, {0, 0, 1}}
	gradients, _ := contrast(units, 0.5)
	for i := range units {
		for j := range units[i] {
			loss := func(by float32) float64 {
				at := units[i][j]
				defer func() { units[i][j] = at }()
				units[i][j] += by
				_, loss := contrast(units, 0.5)
				return loss
			}
			if got, want := float64(gradients[i][j]), (loss(-step)-loss(step))/(2*step); math.Abs(got-want) > 1e-3 {
				t.Errorf("contrast: slope %d of vector %d = %f, measured %f", j, i, got, want)
			}
		}
	}
}

func TestMistypeChangesOneByte(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 200 {
		if got := mistype("password", rng); len(got) < 7 || len(got) > 9 {
			t.Fatalf("mistype = %q", got)
		}
		if got := mistype("the", rng); got != "the" {
			t.Fatalf("mistype(the) = %q", got)
		}
	}
}

func TestByIntent(t *testing.T) {
	got := byIntent([]string{"play\tplay a song", "alarm\twake me", "play\tmusic please", "alarm\tset an alarm", "alone\thello"})
	want := [][]string{{"wake me", "set an alarm"}, {"play a song", "music please"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("byIntent = %q, want %q", got, want)
	}
}

func TestBatches(t *testing.T) {
	source := lessonPairs()
	rng := rand.New(rand.NewSource(1))
	for range 50 {
		for _, p := range source.batch(rng) {
			if p[0] == p[1] || strings.Contains(p[0]+p[1], "{x}") {
				t.Errorf("batch holds the pair %q", p)
			}
		}
	}
}

// A tiny lesson, distilled and tuned a little by one thread, brings pairs
// together and gives the same table each time.
func TestLearning(t *testing.T) {
	dir := t.TempDir()
	writeLesson(t, dir)
	var made [2][]byte
	for i := range made {
		if err := run([]string{"distil", "-threads", "1", dir}, io.Discard); err != nil {
			t.Fatal(err)
		}
		in, err := readLesson(dir)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := readRows(filepath.Join(dir, "distilled.f32"), wide)
		if err != nil {
			t.Fatal(err)
		}
		// The whole number of steps would take a minute.
		learned := newLearner(newTable(in.words, rows), 1e-2)
		u := tuner{old: learned.clone(), new: learned, rng: rand.New(rand.NewSource(1))}
		first := u.meet(lessonPairs().ofIntents(u.rng), tuneRate)
		var last float64
		for range 30 {
			last = u.meet(lessonPairs().ofIntents(u.rng), tuneRate)
		}
		if last >= first {
			t.Errorf("the loss went from %f to %f, want less", first, last)
		}
		made[i] = pack(learned.table)
		if _, err := unpack(made[i]); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(made[0], made[1]) {
		t.Error("two runs of one thread gave two tables")
	}
}

func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	writeLesson(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "corpus.txt"), []byte("one line\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, want string }{
		{"", "usage"},
		{"distil", "usage"},
		{"pack " + dir, "usage"},
		{"distil -threads 0 " + dir, "at least one"},
		{"distil " + dir, "1 lines and corpus.f32 200 vectors"},
		{"check " + filepath.Join(dir, "words.txt"), "not a word table"},
		{"tune " + dir + " x.bin", "distilled.f32"},
	} {
		if err := run(strings.Fields(tt.args), io.Discard); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("run(%q) = %v, want an error that says %q", tt.args, err, tt.want)
		}
	}
}

func lessonPairs() *pairs {
	return &pairs{
		intents: [][]string{{"open the office", "when open"}, {"play music", "music please"}, {"pay slip", "my pay"}},
		templates: templates{
			Relations:   [][]string{{"what is {x}", "define {x}"}, {"who is {x}", "{x} person"}, {"when {x}", "{x} date"}, {"where {x}", "{x} place"}, {"why {x}", "reason of {x}"}},
			Things:      []string{"the office", "music"},
			Phrases:     1,
			Definitions: []definition{{[]string{"pay", "wage"}, "money for work"}},
		},
	}
}

// writeLesson writes 200 sentences of ten words, with random vectors for the
// teacher's.
func writeLesson(t *testing.T, dir string) {
	t.Helper()
	words := strings.Fields("the office open when play music please pay slip my")
	rng := rand.New(rand.NewSource(1))
	vectors := func(n int) []byte {
		rows := make([][]float32, n)
		for i := range rows {
			for range teacherDims {
				rows[i] = append(rows[i], float32(rng.NormFloat64()))
			}
		}
		return floats(rows)
	}
	var texts []string
	for range 200 {
		texts = append(texts, words[rng.Intn(10)]+" "+words[rng.Intn(10)]+" "+words[rng.Intn(10)])
	}
	for name, data := range map[string][]byte{
		"words.txt":  []byte(strings.Join(words, "\n") + "\n"),
		"words.f32":  vectors(len(words)),
		"corpus.txt": []byte(strings.Join(texts, "\n") + "\n"),
		"corpus.f32": vectors(len(texts)),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
