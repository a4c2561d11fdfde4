package slacksim

import (
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"strings"
)

// visible finds a conversation that the bot knows of.
func (w *Workspace) visible(id string) (*channel, error) {
	c := w.channels[id]
	if c == nil || c.kind != kindChannel && !c.has(botUser) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// readable finds a conversation whose messages the bot may read. otherwise is
// what the method calls one that the bot is not in.
func (w *Workspace) readable(id, otherwise string) (*channel, error) {
	c, err := w.visible(id)
	if err != nil {
		return nil, err
	}
	if err := w.mayRead(c, "history"); err != nil {
		return nil, err
	}
	if !c.has(botUser) {
		return nil, refuse(otherwise)
	}
	return c, nil
}

// mayRead refuses what the bot lacks the scope for: "read" or "history".
func (w *Workspace) mayRead(c *channel, what string) error {
	if scope := scopeOf(c.kind, what); !w.cfg.App.can(scope) {
		return w.cfg.App.lacking(scope)
	}
	return nil
}

// wire returns a channel as the Web API shows it to the bot.
func (c *channel) wire() object {
	if c.kind == kindDirect {
		return object{"id": c.id, "created": c.created, "is_im": true, "is_org_shared": false, "is_archived": false, "user": c.members[0], "is_user_deleted": false, "is_open": true}
	}
	none := object{"value": "", "creator": "", "last_set": 0}
	return object{
		"id": c.id, "name": c.name, "name_normalized": c.name, "created": c.created, "creator": c.members[0],
		"is_channel": c.kind == kindChannel, "is_group": c.kind == kindPrivate, "is_im": false, "is_mpim": c.kind == kindGroup,
		"is_private": c.kind != kindChannel, "is_archived": false, "is_general": c.id == "C0GENERAL", "unlinked": 0,
		"is_shared": c.shared, "is_ext_shared": c.shared, "is_org_shared": false, "is_pending_ext_shared": false, "pending_shared": []string{},
		"context_team_id": teamID, "shared_team_ids": []string{teamID}, "is_member": c.has(botUser),
		"topic": none, "purpose": none, "previous_names": []string{},
	}
}

func (w *Workspace) channelInfo(c call) (object, error) {
	of, err := w.visible(c.args["channel"])
	if err != nil {
		return nil, err
	}
	if err := w.mayRead(of, "read"); err != nil {
		return nil, err
	}
	o := of.wire()
	if c.flag("include_num_members") {
		o["num_members"] = len(of.members)
	}
	return object{"channel": o}, nil
}

func (w *Workspace) listChannels(c call) (object, error) {
	return w.channelsWhere(c, func(of *channel) bool { return of.kind == kindChannel || of.has(botUser) })
}

func (w *Workspace) userChannels(c call) (object, error) {
	user := botUser
	if id := c.args["user"]; id != "" {
		user = id
	}
	if w.user(user) == nil {
		return nil, refuse("invalid_arguments", "[ERROR] no such user [json-pointer:/user]")
	}
	// Others' direct messages are none of the bot's business.
	return w.channelsWhere(c, func(of *channel) bool { return of.has(user) && (of.kind == kindChannel || of.has(botUser)) })
}

// channelsWhere answers with the channels of the wanted types that pass.
func (w *Workspace) channelsWhere(c call, pass func(*channel) bool) (object, error) {
	kinds := map[string]string{"public_channel": kindChannel, "private_channel": kindPrivate, "im": kindDirect, "mpim": kindGroup}
	types := c.args["types"]
	if types == "" {
		types = "public_channel"
	}
	var wanted []string
	for t := range strings.SplitSeq(types, ",") {
		kind, ok := kinds[strings.TrimSpace(t)]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if scope := scopeOf(kind, "read"); !w.cfg.App.can(scope) {
			return nil, w.cfg.App.lacking(scope)
		}
		wanted = append(wanted, kind)
	}
	all := []object{}
	for _, of := range w.order {
		if slices.Contains(wanted, of.kind) && pass(of) {
			o := of.wire()
			o["num_members"] = len(of.members)
			all = append(all, o)
		}
	}
	return paged(c, "channels", all)
}

func (w *Workspace) members(c call) (object, error) {
	of, err := w.visible(c.args["channel"])
	if err != nil {
		return nil, err
	}
	if err := w.mayRead(of, "read"); err != nil {
		return nil, err
	}
	return paged(c, "members", slices.Clone(of.members))
}

func (w *Workspace) join(c call) (object, error) {
	of, err := w.visible(c.args["channel"])
	if err != nil {
		return nil, err
	}
	if of.kind != kindChannel {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if of.has(botUser) {
		warning := "already_in_channel"
		return object{"channel": of.wire(), "warning": warning, "response_metadata": object{"warnings": []string{warning}}}, nil
	}
	of.members = append(of.members, botUser)
	w.publish("channel", object{"channel": of.shown()})
	return object{"channel": of.wire()}, nil
}

func (w *Workspace) openDirect(c call) (object, error) {
	known := len(w.order)
	of, err := w.opened(c)
	if err != nil {
		return nil, err
	}
	o := object{"id": of.id}
	if c.flag("return_im") {
		o = of.wire()
	}
	if known == len(w.order) {
		return object{"channel": o, "no_op": true, "already_open": true}, nil
	}
	return object{"channel": o}, nil
}

// opened finds or makes the conversation that conversations.open asks for.
func (w *Workspace) opened(c call) (*channel, error) {
	if id := c.args["channel"]; id != "" {
		of, err := w.visible(id)
		if err == nil && of.kind == kindChannel {
			return nil, refuse("method_not_supported_for_channel_type")
		}
		return of, err
	}
	if c.args["users"] == "" {
		return nil, refuse("users_list_not_supplied")
	}
	ids := strings.Split(c.args["users"], ",")
	if len(ids) > 8 {
		return nil, refuse("too_many_users")
	}
	for i, id := range ids {
		ids[i] = strings.TrimSpace(id)
		if u := w.user(ids[i]); u == nil {
			return nil, refuse("user_not_found")
		} else if u.bot {
			return nil, refuse("invalid_user_combination")
		}
	}
	scope := "mpim:write"
	if len(ids) == 1 {
		scope = "im:write"
	}
	if !w.cfg.App.can(scope) {
		return nil, w.cfg.App.lacking(scope)
	}
	if len(ids) == 1 {
		return w.direct(w.user(ids[0])), nil
	}
	slices.Sort(ids)
	return w.group(slices.Compact(ids)), nil
}

// window is the stretch of time, in microseconds and with both ends, that a
// request for messages asks for.
type window struct{ oldest, latest int64 }

func (c call) window() (window, error) {
	in := window{math.MinInt64, math.MaxInt64}
	edge := int64(1)
	if c.flag("inclusive") {
		edge = 0
	}
	if s := c.args["oldest"]; s != "" {
		at, ok := parseTS(s)
		if !ok {
			return window{}, refuse("invalid_ts_oldest")
		}
		in.oldest = at + edge
	}
	if s := c.args["latest"]; s != "" && s != "now" {
		at, ok := parseTS(s)
		if !ok {
			return window{}, refuse("invalid_ts_latest")
		}
		in.latest = at - edge
	}
	return in, nil
}

func (w *Workspace) history(c call) (object, error) {
	of, err := w.readable(c.args["channel"], "not_in_channel")
	if err != nil {
		return nil, err
	}
	in, err := c.window()
	if err != nil {
		return nil, err
	}
	if from := c.args["cursor"]; from != "" {
		at, ok := readCursor(from)
		if !ok {
			return nil, refuse("invalid_cursor")
		}
		in.latest = min(in.latest, at)
	}
	limit, err := c.limit(100, 999)
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range slices.Backward(of.messages) {
		if m.at < in.oldest || len(found) > limit {
			break
		}
		if m.to == "" && m.thread == "" && m.at <= in.latest {
			found = append(found, m)
		}
	}
	return w.messagesPage(c, of, nil, found, limit), nil
}

func (w *Workspace) threadReplies(c call) (object, error) {
	of, err := w.readable(c.args["channel"], "channel_not_found")
	if err != nil {
		return nil, err
	}
	root := of.stone(c.args["ts"])
	if root == nil || root.to != "" {
		return nil, refuse("thread_not_found")
	}
	in, err := c.window()
	if err != nil {
		return nil, err
	}
	if from := c.args["cursor"]; from != "" {
		at, ok := readCursor(from)
		if !ok {
			return nil, refuse("invalid_cursor")
		}
		in.oldest = max(in.oldest, at)
	}
	limit, err := c.limit(1000, 1000)
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range root.replies {
		if in.oldest <= m.at && m.at <= in.latest {
			found = append(found, m)
		}
	}
	return w.messagesPage(c, of, []*message{root}, found, limit), nil
}

// messagesPage answers with the first of the found messages, behind those that
// head every page.
func (w *Workspace) messagesPage(c call, of *channel, head, found []*message, limit int) object {
	answer := object{"has_more": len(found) > limit}
	if len(found) > limit {
		answer["response_metadata"] = object{"next_cursor": cursor(found[limit].at)}
		found = found[:limit]
	}
	shown := []object{}
	for _, m := range slices.Concat(head, found) {
		if c.flag("include_all_metadata") {
			shown = append(shown, w.withMetadata(of, m))
		} else {
			shown = append(shown, w.wire(of, m))
		}
	}
	answer["messages"] = shown
	return answer
}

// paged answers with the part of a list that the caller wants.
func paged[T any](c call, name string, all []T) (object, error) {
	limit, err := c.limit(100, 1000)
	if err != nil {
		return nil, err
	}
	var from int64
	if s := c.args["cursor"]; s != "" {
		var ok bool
		if from, ok = readCursor(s); !ok || from > int64(len(all)) {
			return nil, refuse("invalid_cursor")
		}
	}
	next := ""
	all = all[from:]
	if len(all) > limit {
		all = all[:limit]
		next = cursor(from + int64(limit))
	}
	return object{name: all, "response_metadata": object{"next_cursor": next}}, nil
}

// cursor hides where the next page begins, so that nobody computes with it.
func cursor(next int64) string {
	return base64.StdEncoding.EncodeToString([]byte("next:" + strconv.FormatInt(next, 10)))
}

func readCursor(s string) (int64, bool) {
	plain, err := base64.StdEncoding.DecodeString(s)
	digits, ok := strings.CutPrefix(string(plain), "next:")
	if err != nil || !ok {
		return 0, false
	}
	next, err := strconv.ParseUint(digits, 10, 63)
	return int64(next), err == nil
}
