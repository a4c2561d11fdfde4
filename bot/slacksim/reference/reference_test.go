package reference

import (
	"fmt"
	"testing"
)

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		method       string
		args, scopes []string
		want         string
	}{
		{"chat.postMessage", []string{"channel", "text"}, []string{"chat:write"}, "<nil>"},
		{"conversations.history", []string{"channel"}, []string{"im:history"}, "<nil>"},
		{"views.open", []string{"view", "trigger_id"}, nil, "<nil>"},
		{"chat.shout", nil, nil, "chat.shout is no method of the reference"},
		{"chat.postMessage", []string{"text"}, []string{"chat:write"}, "chat.postMessage lacks the argument channel"},
		{"chat.postMessage", []string{"channel", "txt"}, []string{"chat:write"}, "chat.postMessage has no argument txt"},
		{"chat.postMessage", []string{"channel"}, []string{"commands"}, "chat.postMessage needs one of the scopes [chat:write]"},
	} {
		if got := fmt.Sprint(Faults(tt.method, tt.args, tt.scopes)); got != tt.want {
			t.Errorf("Faults(%s, %v, %v) = %s, want %s", tt.method, tt.args, tt.scopes, got, tt.want)
		}
	}
}

func TestUndocumented(t *testing.T) {
	for _, tt := range []struct{ method, code, want string }{
		{"chat.postMessage", "not_in_channel", "<nil>"},
		{"chat.postMessage", "invalid_auth", "<nil>"},
		{"chat.postMessage", "already_reacted", "the error already_reacted is not documented for chat.postMessage"},
		{"chat.shout", "not_in_channel", "the error not_in_channel is not documented for chat.shout"},
		{"chat.shout", "unknown_method", "<nil>"},
	} {
		if got := fmt.Sprint(Undocumented(tt.method, tt.code)); got != tt.want {
			t.Errorf("Undocumented(%s, %s) = %s, want %s", tt.method, tt.code, got, tt.want)
		}
	}
}
