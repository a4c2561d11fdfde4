package slacksim

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

const (
	formKind = "application/x-www-form-urlencoded"
	jsonKind = "application/json; charset=utf-8"
)

func TestRequestForms(t *testing.T) {
	x := start(t, Config{})
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"in a block"}}]`
	form := url.Values{"channel": {"C0GENERAL"}, "text": {"hi"}, "blocks": {blocks}, "token": {x.BotToken()}}.Encode()
	var multi bytes.Buffer
	parts := multipart.NewWriter(&multi)
	for name, value := range map[string]string{"channel": "C0GENERAL", "text": "hi", "blocks": blocks, "token": x.BotToken()} {
		if err := parts.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ claim, token, method, path, kind, body string }{
		{"form, token in its body", "", "POST", "", formKind, form},
		{"query", "", "GET", "?" + form, "", ""},
		{"query beside an empty JSON body", "", "POST", "?" + form, jsonKind, ""},
		{"JSON, token in the header", x.BotToken(), "POST", "", jsonKind, `{"channel":"C0GENERAL","text":"hi","thread_ts":null,"blocks":` + blocks + `}`},
		{"JSON with blocks in a string", x.BotToken(), "POST", "", jsonKind, fmt.Sprintf(`{"channel":"C0GENERAL","text":"hi","blocks":%q}`, blocks)},
		{"multipart", "", "POST", "", parts.FormDataContentType(), multi.String()},
		{"the header goes first", x.BotToken(), "POST", "", formKind, strings.Replace(form, x.BotToken(), "xoxb-other", 1)},
	} {
		answer := x.requestAs(t, tt.token, tt.method, "/api/chat.postMessage"+tt.path, tt.kind, tt.body)
		said, _ := answer["message"].(object)
		if answer["ok"] != true || said["text"] != "hi" || len(said["blocks"].([]any)) != 1 || said["bot_id"] != botID {
			t.Errorf("%s: %v", tt.claim, answer)
		}
	}
}

func TestRefusals(t *testing.T) {
	x := start(t, Config{})
	asked := x.say(t, "C0GENERAL", "asked")
	reply := x.act(t, "message", object{"user": "U0ASKER", "channel": "C0GENERAL", "thread_ts": asked, "text": "more"})["ts"].(string)
	_, posted, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionText("hi", false))
	if err != nil {
		t.Fatal(err)
	}
	long := func(n int) string { return strings.Repeat("ü", n) }
	bot, app := x.BotToken(), x.AppToken()
	for _, tt := range []struct{ claim, token, call, want string }{
		{"no token", "", "auth.test", "not_authed"},
		{"bad token", "xoxb-nobody", "auth.test", "invalid_auth"},
		{"bot token for a socket", bot, "apps.connections.open", "not_allowed_token_type"},
		{"app token for a message", app, "chat.postMessage?channel=C0GENERAL&text=hi", "not_allowed_token_type"},
		{"method that is not there", bot, "chat.shout", "unknown_method"},
		{"no channel", bot, "chat.postMessage?text=hi", "invalid_arguments"},
		{"unknown channel", bot, "chat.postMessage?channel=C0NOWHERE&text=hi", "channel_not_found"},
		{"not a member", bot, "chat.postMessage?channel=C0LOBBY&text=hi", "not_in_channel"},
		{"channel by name", bot, "chat.postMessage?channel=%23general&text=hi", ""},
		{"nothing to say", bot, "chat.postMessage?channel=C0GENERAL", "no_text"},
		{"no blocks at all", bot, "chat.postMessage?channel=C0GENERAL&blocks=[]", "no_text"},
		{"40,000 characters", bot, "chat.postMessage?channel=C0GENERAL&text=" + long(40_000), ""},
		{"40,001 characters, which are cut", bot, "chat.postMessage?channel=C0GENERAL&text=" + long(40_001), ""},
		{"unknown thread", bot, "chat.postMessage?channel=C0GENERAL&text=hi&thread_ts=1700000000.000001", "cannot_reply_to_message"},
		{"thread that is no ts", bot, "chat.postMessage?channel=C0GENERAL&text=hi&thread_ts=now", "cannot_reply_to_message"},
		{"thread of a reply", bot, "chat.postMessage?channel=C0GENERAL&text=hi&thread_ts=" + reply, "cannot_reply_to_message"},
		{"reply", bot, "chat.postMessage?channel=C0GENERAL&text=hi&thread_ts=" + asked, ""},
		{"markdown and text", bot, "chat.postMessage?channel=C0GENERAL&text=hi&markdown_text=hi", "markdown_text_conflict"},
		{"metadata that is no JSON", bot, "chat.postMessage?channel=C0GENERAL&text=hi&metadata=x", "invalid_metadata_format"},
		{"metadata without payload", bot, `chat.postMessage?channel=C0GENERAL&text=hi&metadata={"event_type":"x"}`, "invalid_metadata_schema"},
		{"blocks that are no JSON", bot, "chat.postMessage?channel=C0GENERAL&blocks=[{", "invalid_blocks_format"},
		{"blocks that are no list", bot, `chat.postMessage?channel=C0GENERAL&blocks={"type":"divider"}`, "invalid_blocks_format"},
		{"whispering to somebody elsewhere", bot, "chat.postEphemeral?channel=C0GENERAL&user=U0NOBODY&text=hi", "user_not_in_channel"},
		{"changing another's message", bot, "chat.update?channel=C0GENERAL&text=hi&ts=" + asked, "cant_update_message"},
		{"changing what is not there", bot, "chat.update?channel=C0GENERAL&text=hi&ts=1.2", "message_not_found"},
		{"deleting another's message", bot, "chat.delete?channel=C0GENERAL&ts=" + asked, "cant_delete_message"},
		{"linking what is not there", bot, "chat.getPermalink?channel=C0GENERAL&message_ts=1.2", "message_not_found"},
		{"reading where the bot is not", bot, "conversations.history?channel=C0LOBBY", "not_in_channel"},
		{"limit that is no number", bot, "conversations.history?channel=C0GENERAL&limit=all", "invalid_arguments"},
		{"oldest that is no ts", bot, "conversations.history?channel=C0GENERAL&oldest=yesterday", "invalid_ts_oldest"},
		{"cursor of nobody", bot, "conversations.history?channel=C0GENERAL&cursor=x", "invalid_cursor"},
		{"replies to nothing", bot, "conversations.replies?channel=C0GENERAL&ts=1.2", "thread_not_found"},
		{"unknown types", bot, "conversations.list?types=secret", "invalid_types"},
		{"direct messages with nobody", bot, "conversations.open?users=U0NOBODY", "user_not_found"},
		{"direct messages with itself", bot, "conversations.open?users=U0BOT", "invalid_user_combination"},
		{"unknown user", bot, "users.info?user=U0NOBODY", "user_not_found"},
		{"no bot", bot, "bots.info", "missing_argument"},
		{"channels of nobody", bot, "users.conversations?user=U0NOBODY", "invalid_arguments"},
		{"limit of a list", bot, "conversations.list?limit=all", "invalid_limit"},
		{"limit of users", bot, "users.list?limit=all", "invalid_arguments"},
		{"whispering too long", bot, "chat.postEphemeral?channel=C0GENERAL&user=U0ASKER&text=" + long(40_001), "msg_too_long"},
		{"changing into too much", bot, "chat.update?channel=C0GENERAL&ts=" + posted + "&text=" + long(4_001), "msg_too_long"},
		{"replies where the bot is not", bot, "conversations.replies?channel=C0LOBBY&ts=1.2", "channel_not_found"},
		{"reaction where the bot is not", bot, "reactions.add?channel=C0LOBBY&name=eyes&timestamp=1.2", "channel_not_found"},
		{"talking to itself", bot, "chat.postMessage?channel=U0BOT&text=hi", "channel_not_found"},
		{"joining direct messages", bot, "conversations.join?channel=D0ASKER", "channel_not_found"},
		{"direct messages with nobody named", bot, "conversations.open", "users_list_not_supplied"},
		{"direct messages with nine", bot, "conversations.open?users=1,2,3,4,5,6,7,8,9", "too_many_users"},
		{"opening a channel", bot, "conversations.open?channel=C0GENERAL", "method_not_supported_for_channel_type"},
		{"metadata that is too large", bot, `chat.postMessage?channel=C0GENERAL&text=hi&metadata={"event_type":"x","event_payload":{"x":"` + long(64_000) + `"}}`, "metadata_too_large"},
		{"unknown bot", bot, "bots.info?bot=B0NOBODY", "bot_not_found"},
		{"first reaction", bot, "reactions.add?channel=C0GENERAL&name=eyes&timestamp=" + asked, ""},
		{"double reaction", bot, "reactions.add?channel=C0GENERAL&name=eyes&timestamp=" + asked, "already_reacted"},
		{"taking a reaction back", bot, "reactions.remove?channel=C0GENERAL&name=eyes&timestamp=" + asked, ""},
		{"taking it back twice", bot, "reactions.remove?channel=C0GENERAL&name=eyes&timestamp=" + asked, "no_reaction"},
		{"reaction to nothing", bot, "reactions.add?channel=C0GENERAL&name=eyes", "no_item_specified"},
		{"reaction in colons", bot, "reactions.add?channel=C0GENERAL&name=:eyes:&timestamp=" + asked, "invalid_name"},
	} {
		method, query, _ := strings.Cut(tt.call, "?")
		query = strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(query)
		answer := x.requestAs(t, tt.token, "POST", "/api/"+method, formKind, query)
		if got, _ := answer["error"].(string); got != tt.want || answer["ok"] != (tt.want == "") {
			t.Errorf("%s: %s = %v, want error %q", tt.claim, method, answer, tt.want)
		}
	}
	for body, want := range map[string]string{`{"channel":`: "invalid_json", `["C0GENERAL"]`: "json_not_object"} {
		if got := x.request(t, "POST", "/api/chat.postMessage", jsonKind, body)["error"]; got != want {
			t.Errorf("body %s: error %v, want %s", body, got, want)
		}
	}
	if got := x.request(t, "GET", "/api/apps.connections.open?token="+app, "", "")["error"]; got != "not_allowed_token_type" {
		t.Errorf("the header's token must count: %v", got)
	}
	if got := x.requestAs(t, app, "GET", "/api/apps.connections.open", "", "")["error"]; got != "insecure_request" {
		t.Errorf("GET apps.connections.open = %v", got)
	}
}

func TestLargeBodyIsRefused(t *testing.T) {
	x := start(t, Config{})
	for _, path := range []string{"/api/api.test", "/_sim/message", "/response/none"} {
		resp, err := http.Post(x.url+path, jsonKind, strings.NewReader(`{"text":"`+strings.Repeat("x", maxBody)+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := out.ReadFrom(resp.Body); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if !strings.Contains(out.String(), "too large") {
			t.Errorf("%s: %s %s", path, resp.Status, out.String())
		}
	}
}

func TestGrantedScopesAreInTheHeader(t *testing.T) {
	x := start(t, Config{})
	resp, err := http.PostForm(x.url+"/api/auth.test", url.Values{"token": {x.BotToken()}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	scopes := strings.Split(resp.Header.Get("X-OAuth-Scopes"), ",")
	for _, want := range []string{"app_mentions:read", "chat:write", "commands", "im:history"} {
		if !slices.Contains(scopes, want) {
			t.Errorf("scopes %v lack %s", scopes, want)
		}
	}
}

func TestRealClientReadsItsAnswers(t *testing.T) {
	x := start(t, Config{})
	ctx := t.Context()
	who, err := x.api.AuthTestContext(ctx)
	if err != nil || who.UserID != botUser || who.BotID != botID || who.TeamID != teamID {
		t.Errorf("auth.test = %+v, %v", who, err)
	}
	user, err := x.api.GetUserInfoContext(ctx, "U0ASKER")
	if err != nil || user.RealName != "Asker" || user.IsBot {
		t.Errorf("users.info = %+v, %v", user, err)
	}
	if team, err := x.api.GetTeamInfoContext(ctx); err != nil || team.ID != teamID {
		t.Errorf("team.info = %+v, %v", team, err)
	}
	if all, err := x.api.GetUsersContext(ctx); err != nil || len(all) != 3 {
		t.Errorf("users.list = %+v, %v", all, err)
	}
	direct, _, _, err := x.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{"U0ASKER"}, ReturnIM: true})
	if err != nil || !direct.IsIM || direct.User != "U0ASKER" {
		t.Errorf("conversations.open = %+v, %v", direct, err)
	}
	group, _, open, err := x.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{"U0ASKER", "U0CURATOR"}, ReturnIM: true})
	if err != nil || !group.IsMpIM || open {
		t.Errorf("conversations.open for two = %+v, %v", group, err)
	}
	mine, _, err := x.api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{Types: []string{"public_channel", "im"}})
	if err != nil || len(mine) != 3 {
		t.Errorf("users.conversations = %+v, %v", mine, err)
	}
	if _, warning, _, err := x.api.JoinConversationContext(ctx, "C0LOBBY"); err != nil || warning != "" {
		t.Errorf("conversations.join = %q, %v", warning, err)
	}
	if _, warning, _, err := x.api.JoinConversationContext(ctx, "C0LOBBY"); err != nil || warning != "already_in_channel" {
		t.Errorf("conversations.join again = %q, %v", warning, err)
	}
	lobby, err := x.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: "C0LOBBY", IncludeNumMembers: true})
	if err != nil || !lobby.IsMember || lobby.NumMembers != 3 {
		t.Errorf("conversations.info = %+v, %v", lobby, err)
	}
	if in, _, err := x.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: "C0GENERAL"}); err != nil || len(in) != 3 {
		t.Errorf("conversations.members = %v, %v", in, err)
	}
	if bot, err := x.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: botID}); err != nil || bot.UserID != botUser {
		t.Errorf("bots.info = %+v, %v", bot, err)
	}
	var names []string
	for cursor := ""; ; {
		page, next, err := x.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{Limit: 2, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			names = append(names, c.Name)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if want := []string{"general", "random", "lobby"}; !slices.Equal(names, want) {
		t.Errorf("conversations.list = %v, want %v", names, want)
	}
}

func TestMetadataComesBackFromTheThread(t *testing.T) {
	x := start(t, Config{})
	asked := x.say(t, "C0GENERAL", "asked")
	meta := slack.SlackMetadata{EventType: "answered", EventPayload: map[string]any{"key": "K", "n": 1.0}}
	_, ts, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionText("answer", false), slack.MsgOptionTS(asked), slack.MsgOptionMetadata(meta))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := x.api.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText("better answer", false)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		replies, _, _, err := x.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: asked, IncludeAllMetadata: want})
		if err != nil || len(replies) != 2 {
			t.Fatalf("replies = %+v, %v", replies, err)
		}
		if root := replies[0]; root.Timestamp != asked || root.ReplyCount != 1 || root.LatestReply != ts {
			t.Errorf("root = %+v", root)
		}
		got := replies[1]
		if got.Text != "better answer" || got.Edited == nil || got.ThreadTimestamp != asked || got.ParentUserId != "U0ASKER" {
			t.Errorf("reply = %+v", got)
		}
		if has := got.Metadata.EventType == "answered" && got.Metadata.EventPayload["key"] == "K"; has != want {
			t.Errorf("with include_all_metadata=%v: metadata = %+v", want, got.Metadata)
		}
	}
}

func TestHistoryPages(t *testing.T) {
	x := start(t, Config{})
	var ts []string
	for _, text := range []string{"one", "two", "three", "four"} {
		ts = append(ts, x.say(t, "C0GENERAL", text))
	}
	x.act(t, "message", object{"user": "U0ASKER", "channel": "C0GENERAL", "thread_ts": ts[3], "text": "a reply"})
	for _, tt := range []struct {
		in   slack.GetConversationHistoryParameters
		want string
	}{
		{slack.GetConversationHistoryParameters{}, "four three two one"},
		{slack.GetConversationHistoryParameters{Limit: 3}, "four three two | one"},
		{slack.GetConversationHistoryParameters{Limit: 2}, "four three | two one"},
		{slack.GetConversationHistoryParameters{Oldest: ts[1]}, "four three"},
		{slack.GetConversationHistoryParameters{Oldest: ts[1], Inclusive: true}, "four three two"},
		{slack.GetConversationHistoryParameters{Latest: ts[1]}, "one"},
		{slack.GetConversationHistoryParameters{Latest: ts[1], Inclusive: true, Limit: 1}, "two | one"},
	} {
		var got []string
		for in := tt.in; ; {
			in.ChannelID = "C0GENERAL"
			page, err := x.api.GetConversationHistory(&in)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page.Messages {
				got = append(got, m.Text)
			}
			if !page.HasMore {
				break
			}
			got = append(got, "|")
			in.Cursor = page.ResponseMetaData.NextCursor
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("history %+v = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestRepliesPage(t *testing.T) {
	x := start(t, Config{})
	root := x.say(t, "C0GENERAL", "root")
	ts := []string{root}
	for _, text := range []string{"one", "two", "three"} {
		ts = append(ts, x.act(t, "message", object{"user": "U0ASKER", "channel": "C0GENERAL", "thread_ts": root, "text": text})["ts"].(string))
	}
	for _, tt := range []struct {
		in   slack.GetConversationRepliesParameters
		want string
	}{
		{slack.GetConversationRepliesParameters{}, "root one two three"},
		{slack.GetConversationRepliesParameters{Limit: 2}, "root one two | root three"},
		{slack.GetConversationRepliesParameters{Oldest: ts[1]}, "root two three"},
		{slack.GetConversationRepliesParameters{Latest: ts[2], Inclusive: true}, "root one two"},
		{slack.GetConversationRepliesParameters{Timestamp: ts[2]}, "two"},
	} {
		var got []string
		in := tt.in
		in.ChannelID = "C0GENERAL"
		if in.Timestamp == "" {
			in.Timestamp = root
		}
		for more := true; more; {
			page, has, next, err := x.api.GetConversationReplies(&in)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				got = append(got, m.Text)
			}
			if more = has; more {
				got = append(got, "|")
			}
			in.Cursor = next
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("replies %+v = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestBotDeletesItsMessage(t *testing.T) {
	x := start(t, Config{})
	_, ts, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionText("oops", false))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"", "message_not_found"} {
		if _, _, err := x.api.DeleteMessage("C0GENERAL", ts); code(err) != want {
			t.Errorf("chat.delete: %v, want %q", err, want)
		}
	}
}

func TestDeletedRootKeepsItsThread(t *testing.T) {
	x := start(t, Config{})
	lonely, root := x.say(t, "C0GENERAL", "lonely"), x.say(t, "C0GENERAL", "root")
	x.act(t, "message", object{"user": "U0ASKER", "channel": "C0GENERAL", "thread_ts": root, "text": "reply"})
	for ts, want := range map[string]string{lonely: "cannot_reply_to_message", root: ""} {
		x.act(t, "delete", object{"channel": "C0GENERAL", "ts": ts})
		_, _, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionText("late", false), slack.MsgOptionTS(ts))
		if code(err) != want {
			t.Errorf("reply to a deleted message: %v, want %q", err, want)
		}
	}
	replies, _, _, err := x.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: root})
	if err != nil || len(replies) != 3 || replies[0].SubType != "tombstone" {
		t.Errorf("replies = %+v, %v", replies, err)
	}
	if seen := x.messages(t, "C0GENERAL", ""); len(seen) != 2 {
		t.Errorf("messages = %+v, want the two replies", seen)
	}
}

func TestPermalinkOpensThePage(t *testing.T) {
	x := start(t, Config{})
	link, err := x.api.GetPermalink(&slack.PermalinkParameters{Channel: "C0GENERAL", Ts: x.say(t, "C0GENERAL", "hi")})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Location"); got != "/#C0GENERAL" {
		t.Errorf("%s leads to %q", link, got)
	}
}

// A request that its client gave up before it was sent whole calls nothing.
func TestARequestThatBreaksOffCallsNothing(t *testing.T) {
	called := make(chan Call, 1)
	w := New(Config{OnCall: func(c Call) { called <- c }})
	ended := make(chan struct{})
	next := w.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		defer close(ended)
		next.ServeHTTP(rw, r)
	}))
	t.Cleanup(srv.Close)
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	const whole = "channel=C0GENERAL&text=hello"
	fmt.Fprintf(conn, "POST /api/chat.postMessage HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		srv.Listener.Addr(), w.BotToken(), len(whole), whole[:20])
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	<-ended
	select {
	case c := <-called:
		t.Errorf("called %s with %v", c.Method, c.Args)
	default:
	}
}
