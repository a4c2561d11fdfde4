package main

import (
	"database/sql"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bleveapi "github.com/blevesearch/bleve_index_api"
	"github.com/sahilm/fuzzy"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// index finds the fact that fits a question best.
type index interface {
	best(question string) (id string, err error) // "" if none fits at all
	answer(question string) error                // what is timed: best, or whatever more a user gets
	apart() (int64, error)                       // bytes held outside Go's heap
	close() error
}

// contender makes indexes. Only Footnote's can be trained.
type contender struct {
	name               string
	trained, untrained func([]knowledge.Fact) (index, error)
}

func contenders() []contender {
	same := func(name string, open func([]knowledge.Fact) (index, error)) contender {
		return contender{name, open, open}
	}
	return []contender{
		{"Footnote", trainFootnote, openFootnote},
		same("Bleve, English, BM25", func(facts []knowledge.Fact) (index, error) { return openBleve(facts, bleveapi.BM25Scoring) }),
		same("Bleve, English, tf-idf", func(facts []knowledge.Fact) (index, error) { return openBleve(facts, bleveapi.TFIDFScoring) }),
		same("SQLite FTS5, porter", openFTS5),
		same("sahilm/fuzzy", openFuzzy),
	}
}

// pooled is all of a fact's questions as one text.
func pooled(f knowledge.Fact) string { return strings.Join(f.Questions, "\n") }

// onHeap is the part of an index that lives in Go's heap alone.
type onHeap struct{}

func (onHeap) apart() (int64, error) { return 0, nil }
func (onHeap) close() error          { return nil }

type footnote struct {
	onHeap
	x *match.Index
}

func openFootnote(facts []knowledge.Fact) (index, error) {
	x, err := match.NewIndex(knowledge.Unproven(facts))
	return footnote{x: x}, err
}

func trainFootnote(facts []knowledge.Fact) (index, error) {
	base := knowledge.Unproven(facts)
	model, err := match.Train(base)
	if err != nil {
		return nil, err
	}
	x, err := match.NewIndex(base, match.WithModel(model))
	return footnote{x: x}, err
}

func (f footnote) best(question string) (string, error) {
	ranked := f.x.Rank(match.Question{Text: question}, 1)
	if len(ranked) == 0 {
		return "", nil
	}
	return ranked[0].Fact.ID, nil
}

func (f footnote) answer(question string) error {
	f.x.Answer(match.Question{Text: question})
	return nil
}

type bleveIndex struct {
	onHeap
	x bleve.Index
}

// openBleve makes an index in memory, of one batch and so of one segment. Only
// the text is indexed, without what highlighting and sorting by it would need.
func openBleve(facts []knowledge.Fact, scoring string) (index, error) {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = en.AnalyzerName
	text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false, false
	fact := bleve.NewDocumentStaticMapping()
	fact.AddFieldMappingsAt("text", text)
	mapping := bleve.NewIndexMapping()
	mapping.DefaultMapping = fact
	mapping.DefaultAnalyzer = en.AnalyzerName
	mapping.ScoringModel = scoring
	x, err := bleve.NewUsing("", mapping, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	batch := x.NewBatch()
	for _, f := range facts {
		if err := batch.Index(f.ID, map[string]any{"text": pooled(f)}); err != nil {
			return nil, err
		}
	}
	return bleveIndex{x: x}, x.Batch(batch)
}

func (b bleveIndex) best(question string) (string, error) {
	query := bleve.NewMatchQuery(question)
	query.SetField("text")
	found, err := b.x.Search(bleve.NewSearchRequestOptions(query, 1, 0, false))
	if err != nil || len(found.Hits) == 0 {
		return "", err
	}
	return found.Hits[0].ID, nil
}

func (b bleveIndex) answer(question string) error {
	_, err := b.best(question)
	return err
}

func (b bleveIndex) close() error { return b.x.Close() }

type fts5 struct {
	db   *sql.DB
	find *sql.Stmt
}

func openFTS5(facts []knowledge.Fact) (index, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	x := &fts5{db: db}
	if err := x.fill(facts); err != nil {
		db.Close()
		return nil, err
	}
	x.find, err = db.Prepare(`SELECT id FROM facts WHERE facts MATCH ? ORDER BY bm25(facts) LIMIT 1`)
	return x, err
}

func (x *fts5) fill(facts []knowledge.Fact) error {
	if _, err := x.db.Exec(`CREATE VIRTUAL TABLE facts USING fts5(id UNINDEXED, text, tokenize = 'porter unicode61')`); err != nil {
		return err
	}
	tx, err := x.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	insert, err := tx.Prepare(`INSERT INTO facts(id, text) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	for _, f := range facts {
		if _, err := insert.Exec(f.ID, pooled(f)); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = x.db.Exec(`INSERT INTO facts(facts) VALUES ('optimize')`)
	return err
}

func (x *fts5) best(question string) (string, error) {
	words := strings.FieldsFunc(question, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if len(words) == 0 {
		return "", nil
	}
	var id string
	err := x.find.QueryRow(`"` + strings.Join(words, `" OR "`) + `"`).Scan(&id)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return id, err
}

func (x *fts5) answer(question string) error {
	_, err := x.best(question)
	return err
}

// apart is the size of the database, which SQLite keeps in memory of its own.
func (x *fts5) apart() (int64, error) {
	var pages, size int64
	if err := x.db.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		return 0, err
	}
	err := x.db.QueryRow(`PRAGMA page_size`).Scan(&size)
	return pages * size, err
}

func (x *fts5) close() error { return x.db.Close() }

// fuzzyIndex is all questions, and the fact of each.
type fuzzyIndex struct {
	onHeap
	questions, ids []string
}

func openFuzzy(facts []knowledge.Fact) (index, error) {
	var x fuzzyIndex
	for _, f := range facts {
		for _, q := range f.Questions {
			x.questions, x.ids = append(x.questions, q), append(x.ids, f.ID)
		}
	}
	return x, nil
}

func (x fuzzyIndex) best(question string) (string, error) {
	found := fuzzy.Find(question, x.questions)
	if len(found) == 0 {
		return "", nil
	}
	return x.ids[found[0].Index], nil
}

func (x fuzzyIndex) answer(question string) error {
	_, err := x.best(question)
	return err
}
