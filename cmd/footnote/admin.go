package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// deaf is how long no byte may have come from Slack until the program is held
// to be dead: a connection is pinged every few seconds, and made again after
// 30 seconds of silence.
const deaf = 5 * time.Minute

// admin serves what an operator looks at. Nothing of it can change anything.
type admin struct {
	metrics *metrics
	vitals  vitals
	began   time.Time
	pprof   bool
}

// handler serves /metrics, /healthz and /readyz, and pprof if that is asked
// for. On a loopback address it answers to the names of that alone, so that no
// web page reads along under a name of its own.
func (a admin) handler(loopback bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { told(w, a.alive(time.Now())) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { told(w, a.ready(r.Context())) })
	if a.pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	if loopback {
		return local(mux)
	}
	return mux
}

// told answers 200, or 503 with what is wrong.
func told(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, err)
		return
	}
	fmt.Fprintln(w, "ok")
}

// alive fails if nothing has come from Slack for too long.
func (a admin) alive(now time.Time) error {
	last := a.vitals.bot.Heard()
	if last.Before(a.began) {
		last = a.began
	}
	if silent := now.Sub(last); silent > deaf {
		return fmt.Errorf("no byte from Slack for %s", silent.Round(time.Second))
	}
	return nil
}

// ready fails if a question would not be answered now.
func (a admin) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ledgerPatience)
	defer cancel()
	var errs []error
	if a.vitals.index() == nil {
		errs = append(errs, errors.New("no facts are loaded"))
	}
	if _, _, err := a.vitals.ledger.Backlog(ctx); err != nil {
		errs = append(errs, err)
	}
	if a.vitals.bot.Connected() == 0 {
		errs = append(errs, errors.New("no connection to Slack"))
	}
	return errors.Join(errs...)
}

// local refuses requests under a name that is not the loopback's.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			http.Error(w, "this address is for this machine alone", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLoopback reports whether a host, with or without a port, is this machine's
// own.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// serveAdmin serves a on the address until the returned function is called. If
// the address is only the one that is taken when nobody set any, it is done
// without.
func serveAdmin(ctx context.Context, c config, a admin, log *slog.Logger) (stop func(), err error) {
	if c.AdminAddress == adminOff {
		return func() {}, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.AdminAddress)
	switch {
	case err != nil && !c.AdminSet:
		log.Warn("no metrics: another program has their address; set FOOTNOTE_ADMIN_ADDRESS", "address", c.AdminAddress)
		return func() {}, nil
	case err != nil:
		return nil, fmt.Errorf("FOOTNOTE_ADMIN_ADDRESS: %w", err)
	}
	server := &http.Server{Handler: a.handler(isLoopback(l.Addr().String())), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are served no longer", "error", err)
		}
	}()
	log.Info("metrics", "address", "http://"+l.Addr().String()+"/metrics")
	return func() {
		server.Close()
		<-ended
	}, nil
}
