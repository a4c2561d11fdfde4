package slacksim

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// How often and how long a response URL works.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// response is a place where the bot may answer a command or a press, whether
// it is in the channel or not.
type response struct {
	secret   string
	channel  *channel
	user     *user
	original string // ts of the message that it may replace
	uses     int
	until    time.Time
}

func (w *Workspace) newResponse(c *channel, u *user, original *message) *response {
	r := &response{secret: rand.Text(), channel: c, user: u, until: w.cfg.Now().Add(responseLife)}
	if original != nil {
		r.original = original.ts
	}
	w.responses[r.secret] = r
	w.issued = append(w.issued, r)
	for w.issued[0].until.Before(w.cfg.Now()) {
		delete(w.responses, w.issued[0].secret)
		w.issued = w.issued[1:]
	}
	return r
}

func (r *response) url(base string) string { return base + "/response/" + r.secret }

// reply is a message that answers a command or a press.
type reply struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	ThreadTS        string          `json:"thread_ts"`
}

// empty reports whether there is nothing to show.
func (r reply) empty() bool {
	return r.Text == "" && (len(r.Blocks) == 0 || string(r.Blocks) == "null") && !r.DeleteOriginal
}

// serveResponse answers a POST to a response URL.
func (w *Workspace) serveResponse(rw http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	var said reply
	if err := json.Unmarshal(data, &said); err != nil {
		writeJSON(rw, http.StatusBadRequest, object{"ok": false, "error": "invalid_payload"})
		return
	}
	began, secret := time.Now(), r.PathValue("secret")
	_, err = w.perform(r, responseMethod, w.responseChannel(secret), func() (object, error) {
		return nil, w.useResponse(secret, said)
	})
	w.publishCall(responseMethod, nil, began, err)
	var no *refusal
	switch {
	case err == nil:
		writeJSON(rw, http.StatusOK, object{"ok": true})
	case !errors.As(err, &no):
		fail(rw, err)
	case no.code == "used_url" || no.code == "expired_url":
		writeJSON(rw, http.StatusNotFound, no.answer())
	default:
		writeJSON(rw, http.StatusBadRequest, no.answer())
	}
}

// responseChannel is the id of the channel that a response URL answers in.
func (w *Workspace) responseChannel(secret string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.responses[secret]; r != nil {
		return r.channel.id
	}
	return ""
}

// useResponse answers through a response URL. What is refused is no use of it.
func (w *Workspace) useResponse(secret string, said reply) error {
	r := w.responses[secret]
	switch {
	case r == nil || w.cfg.Now().After(r.until):
		return refuse("expired_url")
	case r.uses >= responseUses:
		return refuse("used_url")
	}
	if err := w.respond(r, said); err != nil {
		return err
	}
	r.uses++
	return nil
}

// respond shows a reply, in place of the original or as a new message.
func (w *Workspace) respond(r *response, said reply) error {
	original := r.channel.find(r.original)
	if said.DeleteOriginal {
		if original == nil {
			return refuse("message_not_found")
		}
		w.remove(r.channel, original)
		return nil
	}
	blocks := string(said.Blocks)
	if blocks == "null" {
		blocks = ""
	}
	new, err := readContent(said.Text, blocks, maxText)
	if err != nil {
		return err
	}
	if said.ReplaceOriginal && original != nil {
		new.metadata = original.content.metadata
		w.change(r.channel, original, botUser, new)
		return nil
	}
	if err := r.channel.checkThread(said.ThreadTS); err != nil {
		return err
	}
	m := &message{user: botUser, thread: said.ThreadTS, content: new}
	switch said.ResponseType {
	case "", "ephemeral":
		m.to = r.user.id
	case "in_channel":
	default:
		return refuse("invalid_response_type")
	}
	w.post(r.channel, m)
	// What a command shows first is what it may replace later.
	if r.original == "" {
		r.original = m.ts
	}
	return nil
}
