package store

import (
	"net/url"
	"strings"
	"testing"

	"footnote/bot/store/pgtest"
)

func TestOpenSaysWhatIsWrongWithPostgreSQL(t *testing.T) {
	good := pgtest.Start(t)
	with := func(change func(*url.URL)) string {
		u, err := url.Parse(good)
		must(t, err)
		change(u)
		return u.String()
	}
	newer := pgtest.Start(t)
	execute(t, open(t, newer), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
	password, _ := func() (string, bool) { u, _ := url.Parse(good); return u.User.Password() }()
	for _, tt := range []struct{ name, address, want string }{
		{"password", with(func(u *url.URL) { u.User = url.UserPassword("footnote", "sesame") }), "does not let this user in"},
		{"database", with(func(u *url.URL) { u.Path = "/nowhere" }), "does not exist"},
		{"socket", with(func(u *url.URL) { u.RawQuery = "host=/nowhere" }), "cannot be reached"},
		{"host", "postgres://footnote:sesame@127.0.0.1:1/footnote", "cannot be reached"},
		{"address", "postgres://footnote:sesame%@127.0.0.1/footnote", "write it as postgres://USER:PASSWORD@HOST:5432/DATABASE"},
		{"port", "postgres://footnote:sesame@127.0.0.1:port/footnote", "write it as postgres://"},
		{"option", "postgres://footnote:sesame@127.0.0.1/footnote?sslmode=sometimes", "write it as postgres://"},
		{"newer schema", newer, "written by a newer Footnote"},
	} {
		_, err := Open(t.Context(), tt.address)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want it to say %q", tt.name, err, tt.want)
			continue
		}
		for _, never := range []string{"sesame", password, "\n"} {
			if strings.Contains(err.Error(), never) {
				t.Errorf("%s: the error holds %q: %v", tt.name, never, err)
			}
		}
	}
}

// While the server is away there are errors, and afterwards there is nothing
// to be mended.
func TestTheServerComesBack(t *testing.T) {
	pgtest.Start(t) // or skip
	cluster, err := pgtest.Open("")
	must(t, err)
	t.Cleanup(func() { must(t, cluster.Close()) })
	address, err := cluster.Create("footnote")
	must(t, err)
	s := open(t, address)
	record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "before"))

	must(t, cluster.Stop())
	for range 2 { // of a connection that broke, and of a new one
		_, err := s.Put(t.Context(), mention("C1", "2.0", ""), reply("C1", "2.0", "meanwhile"))
		if err == nil || !strings.Contains(err.Error(), "ledger postgres://footnote@/footnote?host=") {
			t.Errorf("Put while the server is away: %v", err)
		}
	}
	must(t, cluster.Continue())
	poll(t, "it is written", func() bool {
		fresh, err := s.Put(t.Context(), mention("C1", "2.0", ""), reply("C1", "2.0", "meanwhile"))
		return err == nil && fresh
	})
	if _, got := claim(t, s); got != "before" {
		t.Errorf("claimed %q, want before", got)
	}
}
