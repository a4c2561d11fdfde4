package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A request is sent when its gate opens, whole, and never if that is shut.
func TestGate(t *testing.T) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(version, func(t *testing.T) {
			said := make(chan string, 10)
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err == nil {
					said <- r.Proto + " " + string(body)
				}
			}))
			srv.EnableHTTP2 = version == "HTTP/2.0"
			srv.StartTLS()
			t.Cleanup(srv.Close)
			client := srv.Client()
			calls := &calls{}
			client.Transport = gated{observed{"/", client.Transport, calls}}

			send := func(g *gate, body string) <-chan error {
				ctx := context.WithValue(t.Context(), gateKey{}, g)
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+"/chat.postMessage", strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() {
					resp, err := client.Do(r)
					if err == nil {
						err = resp.Body.Close()
					}
					ended <- err
				}()
				return ended
			}
			open := func(body string) {
				t.Helper()
				g := &gate{known: make(chan struct{})}
				ended := send(g, body)
				select {
				case err := <-ended:
					t.Fatalf("sent before the gate was open: %v", err)
				case got := <-said:
					t.Fatalf("said %q before the gate was open", got)
				default:
				}
				g.open = true
				close(g.known)
				if err := <-ended; err != nil {
					t.Fatal(err)
				}
				if got, want := <-said, version+" "+body; got != want {
					t.Errorf("said %q, want %q", got, want)
				}
			}
			open("first")
			g := &gate{known: make(chan struct{})}
			ended := send(g, "never")
			close(g.known)
			if err := <-ended; !errors.Is(err, errShut) {
				t.Errorf("a request whose gate is shut ends with %v", err)
			}
			open("second")
			if len(said) > 0 {
				t.Errorf("said %q besides", <-said)
			}
			if calls.n != 2 {
				t.Errorf("%d calls are counted, want 2", calls.n)
			}
		})
	}
}

// calls counts what an observer is told.
type calls struct {
	nobodyLooks
	n int
}

func (c *calls) Called(string, string) { c.n++ }
