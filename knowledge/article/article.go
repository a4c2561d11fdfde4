// Package article reads an article, as plain text, Markdown or HTML, into the
// plain text that a fact base stores and quotes: an [Article].
//
// [Read] promises text of valid UTF-8, one paragraph a line, and an error for
// what is no article: binary data, markup without text, more than [MaxSize].
// It fetches nothing and runs nothing that a page brings along.
package article

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxSize is the largest article that is read, in bytes: a long novel.
const MaxSize = 1 << 20

// Article is a text with what is known of where it comes from. Fields that the
// text does not say are empty.
type Article struct {
	Title     string
	URL       string
	Publisher string
	Published time.Time
	Text      string // paragraphs, one a line or with a blank line between them
}

// Read reads an article whose form follows from its name (.md, .markdown,
// .html, .htm, .xhtml) or, without such a name, from its first bytes.
func Read(r io.Reader, name string) (Article, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return Article{}, err
	}
	if len(data) > MaxSize {
		return Article{}, fmt.Errorf("larger than %d MB; cut it into articles", MaxSize>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := isText(data); err != nil {
		return Article{}, err
	}
	var a Article
	switch ext := strings.ToLower(path.Ext(name)); {
	case ext == ".html" || ext == ".htm" || ext == ".xhtml" || ext == "" && looksLikeHTML(data):
		a, err = fromHTML(data)
	case ext == ".md" || ext == ".markdown":
		a = fromMarkdown(data)
	default:
		a = Article{Text: strings.ReplaceAll(string(data), "\r\n", "\n")}
	}
	if err != nil {
		return Article{}, err
	}
	if !strings.ContainsFunc(a.Text, unicode.IsLetter) {
		return Article{}, errors.New("no text in it")
	}
	return a, nil
}

// isText returns an error for what is not UTF-8 or holds control characters,
// and says where.
func isText(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("not UTF-8 text; save it as UTF-8, or as text if it is a document")
	}
	for i, c := range data {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			return fmt.Errorf("not text: control character %#02x at byte %d", c, i)
		}
	}
	return nil
}

func looksLikeHTML(data []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 512)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<article"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return true
		}
	}
	return false
}
