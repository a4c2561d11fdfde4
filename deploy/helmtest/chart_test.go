// Package helmtest lints and renders the chart in deploy/helm with Helm's own
// code.
package helmtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"sigs.k8s.io/yaml"
)

const dir = "../helm"

// render returns the objects of the chart by their kind.
func render(t *testing.T, over string) (map[string]map[string]any, error) {
	t.Helper()
	c, err := loader.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	values, err := chartutil.ReadValues([]byte(over))
	if err != nil {
		t.Fatal(err)
	}
	all, err := chartutil.ToRenderValues(c, values, chartutil.ReleaseOptions{Name: "try", Namespace: "bots", IsInstall: true}, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(c, all)
	if err != nil {
		return nil, err
	}
	objects := map[string]map[string]any{}
	for name, text := range files {
		if !strings.HasSuffix(name, ".yaml") || strings.TrimSpace(text) == "" {
			continue
		}
		var o map[string]any
		if err := yaml.UnmarshalStrict([]byte(text), &o); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		objects[o["kind"].(string)] = o
	}
	return objects, nil
}

// at follows a path of keys and indices.
func at(t *testing.T, o any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, ok := o.(map[string]any)
			if !ok || m[step] == nil {
				t.Fatalf("%v: no %v", path, step)
			}
			o = m[step]
		case int:
			o = o.([]any)[step]
		}
	}
	return o
}

func TestLint(t *testing.T) {
	l := lint.All(dir, nil, "bots", true)
	for _, m := range l.Messages {
		if m.Severity > support.InfoSev {
			t.Errorf("%s: %v", m.Path, m.Err)
		}
	}
}

// Replicas, and the one more of an update, times sockets stay within the ten
// connections that Slack allows.
func TestTenConnections(t *testing.T) {
	for replicas := range 12 {
		for sockets := range 8 {
			_, err := render(t, fmt.Sprintf("{replicas: %d, sockets: %d}", replicas, sockets))
			may := replicas > 0 && sockets > 0 && (replicas+1)*sockets <= 10
			if may != (err == nil) {
				t.Errorf("%d replicas with %d sockets: %v", replicas, sockets, err)
			}
		}
	}
}

func TestDeployment(t *testing.T) {
	objects, err := render(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(objects)); !slices.Equal(got, []string{"Deployment", "NetworkPolicy", "PodDisruptionBudget"}) {
		t.Errorf("objects: %v", got)
	}
	pod := at(t, objects["Deployment"], "spec", "template", "spec")
	container := at(t, pod, "containers", 0)
	for probe, path := range map[string]string{"startupProbe": "/readyz", "readinessProbe": "/readyz", "livenessProbe": "/healthz"} {
		if got := at(t, container, probe, "httpGet", "path"); got != path {
			t.Errorf("%s asks %v", probe, got)
		}
	}
	for _, name := range []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "FOOTNOTE_DATABASE_URL"} {
		i := slices.IndexFunc(at(t, container, "env").([]any), func(e any) bool { return at(t, e, "name") == name })
		if i < 0 {
			t.Fatalf("no %s", name)
		}
		at(t, container, "env", i, "valueFrom", "secretKeyRef", "key")
	}
	if at(t, pod, "automountServiceAccountToken") != false || at(t, pod, "securityContext", "runAsNonRoot") != true ||
		at(t, container, "securityContext", "readOnlyRootFilesystem") != true || at(t, container, "securityContext", "allowPrivilegeEscalation") != false {
		t.Error("the pod may more than it needs")
	}
	if at(t, objects["PodDisruptionBudget"], "spec", "maxUnavailable") != float64(1) {
		t.Error("a drain may end more than one replica at once")
	}
	// What selects the pods is what they bear.
	labels := at(t, objects["Deployment"], "spec", "template", "metadata", "labels").(map[string]any)
	for _, selector := range []any{at(t, objects["Deployment"], "spec", "selector", "matchLabels"), at(t, objects["PodDisruptionBudget"], "spec", "selector", "matchLabels"), at(t, objects["NetworkPolicy"], "spec", "podSelector", "matchLabels")} {
		for k, v := range selector.(map[string]any) {
			if labels[k] != v {
				t.Errorf("selects %s=%v, the pods have %v", k, v, labels[k])
			}
		}
	}
}

// One replica has no budget, which would keep its node from being drained; facts
// of one's own are mounted; a misspelt value is refused.
func TestValues(t *testing.T) {
	objects, err := render(t, "{replicas: 1, factsConfigMap: our-facts, settings: {FOOTNOTE_COMMAND: /wissen}}")
	if err != nil {
		t.Fatal(err)
	}
	if objects["PodDisruptionBudget"] != nil {
		t.Error("a budget for one replica")
	}
	text, err := yaml.Marshal(objects["Deployment"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--facts=/etc/footnote/facts", "name: our-facts", "value: /wissen"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, wrong := range []string{"{replica: 3}", "{slack: {secret: ''}}", "{settings: {SLACK_BOT_TOKEN: xoxb-1}}",
		"{settings: {FOOTNOTE_SOCKETS: '9'}}", "{settings: {FOOTNOTE_DATABASE_URL: 'postgres://a:b@c/d'}}", "{settings: {FOOTNOTE_ADMIN_ADDRESS: 'off'}}", "{sockets: two}"} {
		if _, err := render(t, wrong); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}
