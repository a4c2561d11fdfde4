package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// saveAfter is how long a change waits for others before it is saved.
const saveAfter = time.Second

// kept is what a file keeps of a workspace: all but what is on its way and the
// modals that are open.
type kept struct {
	Version  int
	BotToken string
	AppToken string
	Last     int64
	Users    []keptUser
	Channels []keptChannel
	Homes    map[string]object // what each user's Home tab was made of
}

type keptUser struct {
	ID, Name, RealName string
	Bot, Guest         bool
	Team               string
}

type keptChannel struct {
	ID, Name, Kind string
	Created        int64
	Members        []string
	Shared         bool
	Messages       []keptMessage
}

type keptMessage struct {
	At        int64
	Thread    string
	User      string
	ClientID  string
	Text      string
	Blocks    []object
	Metadata  json.RawMessage `json:",omitempty"`
	Edited    *edit
	To        string
	Gone      bool
	Reactions []reaction
	Pane      *pane
}

// keptVersion is the version of the files that are read and written.
const keptVersion = 1

// Open is New for a workspace that a file keeps, its tokens too. A file that is
// not there is made. What happens is saved within a second or two, and by Close.
func Open(cfg Config, file string) (*Workspace, error) {
	w := New(cfg)
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("read the workspace: %w", err)
	default:
		var k kept
		if err := json.Unmarshal(data, &k); err != nil {
			return nil, fmt.Errorf("read the workspace %s: %w", file, err)
		}
		if k.Version != keptVersion {
			return nil, fmt.Errorf("read the workspace %s: version %d is not %d; begin a new file", file, k.Version, keptVersion)
		}
		if err := w.restore(k); err != nil {
			return nil, fmt.Errorf("read the workspace %s: %w", file, err)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.file = file
	return w, w.save()
}

// restore makes the workspace what was kept.
func (w *Workspace) restore(k kept) error {
	w.botToken, w.appToken, w.last = k.BotToken, k.AppToken, k.Last
	w.users, w.people, w.channels, w.order = nil, map[string]*user{}, map[string]*channel{}, nil
	for _, u := range k.Users {
		w.addUser(&user{id: u.ID, name: u.Name, realName: u.RealName, bot: u.Bot, guest: u.Guest, team: u.Team})
	}
	for _, kc := range k.Channels {
		c := w.addChannel(&channel{id: kc.ID, name: kc.Name, kind: kc.Kind, members: kc.Members, shared: kc.Shared})
		c.created = kc.Created
		for _, m := range kc.Messages {
			c.messages = append(c.messages, &message{
				at: m.At, ts: formatTS(m.At), thread: m.Thread, user: m.User, clientID: m.ClientID,
				content: content{text: m.Text, blocks: m.Blocks, metadata: m.Metadata},
				edited:  m.Edited, to: m.To, gone: m.Gone, reactions: m.Reactions, pane: m.Pane,
			})
		}
		for _, m := range c.messages {
			if root := c.stone(m.thread); root != nil && m.to == "" {
				root.replies = append(root.replies, m)
			}
		}
	}
	for id, content := range k.Homes {
		u := w.user(id)
		if u == nil {
			return fmt.Errorf("the Home tab of %s, who is nobody", id)
		}
		v, err := w.newView(u, homeView, frame(content), nil)
		if err != nil {
			return fmt.Errorf("the Home tab of %s: %w", id, err)
		}
		w.homes[id] = v
	}
	return nil
}

// keep returns what a file is to keep.
func (w *Workspace) keep() kept {
	k := kept{Version: keptVersion, BotToken: w.botToken, AppToken: w.appToken, Last: w.last, Homes: map[string]object{}}
	for _, u := range w.users {
		k.Users = append(k.Users, keptUser{u.id, u.name, u.realName, u.bot, u.guest, u.team})
	}
	for _, c := range w.order {
		kc := keptChannel{ID: c.id, Name: c.name, Kind: c.kind, Created: c.created, Members: c.members, Shared: c.shared}
		for _, m := range c.messages {
			kc.Messages = append(kc.Messages, keptMessage{
				m.at, m.thread, m.user, m.clientID, m.content.text, m.content.blocks, m.content.metadata, m.edited, m.to, m.gone, m.reactions, m.pane,
			})
		}
		k.Channels = append(k.Channels, kc)
	}
	for id, v := range w.homes {
		k.Homes[id] = v.content
	}
	return k
}

// changed has the workspace saved soon, if a file keeps it.
func (w *Workspace) changed() {
	if w.file == "" || w.saving != nil {
		return
	}
	w.saving = w.in(saveAfter, func() {
		w.saving = nil
		if err := w.save(); err != nil {
			w.cfg.Log.Error("not saved", "err", err)
		}
	})
}

// save writes the file anew, which is whole at every moment.
func (w *Workspace) save() error {
	if w.file == "" {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(w.file), ".workspace-")
	if err != nil {
		return fmt.Errorf("save the workspace: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(frame(w.keep()))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), w.file)
	}
	if err != nil {
		return fmt.Errorf("save the workspace: %w", err)
	}
	return nil
}
