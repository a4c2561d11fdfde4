package bot

import (
	"net/http"
	"testing"
	"time"
)

func TestConnectionsAreOpenedFartherAndFartherApart(t *testing.T) {
	p := &paced{pace: pace{minGap, maxGap, calm}}
	now := time.Unix(0, 0)
	if d := p.turn(now); d != 0 {
		t.Errorf("the first call waits %v", d)
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		d := p.turn(now)
		if d < want*time.Second || d > want*time.Second*5/4 {
			t.Errorf("a call at once waits %v, want %d s and up to a quarter more", d, want)
		}
		now = now.Add(d)
	}
	now = now.Add(maxGap + calm + time.Second)
	if d := p.turn(now); d != 0 {
		t.Errorf("after a connection that held the call waits %v", d)
	}
	if d := p.turn(now); d < 2*time.Second || d > 3*time.Second {
		t.Errorf("the one right after waits %v, want about 2 s", d)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestBearer(t *testing.T) {
	var got string
	b := bearer{"xoxb-1", transport(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Authorization")
		return nil, http.ErrServerClosed
	})}
	r, err := http.NewRequest(http.MethodPost, "http://slack.example/api/auth.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	b.RoundTrip(r)
	if got != "Bearer xoxb-1" || r.Header.Get("Authorization") != "" {
		t.Errorf("sent %q and left %q in the caller's request", got, r.Header.Get("Authorization"))
	}
	r.Header.Set("Authorization", "Bearer xapp-1")
	b.RoundTrip(r)
	if got != "Bearer xapp-1" {
		t.Errorf("sent %q in place of the other token", got)
	}
}
