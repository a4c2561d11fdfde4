package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// botMark is what the workspace calls the direct messages of whoever asks.
const botMark = "@U0BOT"

// workspace is the control API of a workspace that runs, through which this
// program acts as people do and reads what they see.
type workspace struct {
	url  string // http://HOST
	http http.Client
}

func newWorkspace(url string) *workspace {
	return &workspace{url: url, http: http.Client{Timeout: 30 * time.Second}}
}

// said is a message as people see it.
type said struct {
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
	To       string `json:"ephemeral_to"` // who alone sees it; empty for everybody
	Metadata struct {
		Payload struct {
			Key string `json:"key"`
		} `json:"event_payload"`
	} `json:"metadata"`
	Blocks []struct {
		Type     string `json:"type"`
		BlockID  string `json:"block_id"`
		Elements []struct {
			Type     string `json:"type"`
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
		} `json:"elements"`
	} `json:"blocks"`
}

// button returns what pressing a message's first button takes; nil if it has
// none.
func (m said) button() map[string]any {
	for _, b := range m.Blocks {
		if b.Type == "actions" && len(b.Elements) > 0 {
			return map[string]any{"message_ts": m.TS, "block_id": b.BlockID, "action_id": b.Elements[0].ActionID, "value": b.Elements[0].Value}
		}
	}
	return nil
}

// refusal is what the workspace says when it does not do as asked.
type refusal string

func (r refusal) Error() string { return string(r) }

// call sends a request to the control API and reads its answer.
func (w *workspace) call(ctx context.Context, method, path string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, w.url+path, &body)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer json.RawMessage
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s %s: %s: %w", method, path, resp.Status, err)
	}
	var verdict struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(answer, &verdict); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if !verdict.OK {
		return fmt.Errorf("%s %s: %w", method, path, refusal(verdict.Error))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// say writes a message and returns where and when.
func (w *workspace) say(ctx context.Context, user, channel, thread, text string) (in, ts string, err error) {
	var out struct{ Channel, TS string }
	err = w.call(ctx, "POST", "/_sim/message", map[string]any{"user": user, "channel": channel, "thread_ts": thread, "text": text}, &out)
	return out.Channel, out.TS, err
}

func (w *workspace) messages(ctx context.Context, channel string) ([]said, error) {
	var out struct{ Messages []said }
	err := w.call(ctx, "GET", "/_sim/messages?channel="+url.QueryEscape(channel), nil, &out)
	return out.Messages, err
}

// unacked is how many deliveries wait for their ack.
func (w *workspace) unacked(ctx context.Context) (int, error) {
	var out struct{ Unacked int }
	err := w.call(ctx, "GET", "/_sim/state", nil, &out)
	return out.Unacked, err
}

// troubles is what faults have done and still do.
type troubles struct {
	Struck  map[string]int // how often, by kind
	Hanging int            // calls that are held up
	Late    int            // effects that are still to come
}

// String lists the kinds.
func (t troubles) String() string {
	var list []string
	for _, kind := range slices.Sorted(maps.Keys(t.Struck)) {
		list = append(list, fmt.Sprintf("%s %d", kind, t.Struck[kind]))
	}
	return cmp.Or(strings.Join(list, ", "), "none")
}

// strikes is how often something went wrong.
func (t troubles) strikes() int {
	n := 0
	for _, times := range t.Struck {
		n += times
	}
	return n
}

func (w *workspace) troubles(ctx context.Context) (troubles, error) {
	var out troubles
	err := w.call(ctx, "GET", "/_sim/fault", nil, &out)
	return out, err
}
