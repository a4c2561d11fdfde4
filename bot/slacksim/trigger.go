package slacksim

import (
	"crypto/rand"
	"regexp"
	"strconv"
	"time"
)

// triggerLife is how long a trigger can be exchanged for a view.
const triggerLife = 3 * time.Second

// trigger lets the app open one view for somebody who has just done something.
type trigger struct {
	user  *user
	until time.Time
	used  bool
}

var triggerID = regexp.MustCompile(`^\d+\.\w+\.\w+$`)

// trigger returns a new trigger_id.
func (w *Workspace) trigger(u *user) string {
	now := w.cfg.Now()
	// Those that ran out long ago are not told from those that never were.
	for len(w.fired) > 0 && now.Sub(w.triggers[w.fired[0]].until) > time.Hour {
		delete(w.triggers, w.fired[0])
		w.fired = w.fired[1:]
	}
	id := strconv.FormatInt(now.UnixMilli(), 10) + "." + teamID + "." + rand.Text()
	w.triggers[id] = &trigger{user: u, until: now.Add(triggerLife)}
	w.fired = append(w.fired, id)
	return id
}

// exchangeable finds the trigger of a call that is still good.
func (w *Workspace) exchangeable(c call) (*trigger, error) {
	id := c.args["trigger_id"]
	t := w.triggers[id]
	switch {
	case id == "":
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: trigger_id")
	case !triggerID.MatchString(id) || t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case w.cfg.Now().After(t.until):
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}
