package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// Observer is told what happens, for whoever counts it. Its methods are called
// by several goroutines at once and must not wait.
type Observer interface {
	// Answered is told of each event that was answered.
	Answered(kind handlers.Kind, verdict match.Verdict)

	// Replied is told how long after an event's frame its reply was in Slack: the
	// command's ack or the first message. Of a reply that another process, or an
	// earlier one, wrote down it is how long after that.
	Replied(after time.Duration)

	// Called is told of each call of a method of Slack's and how it failed: by
	// Slack's name for it, as http_500, or as unreachable or timeout; "" if it did
	// not. What goes to a response URL is the method response_url.
	Called(method, failure string)
}

type nobodyLooks struct{}

func (nobodyLooks) Answered(handlers.Kind, match.Verdict) {}
func (nobodyLooks) Replied(time.Duration)                 {}
func (nobodyLooks) Called(string, string)                 {}

// observed tells of the calls that pass.
type observed struct {
	api  string // the path under which the methods are
	next http.RoundTripper
	tell Observer
}

func (o observed) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := o.next.RoundTrip(r)
	o.tell.Called(o.method(r), failure(resp, err))
	return resp, err
}

// methodsPath is the path of the address under which the methods are.
func methodsPath(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/" // no request will be made
	}
	return u.Path
}

// method is what a request calls. Nothing of a response URL is told.
func (o observed) method(r *http.Request) string {
	if !strings.HasPrefix(r.URL.Path, o.api) {
		return "response_url"
	}
	return path.Base(r.URL.Path)
}

// maxRefusal is more than any answer has that is no success, in bytes.
const maxRefusal = 16 << 10

// failure is what a call failed with. It leaves the answer to be read.
func failure(resp *http.Response, err error) string {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return "timeout"
	}
	if err != nil {
		return "unreachable"
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return "http_" + strconv.Itoa(resp.StatusCode)
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), after{resp.Body, err}), resp.Body}
	var answer struct {
		OK    *bool
		Error string
	}
	if err != nil || json.Unmarshal(head, &answer) != nil || answer.OK == nil || *answer.OK {
		return "" // long, or no answer of a method
	}
	return answer.Error
}

// after reads on after a part that ended with err.
type after struct {
	io.Reader
	err error
}

func (a after) Read(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	return a.Reader.Read(p)
}

// Connected is how many sockets are alive: bytes came within 30 seconds. It may
// be called at any time.
func (b *Bot) Connected() int {
	n := 0
	for _, s := range b.sockets() {
		if time.Since(s.lastHeard()) < b.quiet {
			n++
		}
	}
	return n
}

// Heard is when bytes came last on any socket; the zero time if never. It may be
// called at any time.
func (b *Bot) Heard() time.Time {
	var last time.Time
	for _, s := range b.sockets() {
		if t := s.lastHeard(); t.After(last) {
			last = t
		}
	}
	return last
}

// sockets are those that Run has made.
func (b *Bot) sockets() []*socket {
	if links := b.links.Load(); links != nil {
		return *links
	}
	return nil
}
