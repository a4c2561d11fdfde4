package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// A soak asks at a steady rate, round robin over the conversations, with nothing
// going wrong, and watches the bot's metrics for what would grow.

// sample is what the metrics said at some time after the start.
type sample struct {
	at                        time.Duration
	memory, goroutines, files float64 // resident bytes, and how many
	replied, open             float64 // questions, and actions that are owed
	slow                      []bucket
}

// bucket is how many replies took at most so many seconds.
type bucket struct{ seconds, count float64 }

const (
	sampleEvery = 10 * time.Second
	slowest     = 0.1  // seconds from frame to reply, the 99th percentile
	leak        = 1.10 // of memory, from the first third to the last
)

// soak does a soak and reports it to out. It is false if something grew, a reply
// is missing, or the replies were slow.
func soak(ctx context.Context, o options, dir string, out io.Writer) (bool, error) {
	p, err := build(ctx, o.binary, dir)
	if err != nil {
		return false, err
	}
	ws, end, err := p.workspace()
	if err != nil {
		return false, err
	}
	defer end()
	p.settings = append(p.settings, "FOOTNOTE_DATABASE_URL="+filepath.Join(dir, "footnote.db"), "FOOTNOTE_ADMIN_ADDRESS=127.0.0.1:0")
	cmd, log, err := p.process(context.WithoutCancel(ctx), "bot.log", "run")
	if err != nil {
		return false, err
	}
	defer log.Close()
	if err := cmd.Start(); err != nil {
		return false, err
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}()
	metrics, err := metricsAddress(ctx, log.Name())
	if err != nil {
		return false, err
	}

	asked, samples, err := askSteadily(ctx, o, ws, metrics)
	if err != nil {
		return false, err
	}
	last := samples[len(samples)-1]
	for deadline := time.Now().Add(time.Minute); last.replied < float64(asked) && time.Now().Before(deadline); {
		if err := sleep(ctx, time.Second); err != nil {
			return false, err
		}
		if last, err = look(ctx, metrics); err != nil {
			return false, err
		}
	}
	return tellSoak(out, o, asked, last, samples), nil
}

var metricsAt = regexp.MustCompile(`http://[0-9.:]+/metrics`)

// metricsAddress waits until the bot's log says where its metrics are.
func metricsAddress(ctx context.Context, log string) (string, error) {
	for range 200 {
		data, err := os.ReadFile(log)
		if err != nil {
			return "", err
		}
		if at := metricsAt.Find(data); at != nil && strings.Contains(string(data), "msg=connected") {
			return string(at), nil
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("the bot did not start: see %s", log)
}

// askSteadily asks until the soak is over and returns how many questions it
// asked, and what it saw meanwhile.
func askSteadily(ctx context.Context, o options, ws *workspace, metrics string) (asked int, samples []sample, err error) {
	tick := time.NewTicker(time.Duration(float64(time.Second) / o.rate))
	defer tick.Stop()
	begun, next := time.Now(), sampleEvery
	for time.Since(begun) < o.soak {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return asked, samples, ctx.Err()
		}
		n := asked % o.conversations
		channel := fmt.Sprintf("C0SOAK%d", n)
		f := facts[asked%len(facts)]
		if _, _, err := ws.say(ctx, fmt.Sprintf("U0SOAK%d", n%o.users), channel, "", "<@U0BOT> "+f.question); err != nil {
			return asked, samples, err
		}
		asked++
		if at := time.Since(begun); at > next {
			next += sampleEvery
			s, err := look(ctx, metrics)
			if err != nil {
				return asked, samples, err
			}
			s.at = at
			samples = append(samples, s)
		}
	}
	if len(samples) < 6 {
		return asked, samples, errors.New("too short to see anything: soak for a minute and ten seconds at least")
	}
	return asked, samples, nil
}

var metricLine = regexp.MustCompile(`^([a-z_]+)(?:\{le="([^"]+)"\})? (\S+)$`)

// look reads the metrics.
func look(ctx context.Context, address string) (sample, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return sample{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return sample{}, err
	}
	defer resp.Body.Close()
	var s sample
	into := map[string]*float64{
		"process_resident_memory_bytes": &s.memory, "go_goroutines": &s.goroutines, "process_open_fds": &s.files,
		"footnote_reply_duration_seconds_count": &s.replied, "footnote_ledger_open_actions": &s.open,
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		m := metricLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return s, fmt.Errorf("%s: %w", lines.Text(), err)
		}
		if field, ok := into[m[1]]; ok {
			*field = value
		}
		if m[1] == "footnote_reply_duration_seconds_bucket" {
			le, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				return s, fmt.Errorf("%s: %w", lines.Text(), err)
			}
			s.slow = append(s.slow, bucket{le, value})
		}
	}
	return s, lines.Err()
}

// quantile is what a share of the replies took at most, in seconds, as
// Prometheus estimates it: evenly spread within a bucket.
func quantile(q float64, buckets []bucket) float64 {
	if len(buckets) == 0 {
		return math.NaN()
	}
	rank := q * buckets[len(buckets)-1].count
	var below bucket
	for _, b := range buckets {
		if b.count >= rank {
			if math.IsInf(b.seconds, 1) {
				return below.seconds
			}
			return below.seconds + (b.seconds-below.seconds)*(rank-below.count)/(b.count-below.count)
		}
		below = b
	}
	return math.NaN()
}

// tellSoak prints what was seen and reports whether all is well.
func tellSoak(out io.Writer, o options, asked int, last sample, samples []sample) bool {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "after\treplied\towed\tp50 ms\tp99 ms\tresident MB\tgoroutines\tfiles\t")
	every := max(1, len(samples)/12)
	for i := every - 1; i < len(samples); i += every {
		s := samples[i]
		fmt.Fprintf(t, "%s\t%.0f\t%.0f\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t\n", s.at.Round(time.Second), s.replied, s.open,
			1000*quantile(0.5, s.slow), 1000*quantile(0.99, s.slow), s.memory/1e6, s.goroutines, s.files)
	}
	_ = t.Flush()

	ok := true
	claim := func(holds bool, format string, args ...any) {
		sign := "ok    "
		if !holds {
			sign, ok = "FAULT ", false
		}
		fmt.Fprintf(out, sign+format+"\n", args...)
	}
	rate := float64(asked) / o.soak.Seconds()
	claim(rate > 0.95*o.rate, "%.1f questions a second; %.1f were to be asked", rate, o.rate)
	claim(last.replied == float64(asked), "%d questions, %.0f replies", asked, last.replied)
	p99 := quantile(0.99, last.slow)
	claim(p99 < slowest, "99 of 100 replies within %.1f ms of their frame; at most %.0f is right", 1000*p99, 1000*slowest)
	early, late := samples[len(samples)/3:2*len(samples)/3], samples[2*len(samples)/3:]
	for _, what := range []struct {
		name  string
		of    func(sample) float64
		unit  float64
		grace float64 // how much it may differ by chance
	}{
		{"MB resident", func(s sample) float64 { return s.memory }, 1e6, 4e6},
		{"goroutines", func(s sample) float64 { return s.goroutines }, 1, 10},
		{"open files", func(s sample) float64 { return s.files }, 1, 10},
	} {
		before, after := median(early, what.of), median(late, what.of)
		claim(after <= max(before*leak, before+what.grace), "%.1f %s in the second third, %.1f in the last (medians)", before/what.unit, what.name, after/what.unit)
	}
	return ok
}

func median(samples []sample, of func(sample) float64) float64 {
	var values []float64
	for _, s := range samples {
		values = append(values, of(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
