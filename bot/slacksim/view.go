package slacksim

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"strconv"
)

// Limits of views.
const (
	maxViews      = 3 // that lie on each other
	maxViewBlocks = 100
	maxViewSize   = 250_000 // bytes
)

// The kinds of views.
const (
	modalView = "modal"
	homeView  = "home"
)

// view is a modal, or the Home tab of somebody.
type view struct {
	id, hash string
	kind     string
	user     *user
	content  object   // what the app made it of; never changed in place
	blocks   []object // of it, with all ids filled in
	root     string   // id of the lowest of the views that lie on each other
	previous string   // id of the one below
	held     chosen
	offered  map[spot][]object // the options that the app suggested
}

// viewBlocks are the blocks that a view may have.
var viewBlocks = only(messageBlocks, "actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video")

var viewFields = fields{
	"blocks!": list(0, maxViewBlocks, oneOf(viewBlocks)), "private_metadata": orNull(text(0, 3000)),
	"callback_id": orNull(text(0, 255)), "external_id": orNull(text(0, 255)),
}

var viewKinds = map[string]check{
	modalView: viewFields.with(fields{
		"title!": plain(24), "close": orNull(plain(24)), "submit": orNull(plain(24)),
		"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
	}).check,
	homeView: viewFields.check,
}

// readView checks a view that an app gives, which must be of a kind.
func readView(data []byte, kind string) (object, []object, error) {
	if len(data) > maxViewSize {
		return nil, nil, refuse("view_too_large")
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, nil, refuse("invalid_arguments", "[ERROR] invalid JSON [json-pointer:/view]")
	}
	var p problems
	oneOf(only(viewKinds, kind))(&p, "/view", v)
	if p != nil {
		return nil, nil, refuse("invalid_arguments", p...)
	}
	content := v.(object)
	all := content["blocks"].([]any)
	p = together("/view/blocks", all)
	isInput := func(v any) bool { return v.(object)["type"] == "input" }
	if kind == modalView && content["submit"] == nil && slices.ContainsFunc(all, isInput) {
		p.add("/view", "missing required field: submit, which inputs need")
	}
	if p != nil {
		return nil, nil, refuse("invalid_arguments", p...)
	}
	blocks := []object{}
	for _, b := range all {
		fillIDs(b.(object))
		blocks = append(blocks, b.(object))
	}
	return content, blocks, nil
}

// text is a field of the view that is a string.
func (v *view) text(name string) string {
	s, _ := v.content[name].(string)
	return s
}

func (v *view) flag(name string) bool {
	b, _ := v.content[name].(bool)
	return b
}

// compose gives the view its content. What somebody put into its elements stays in
// those that have their ids again.
func (w *Workspace) compose(v *view, content object, blocks []object) {
	v.content, v.blocks = content, blocks
	v.hash = strconv.FormatInt(w.cfg.Now().Unix(), 10) + "." + rand.Text()[:8]
}

// wire is the view as Slack shows it to the app.
func (v *view) wire() object {
	orNil := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	return object{
		"id": v.id, "team_id": teamID, "type": v.kind, "blocks": v.blocks, "private_metadata": v.text("private_metadata"),
		"callback_id": v.text("callback_id"), "state": v.held.state(v.blocks), "hash": v.hash, "title": v.title(),
		"clear_on_close": v.flag("clear_on_close"), "notify_on_close": v.flag("notify_on_close"),
		"close": v.content["close"], "submit": v.content["submit"], "previous_view_id": orNil(v.previous), "root_view_id": v.root,
		"app_id": appID, "external_id": v.text("external_id"), "app_installed_team_id": teamID, "bot_id": botID,
	}
}

func (v *view) title() any {
	if v.kind == homeView {
		return object{"type": "plain_text", "text": "View Title", "emoji": true}
	}
	return v.content["title"]
}

// unique refuses an external_id that another view has.
func (w *Workspace) unique(content object, but *view) error {
	id, _ := content["external_id"].(string)
	if id == "" {
		return nil
	}
	if other := w.external(id); other != nil && other != but {
		return refuse("duplicate_external_id")
	}
	return nil
}

// external finds a view by its external_id.
func (w *Workspace) external(id string) *view {
	for _, v := range w.views {
		if id != "" && v.text("external_id") == id {
			return v
		}
	}
	return nil
}

// newView makes a view for somebody, on top of another if that is not nil.
func (w *Workspace) newView(u *user, kind string, data []byte, below *view) (*view, error) {
	content, blocks, err := readView(data, kind)
	if err != nil {
		return nil, err
	}
	if err := w.unique(content, nil); err != nil {
		return nil, err
	}
	v := &view{id: "V" + rand.Text()[:10], kind: kind, user: u, held: chosen{}, offered: map[spot][]object{}}
	v.root = v.id
	if below != nil {
		v.root, v.previous = below.root, below.id
	}
	w.compose(v, content, blocks)
	w.views[v.id] = v
	return v, nil
}

// replaceView gives a view another content.
func (w *Workspace) replaceView(v *view, data []byte) error {
	content, blocks, err := readView(data, v.kind)
	if err != nil {
		return err
	}
	if err := w.unique(content, v); err != nil {
		return err
	}
	w.compose(v, content, blocks)
	w.tellViews(v.user)
	return nil
}

// tellViews tells the pages that the views of somebody are others.
func (w *Workspace) tellViews(u *user) { w.publish("views", object{"user": u.id}) }

// pushView lays a view on those that somebody has open.
func (w *Workspace) pushView(u *user, data []byte) (*view, error) {
	stack := w.modals[u.id]
	if len(stack) == 0 {
		return nil, refuse("not_found")
	}
	if len(stack) >= maxViews {
		return nil, refuse("push_limit_reached")
	}
	v, err := w.newView(u, modalView, data, stack[len(stack)-1])
	if err != nil {
		return nil, err
	}
	w.modals[u.id] = append(stack, v)
	w.tellViews(u)
	return v, nil
}

// drop closes the upper views of somebody and leaves so many.
func (w *Workspace) drop(u *user, left int) {
	stack := w.modals[u.id]
	for _, v := range stack[left:] {
		delete(w.views, v.id)
	}
	w.modals[u.id] = stack[:left:left]
	w.tellViews(u)
}

// openView is views.open. Views that somebody has open are replaced.
func (w *Workspace) openView(c call) (object, error) {
	t, err := w.exchangeable(c)
	if err != nil {
		return nil, err
	}
	v, err := w.newView(t.user, modalView, []byte(c.args["view"]), nil)
	if err != nil {
		return nil, err
	}
	t.used = true
	w.drop(t.user, 0)
	w.modals[t.user.id] = []*view{v}
	w.tellViews(t.user)
	return object{"view": v.wire()}, nil
}

func (w *Workspace) pushOnto(c call) (object, error) {
	t, err := w.exchangeable(c)
	if err != nil {
		return nil, err
	}
	v, err := w.pushView(t.user, []byte(c.args["view"]))
	if err != nil {
		return nil, err
	}
	t.used = true
	return object{"view": v.wire()}, nil
}

func (w *Workspace) updateView(c call) (object, error) {
	v := w.views[c.args["view_id"]]
	if c.args["view_id"] == "" {
		v = w.external(c.args["external_id"])
	}
	switch hash := c.args["hash"]; {
	case v == nil:
		return nil, refuse("not_found")
	case hash != "" && hash != v.hash:
		return nil, refuse("hash_conflict")
	}
	if err := w.replaceView(v, []byte(c.args["view"])); err != nil {
		return nil, err
	}
	return object{"view": v.wire()}, nil
}

func (w *Workspace) publishView(c call) (object, error) {
	if !w.cfg.App.HomeTab {
		return nil, refuse("not_enabled")
	}
	u := w.user(c.args["user_id"])
	if u == nil || u.bot {
		return nil, refuse("invalid_arguments", "[ERROR] no such user [json-pointer:/user_id]")
	}
	v := w.homes[u.id]
	if hash := c.args["hash"]; hash != "" && (v == nil || v.hash != hash) {
		return nil, refuse("hash_conflict")
	}
	if v != nil {
		if err := w.replaceView(v, []byte(c.args["view"])); err != nil {
			return nil, err
		}
		return object{"view": v.wire()}, nil
	}
	v, err := w.newView(u, homeView, []byte(c.args["view"]), nil)
	if err != nil {
		return nil, err
	}
	w.homes[u.id] = v
	w.tellViews(u)
	return object{"view": v.wire()}, nil
}
