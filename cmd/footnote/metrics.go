package main

import (
	"context"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"footnote/bot"
	"footnote/handlers"
	"footnote/knowledge/match"
)

// metrics counts what a bot does. docs/operating.md lists what it counts.
type metrics struct {
	registry  *prometheus.Registry
	questions *prometheus.CounterVec
	replies   prometheus.Histogram
	calls     *prometheus.CounterVec
	errors    *prometheus.CounterVec
}

var _ bot.Observer = (*metrics)(nil)

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_questions_total", Help: "What people asked or pressed and was answered, by surface and verdict.",
		}, []string{"surface", "verdict"}),
		replies: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "footnote_reply_duration_seconds", Help: "From the frame that brings a question to the reply in Slack.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_slack_calls_total", Help: "Calls of Slack's methods.",
		}, []string{"method"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_slack_errors_total", Help: "Calls of Slack's methods that failed, by Slack's name for why.",
		}, []string{"method", "error"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "footnote_build_info", Help: "1, with the version of this program.",
		ConstLabels: prometheus.Labels{"version": version(), "goversion": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.questions, m.replies, m.calls, m.errors, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Answered implements [bot.Observer].
func (m *metrics) Answered(kind handlers.Kind, verdict match.Verdict) {
	m.questions.WithLabelValues(string(kind), verdict.String()).Inc()
}

// Replied implements [bot.Observer].
func (m *metrics) Replied(after time.Duration) { m.replies.Observe(after.Seconds()) }

// Called implements [bot.Observer].
func (m *metrics) Called(method, failure string) {
	m.calls.WithLabelValues(method).Inc()
	if failure != "" {
		m.errors.WithLabelValues(method, failure).Inc()
	}
}

// watch has the metrics show the state of a bot whenever they are read.
func (m *metrics) watch(v vitals) { m.registry.MustRegister(v) }

// vitals is the state of a running bot.
type vitals struct {
	bot     *bot.Bot
	ledger  ledger
	index   func() *match.Index
	reloads func() (loaded, refused int64) // of changed fact bases
	sockets int                            // that there should be
}

// ledger is what vitals ask of a ledger.
type ledger interface {
	Backlog(ctx context.Context) (open int, oldest time.Duration, err error)
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	ledgerUp         = describe("footnote_ledger_up", "1 if the ledger can be read, else 0.")
	ledgerOpen       = describe("footnote_ledger_open_actions", "Replies that are owed.")
	ledgerOldest     = describe("footnote_ledger_oldest_open_seconds", "For how long the oldest reply has been owed; 0 if none is.")
	socketsConnected = describe("footnote_sockets_connected", "Connections to Slack on which bytes came within 30 seconds.")
	socketsWanted    = describe("footnote_sockets_wanted", "Connections to Slack that there should be.")
	factsLoaded      = describe("footnote_facts", "Facts that can be answered with.")
	factsInfo        = describe("footnote_facts_info", "1, with the revision of the facts.", "revision")
	factsReloads     = describe("footnote_facts_reloads_total", "Fact bases that were replaced because their files had changed.")
	factsRefused     = describe("footnote_facts_reloads_refused_total", "Changed fact bases that did not check and were refused.")
)

// troubles are the counters of [bot.Stats].
var troubles = []struct {
	desc  *prometheus.Desc
	value func(bot.Stats) int64
}{
	{describe("footnote_frames_missed_total", "Frames that found no room and were left to Slack to send again."), func(s bot.Stats) int64 { return s.Missed }},
	{describe("footnote_frames_malformed_total", "Frames that are not what Slack documents."), func(s bot.Stats) int64 { return s.Malformed }},
	{describe("footnote_unrecorded_total", "Commands and presses that were answered without the ledger."), func(s bot.Stats) int64 { return s.Unrecorded }},
	{describe("footnote_acks_lost_total", "Acks that could not be written to their connection."), func(s bot.Stats) int64 { return s.AcksLost }},
	{describe("footnote_acks_late_total", "Acks more than three seconds after their frame."), func(s bot.Stats) int64 { return s.AcksLate }},
	{describe("footnote_actions_set_aside_total", "Replies that were given up."), func(s bot.Stats) int64 { return s.Aside }},
	{describe("footnote_panics_total", "Faults of the program that were survived."), func(s bot.Stats) int64 { return s.Panics }},
}

// Describe implements [prometheus.Collector].
func (v vitals) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{ledgerUp, ledgerOpen, ledgerOldest, socketsConnected, socketsWanted, factsLoaded, factsInfo, factsReloads, factsRefused} {
		ch <- d
	}
	for _, t := range troubles {
		ch <- t.desc
	}
}

// ledgerPatience is how long a reading waits for the ledger.
const ledgerPatience = 2 * time.Second

// Collect implements [prometheus.Collector].
func (v vitals) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), ledgerPatience)
	defer cancel()
	if open, oldest, err := v.ledger.Backlog(ctx); err == nil {
		gauge(ledgerUp, 1)
		gauge(ledgerOpen, float64(open))
		gauge(ledgerOldest, oldest.Seconds())
	} else {
		gauge(ledgerUp, 0)
	}
	gauge(socketsConnected, float64(v.bot.Connected()))
	gauge(socketsWanted, float64(v.sockets))
	base := v.index().Base()
	gauge(factsLoaded, float64(len(base.Facts)))
	gauge(factsInfo, 1, base.Hash)
	counter := func(d *prometheus.Desc, value int64) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value))
	}
	loaded, refused := v.reloads()
	counter(factsReloads, loaded)
	counter(factsRefused, refused)
	stats := v.bot.Stats()
	for _, t := range troubles {
		counter(t.desc, t.value(stats))
	}
}
