package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"footnote/knowledge/eval"
)

// split is a published few-shot setting: the questions that the facts are made
// of, and those that are asked.
type split struct {
	name        string
	train, test []eval.Labelled
}

// readSplits reads CLINC150 and BANKING77 with 5 and 10 questions a label.
func readSplits(folder string) ([]split, error) {
	if folder == "" {
		return nil, errors.New("name the folder with the data: -data FOLDER; README.md says what is in it")
	}
	clinc, err := readClinc(folder)
	if err != nil {
		return nil, err
	}
	banking, err := readBanking(folder)
	if err != nil {
		return nil, err
	}
	var out []split
	for _, s := range []struct {
		name, list  string
		train, test []eval.Labelled
	}{
		{"CLINC150 5-shot", "clinc_5shot.json", clinc["train"], clinc["test"]},
		{"CLINC150 10-shot", "clinc_10shot.json", clinc["train"], clinc["test"]},
		{"BANKING77 5-shot", "banking77_5shot.json", banking["train"], banking["test"]},
		{"BANKING77 10-shot", "banking77_10shot.json", banking["train"], banking["test"]},
	} {
		few, err := pick(filepath.Join(folder, s.list), s.train)
		if err != nil {
			return nil, err
		}
		out = append(out, split{s.name, few, s.test})
	}
	return out, nil
}

// readCorpus returns the training questions of both sets, and CLINC150's test
// questions that are out of scope, which have no label.
func readCorpus(folder string) (corpus, strays []eval.Labelled, err error) {
	clinc, err := readClinc(folder)
	if err != nil {
		return nil, nil, err
	}
	banking, err := readBanking(folder)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range clinc["oos_test"] {
		strays = append(strays, eval.Labelled{Text: q.Text})
	}
	return append(clinc["train"], banking["train"]...), strays, nil
}

// readClinc reads CLINC150's one file: parts of pairs of a text and its label.
func readClinc(folder string) (map[string][]eval.Labelled, error) {
	name := filepath.Join(folder, "clinc", "data_full.json")
	var parts map[string][][2]string
	if err := readJSON(name, &parts); err != nil {
		return nil, err
	}
	out := map[string][]eval.Labelled{}
	for part, pairs := range parts {
		for _, p := range pairs {
			out[part] = append(out[part], eval.Labelled{Text: p[0], Label: &p[1]})
		}
	}
	return out, nil
}

// readBanking reads BANKING77's two files of texts and categories.
func readBanking(folder string) (map[string][]eval.Labelled, error) {
	out := map[string][]eval.Labelled{}
	for _, part := range []string{"train", "test"} {
		name := filepath.Join(folder, "banking77", part+".csv")
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		records, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for _, r := range records[min(1, len(records)):] {
			if len(r) != 2 {
				return nil, fmt.Errorf("read %s: %d columns, want text and category", name, len(r))
			}
			out[part] = append(out[part], eval.Labelled{Text: r[0], Label: &r[1]})
		}
	}
	return out, nil
}

// pick returns the questions that a file's list of indices names.
func pick(name string, all []eval.Labelled) ([]eval.Labelled, error) {
	var list struct{ Indices []int }
	if err := readJSON(name, &list); err != nil {
		return nil, err
	}
	var out []eval.Labelled
	for _, i := range list.Indices {
		if i < 0 || i >= len(all) {
			return nil, fmt.Errorf("read %s: index %d of %d questions", name, i, len(all))
		}
		out = append(out, all[i])
	}
	return out, nil
}

func readJSON(name string, into any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
