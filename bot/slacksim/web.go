package slacksim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody is the largest request that is read.
const maxBody = 1 << 20

// Kinds of tokens, by their prefix.
const (
	anyToken = ""
	botKind  = "xoxb"
	appKind  = "xapp"
)

// openMethod is the method that opens sockets.
const openMethod = "apps.connections.open"

// method is one method of the Web API.
type method struct {
	token    string   // the kind that it takes
	scopes   []string // any one of them would do
	required []string // arguments that must be there
	run      func(*Workspace, call) (object, error)
}

var methods = map[string]method{
	"assistant.threads.setStatus":           {botKind, []string{"chat:write"}, []string{"channel_id", "thread_ts"}, (*Workspace).setStatus},
	"assistant.threads.setSuggestedPrompts": {botKind, []string{"assistant:write"}, []string{"channel_id", "prompts"}, (*Workspace).setPrompts},
	"assistant.threads.setTitle":            {botKind, []string{"assistant:write"}, []string{"channel_id", "thread_ts", "title"}, (*Workspace).setPaneTitle},
	"auth.test":                             {anyToken, nil, nil, (*Workspace).authTest},
	"apps.connections.open":                 {appKind, nil, nil, (*Workspace).openConnection},
	"bots.info":                             {botKind, []string{"users:read"}, nil, (*Workspace).botInfo},
	"chat.delete":                           {botKind, []string{"chat:write"}, []string{"channel", "ts"}, (*Workspace).deleteMessage},
	"chat.getPermalink":                     {botKind, nil, []string{"channel", "message_ts"}, (*Workspace).getPermalink},
	"chat.postEphemeral":                    {botKind, []string{"chat:write"}, []string{"channel", "user"}, (*Workspace).postEphemeral},
	"chat.postMessage":                      {botKind, []string{"chat:write"}, []string{"channel"}, (*Workspace).postMessage},
	"chat.update":                           {botKind, []string{"chat:write"}, []string{"channel", "ts"}, (*Workspace).updateMessage},
	"conversations.history":                 {botKind, historyScopes, []string{"channel"}, (*Workspace).history},
	"conversations.info":                    {botKind, readScopes, []string{"channel"}, (*Workspace).channelInfo},
	"conversations.join":                    {botKind, []string{"channels:join"}, []string{"channel"}, (*Workspace).join},
	"conversations.list":                    {botKind, readScopes, nil, (*Workspace).listChannels},
	"conversations.members":                 {botKind, readScopes, []string{"channel"}, (*Workspace).members},
	"conversations.open":                    {botKind, []string{"im:write", "mpim:write"}, nil, (*Workspace).openDirect},
	"conversations.replies":                 {botKind, historyScopes, []string{"channel", "ts"}, (*Workspace).threadReplies},
	"reactions.add":                         {botKind, []string{"reactions:write"}, []string{"name"}, (*Workspace).addReaction},
	"reactions.remove":                      {botKind, []string{"reactions:write"}, []string{"name"}, (*Workspace).removeReaction},
	"team.info":                             {botKind, []string{"team:read"}, nil, (*Workspace).teamInfo},
	"users.conversations":                   {botKind, readScopes, nil, (*Workspace).userChannels},
	"users.info":                            {botKind, []string{"users:read"}, []string{"user"}, (*Workspace).userInfo},
	"users.list":                            {botKind, []string{"users:read"}, nil, (*Workspace).listUsers},
	"views.open":                            {botKind, nil, []string{"view"}, (*Workspace).openView},
	"views.publish":                         {botKind, nil, []string{"user_id", "view"}, (*Workspace).publishView},
	"views.push":                            {botKind, nil, []string{"view"}, (*Workspace).pushOnto},
	"views.update":                          {botKind, nil, []string{"view"}, (*Workspace).updateView},
}

var (
	historyScopes = []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	readScopes    = []string{"channels:read", "groups:read", "im:read", "mpim:read"}
)

// refusal is an answer that is not ok.
type refusal struct {
	code     string
	messages []string // what is wrong in detail, as response_metadata has it
	more     object   // what else the answer says
}

func refuse(code string, messages ...string) error { return &refusal{code: code, messages: messages} }

func (r *refusal) Error() string {
	return strings.Join(append([]string{r.code}, r.messages...), "; ")
}

// answer is the JSON for the refusal.
func (r *refusal) answer() object {
	o := object{"ok": false, "error": r.code}
	maps.Copy(o, r.more)
	if len(r.messages) > 0 {
		o["response_metadata"] = object{"messages": r.messages}
	}
	return o
}

// call is a request to the Web API, whichever form it came in.
type call struct {
	method string
	args   map[string]string // values that are no strings are JSON
	base   string            // http://HOST, as the client calls us
	kind   string            // of its token
}

// or is an error that only some methods know by a name of its own.
func (c call) or(code string, of ...string) string {
	if slices.Contains(of, c.method) {
		return code
	}
	return "invalid_arguments"
}

func (c call) flag(name string) bool {
	return c.args[name] == "true" || c.args[name] == "1"
}

// limit is how many results the caller wants.
func (c call) limit(fallback, most int) (int, error) {
	s := c.args["limit"]
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, refuse(c.or("invalid_limit", "conversations.list", "conversations.members", "users.conversations"))
	}
	return min(cmp.Or(n, fallback), most), nil
}

// serveMethod answers /api/METHOD.
func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request) {
	began := time.Now()
	name := r.PathValue("method")
	args, token, err := readArgs(r)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		fail(rw, err) // it was given up before it was sent whole: nothing is called
		return
	}
	var answer object
	if err == nil {
		answer, err = w.call(rw, r, name, args, token)
	}
	w.publishCall(name, args, began, err)
	var no *refusal
	switch {
	case errors.As(err, &no):
		writeJSON(rw, http.StatusOK, no.answer())
	case err != nil:
		fail(rw, err)
	default:
		answer["ok"] = true
		writeJSON(rw, http.StatusOK, answer)
	}
}

// publishCall tells all pages of a call that is about to be answered.
func (w *Workspace) publishCall(name string, args map[string]string, began time.Time, err error) {
	told := object{"method": name, "ok": err == nil, "ms": time.Since(began).Milliseconds(), "args": args}
	var no *refusal
	if w.cfg.OnCall != nil && name != responseMethod {
		c := Call{Method: name, Args: slices.Sorted(maps.Keys(args))}
		if errors.As(err, &no) {
			c.Error = no.code
		}
		w.cfg.OnCall(c)
	}
	switch {
	case errors.As(err, &no):
		told["error"] = no.code
	case err != nil:
		told["error"] = err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.publish("api", told)
}

// call checks a request and runs its method.
func (w *Workspace) call(rw http.ResponseWriter, r *http.Request, name string, args map[string]string, token string) (object, error) {
	m, ok := methods[name]
	if !ok {
		return nil, refuse("unknown_method")
	}
	kind, err := w.authorize(token, m.token)
	if err != nil {
		return nil, err
	}
	if kind == botKind {
		rw.Header().Set("X-OAuth-Scopes", strings.Join(w.cfg.App.Scopes, ","))
		rw.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	}
	if m.scopes != nil && !w.cfg.App.can(m.scopes...) {
		return nil, w.cfg.App.lacking(m.scopes...)
	}
	if name == openMethod && r.Method != http.MethodPost {
		return nil, refuse("insecure_request")
	}
	var missing []string
	for _, arg := range m.required {
		if args[arg] == "" {
			missing = append(missing, "[ERROR] missing required field: "+arg)
		}
	}
	if missing != nil {
		return nil, refuse("invalid_arguments", missing...)
	}
	return w.perform(r, name, w.channelOf(args["channel"]), func() (object, error) {
		return m.run(w, call{method: name, args: args, base: "http://" + r.Host, kind: kind})
	})
}

// authorize checks a token against the kind that a method takes.
func (w *Workspace) authorize(token, want string) (kind string, err error) {
	switch token {
	case "":
		return "", refuse("not_authed")
	case w.botToken:
		kind = botKind
	case w.appToken:
		kind = appKind
	default:
		return "", refuse("invalid_auth")
	}
	if want != anyToken && want != kind {
		return "", refuse("not_allowed_token_type")
	}
	return kind, nil
}

// readArgs merges the query and the body, which may be a form, multipart or
// JSON, and takes the token out: from the header, else the body, else the query.
func readArgs(r *http.Request) (args map[string]string, token string, err error) {
	args = map[string]string{}
	for name, values := range r.URL.Query() {
		args[name] = values[0]
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method == http.MethodGet || r.Header.Get("Content-Type") == "":
	case err != nil:
		return nil, "", refuse("invalid_post_type")
	case kind == "application/json":
		if err := readJSONArgs(r.Body, args); err != nil {
			return nil, "", err
		}
	case kind == "application/x-www-form-urlencoded" || kind == "multipart/form-data":
		err := r.ParseForm() // of which ParseMultipartForm forgets the error
		if err == nil {
			err = r.ParseMultipartForm(maxBody) // #nosec G120 -- Handler limits every body
		}
		if err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return nil, "", unread(err, "invalid_form_data")
		}
		for name, values := range r.PostForm {
			args[name] = values[0]
		}
	default:
		return nil, "", refuse("invalid_post_type")
	}
	token = args["token"]
	delete(args, "token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = strings.TrimSpace(bearer)
	}
	return args, token, nil
}

// readJSONArgs adds the members of a JSON object to args. An empty body has none.
func readJSONArgs(body io.Reader, args map[string]string) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return unread(err, "invalid_json")
	}
	if len(data) == 0 {
		return nil
	}
	if !json.Valid(data) {
		return refuse("invalid_json")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return refuse("json_not_object")
	}
	for name, value := range raw {
		var s string
		switch {
		case string(value) == "null":
		case json.Unmarshal(value, &s) == nil:
			args[name] = s
		default:
			args[name] = string(value)
		}
	}
	return nil
}

// unread passes on that a body is over the limit or breaks off, and refuses all
// else with code.
func unread(err error, code string) error {
	if _, limit := errors.AsType[*http.MaxBytesError](err); limit || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read request: %w", err)
	}
	return refuse(code)
}

// writeJSON answers a request. A client that has gone is no error of ours.
func writeJSON(rw http.ResponseWriter, status int, answer any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	enc := json.NewEncoder(rw)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(answer)
}
