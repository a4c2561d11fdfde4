// Command mktable makes the word table that the package vector embeds, in the
// steps that ../../README.md puts in their order: distil gives words and parts of
// words the vectors whose sums come nearest to a teacher's sentence vectors,
// tune moves questions that ask the same together, and check reads the table
// back. It fetches nothing and uses the standard library alone.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const usage = `usage:
  mktable distil [-threads N] DIR        DIR/distilled.f32 from DIR/corpus.txt, corpus.f32, words.txt and words.f32
  mktable tune   [-threads N] DIR TABLE  TABLE from those texts, DIR/distilled.f32, hwu.tsv and templates.json
  mktable check  TABLE                   what TABLE makes of a few words and questions`

// dims is the length of the vectors in the table that ships.
const dims = 128

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mktable:", err)
		os.Exit(1)
	}
}

// run does one step and reports its progress to out.
func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	step, set := args[0], flag.NewFlagSet(args[0], flag.ContinueOnError)
	threads := set.Int("threads", 2, "how many threads learn at once; only with 1 does a rerun give the same table")
	if err := set.Parse(args[1:]); err != nil {
		return err
	}
	if *threads < 1 {
		return fmt.Errorf("-threads %d: at least one has to learn", *threads)
	}
	switch {
	case step == "distil" && set.NArg() == 1:
		return runDistil(set.Arg(0), *threads, out)
	case step == "tune" && set.NArg() == 2:
		return runTune(set.Arg(0), set.Arg(1), *threads, out)
	case step == "check" && set.NArg() == 1:
		return runCheck(set.Arg(0), out)
	}
	return errors.New(usage)
}

func runDistil(dir string, threads int, out io.Writer) error {
	in, err := readLesson(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "distilled.f32"), floats(distil(in, threads, out).rows), 0o644)
}

func runTune(dir, file string, threads int, out io.Writer) error {
	words, err := readLines(filepath.Join(dir, "words.txt"))
	if err != nil {
		return err
	}
	rows, err := readRows(filepath.Join(dir, "distilled.f32"), wide)
	if err != nil {
		return err
	}
	if want := len(words) + buckets; len(rows) != want {
		return fmt.Errorf("distilled.f32 has %d rows, want %d: distil it again from words.txt as it is", len(rows), want)
	}
	texts, err := readLines(filepath.Join(dir, "corpus.txt"))
	if err != nil {
		return err
	}
	source, err := readPairs(dir)
	if err != nil {
		return err
	}
	tuned := tune(newTable(words, rows), texts, source, threads, out)
	return os.WriteFile(file, pack(tuned.reduce(dims, texts[:min(len(texts), 10_000)])), 0o644)
}

func runCheck(file string, out io.Writer) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	t, err := unpack(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return check(t, out)
}
