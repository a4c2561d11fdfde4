// Package deploy_test holds the files of this directory to the program: that
// they are well-formed, and that every setting and metric they name is there.
package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func load(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Load([]byte(read(t, name)), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// tool finds a program, or skips the test; in CI it must be there.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return path
}

type rules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr string
			Labels      map[string]string
			Annotations map[string]string
		}
	}
}

func TestAlertRules(t *testing.T) {
	out, err := exec.Command(tool(t, "promtool"), "test", "rules", "alerts_test.yaml").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = exec.Command(tool(t, "promtool"), "check", "rules", "alerts.yaml").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Each alert has a test in which it fires, says what to do, and looks only at
// metrics that the manual lists.
func TestAlertsAreTestedAndSayWhatToDo(t *testing.T) {
	var r rules
	load(t, "alerts.yaml", &r)
	tests, manual := read(t, "alerts_test.yaml"), read(t, "../docs/operating.md")
	metric := regexp.MustCompile(`footnote_[a-z_]+`)
	n := 0
	for _, g := range r.Groups {
		for _, a := range g.Rules {
			n++
			if !strings.Contains(tests, `ALERTS{alertname="`+a.Alert+`",alertstate="firing"}`) {
				t.Errorf("%s has no test in which it fires", a.Alert)
			}
			if a.Annotations["summary"] == "" || a.Annotations["do"] == "" || a.Labels["severity"] == "" {
				t.Errorf("%s: summary, do and severity are needed", a.Alert)
			}
			for _, m := range metric.FindAllString(a.Expr, -1) {
				if !strings.Contains(manual, "| `"+strings.TrimSuffix(m, "_bucket")+"` |") {
					t.Errorf("%s: %s is not in the manual", a.Alert, m)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("%d alerts", n)
	}
}

// Every setting that a file here names is one of .env.example.
func TestSettingsExist(t *testing.T) {
	known := read(t, "../.env.example")
	setting := regexp.MustCompile(`\b(?:FOOTNOTE|SLACK)_[A-Z_]+[A-Z]\b`)
	files, err := filepath.Glob("helm/templates/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "helm/values.yaml", "compose.yaml", "Containerfile", "footnote.service") {
		for _, s := range setting.FindAllString(read(t, name), -1) {
			if !strings.Contains(known, s+"=") {
				t.Errorf("%s: .env.example has no %s", name, s)
			}
		}
	}
}

// The unit gives the program as little as it needs: systemd rates it from 0,
// which is best, to 10.
func TestUnit(t *testing.T) {
	analyze := tool(t, "systemd-analyze")
	unit, err := filepath.Abs("footnote.service")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=20", unit).CombinedOutput()
	if err != nil {
		t.Errorf("exposed more than 2.0: %v\n%s", err, out)
	}
	// The program need not be installed where the test runs.
	dir := t.TempDir()
	there := filepath.Join(dir, "footnote.service")
	text := strings.Replace(read(t, unit), "/usr/local/bin/footnote", "/bin/true", 1)
	if err := os.WriteFile(there, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(analyze, "verify", there).CombinedOutput(); err != nil || strings.Contains(string(out), there) {
		t.Errorf("verify: %v\n%s", err, out)
	}
}

// Nothing of the Compose file is reached from outside, no secret stands in it, and
// everything comes back when the machine is started anew.
func TestCompose(t *testing.T) {
	var c struct {
		Services map[string]struct {
			Image       string
			Restart     string
			Ports       []string
			ReadOnly    bool           `yaml:"read_only"`
			CapDrop     []string       `yaml:"cap_drop"`
			Environment map[string]any `yaml:"environment"`
			Healthcheck map[string]any
			DependsOn   map[string]any `yaml:"depends_on"`
		}
	}
	load(t, "compose.yaml", &c)
	for name, s := range c.Services {
		if s.Restart != "unless-stopped" {
			t.Errorf("%s: restart is %q", name, s.Restart)
		}
		if len(s.Ports) > 0 {
			t.Errorf("%s publishes %v", name, s.Ports)
		}
		if !regexp.MustCompile(`:[a-z0-9.-]+$`).MatchString(s.Image) || strings.HasSuffix(s.Image, ":latest") {
			t.Errorf("%s: the image %q is not pinned", name, s.Image)
		}
		for k, v := range s.Environment {
			if text, _ := v.(string); strings.Contains(k, "PASSWORD") && !strings.HasPrefix(text, "${") {
				t.Errorf("%s: %s stands in the file", name, k)
			}
		}
	}
	bot := c.Services["footnote"]
	if !bot.ReadOnly || !slices.Equal(bot.CapDrop, []string{"ALL"}) || bot.DependsOn["database"] == nil || c.Services["database"].Healthcheck == nil {
		t.Errorf("the bot's root is read-only, without capabilities, after a healthy database: %+v", bot)
	}
}

// The image is pinned, static and no root's.
func TestContainerfile(t *testing.T) {
	text := read(t, "Containerfile")
	mod := regexp.MustCompile(`(?m)^go (\S+)`).FindStringSubmatch(read(t, "../go.mod"))[1]
	for _, want := range []string{"golang:" + mod + "-", "CGO_ENABLED=0", "distroless/static", "\nUSER 65532:65532\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(from[1], ":") || strings.HasSuffix(from[1], ":latest") {
			t.Errorf("%s is not pinned", from[1])
		}
	}
}

var namedTest = regexp.MustCompile("`([a-z/]+): (?:((?:Test|Fuzz)[A-Za-z]+)|([a-z]+\\.txtar))`")

// Every threat has a test, and every test that docs/security.md names is there.
func TestSecurityNamesTestsThatExist(t *testing.T) {
	text := read(t, "../docs/security.md")
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| **") && !namedTest.MatchString(line) {
			t.Errorf("no test: %s", line)
		}
	}
	places := map[string]string{"slacksim": "bot/slacksim", "store": "bot/store"}
	for _, m := range namedTest.FindAllStringSubmatch(text, -1) {
		dir := m[1]
		if place, ok := places[dir]; ok {
			dir = place
		}
		if m[3] != "" {
			read(t, filepath.Join("..", dir, "testdata/script", m[3]))
			continue
		}
		files, err := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(files, func(f string) bool { return strings.Contains(read(t, f), "\nfunc "+m[2]+"(") }) {
			t.Errorf("%s has no %s", dir, m[2])
		}
	}
}
