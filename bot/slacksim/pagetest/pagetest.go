// Package pagetest operates the workspace's page in a real browser, for tests.
package pagetest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	devtools "github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a tab of a browser that is closed when its test ends. A step that
// fails ends the test; an error on the page's console fails it.
type Tab struct {
	t   *testing.T
	ctx context.Context
}

// Open opens a page in an empty Chromium. The test is skipped where there is no
// Chromium, and fails in CI.
func Open(t *testing.T, url string) Tab {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium on the PATH")
		}
		t.Skip("no chromium on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("force-prefers-reduced-motion", true), // a click must not miss what is still moving
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1280, 800))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := Tab{t, ctx}
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %s %s", ev.ExceptionDetails.Text, ev.ExceptionDetails.Exception.Description)
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError {
				t.Errorf("the page's console: %s", ev.Args[0].Value)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b.do("open "+url, chromedp.Navigate(url))
	return b
}

func (b Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Write types a message into a box, the first by default, and sends it.
func (b Tab) Write(message string) { b.WriteIn(`[data-testid="composer"]`, message) }

// WriteIn is Write for the box that a selector names.
func (b Tab) WriteIn(selector, message string) {
	b.t.Helper()
	b.Type(selector, message)
	b.Key("Enter", 13)
}

// Type types into an element.
func (b Tab) Type(selector, text string) {
	b.t.Helper()
	b.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Key presses a key without a character that goes with it.
func (b Tab) Key(name string, code int64) {
	b.t.Helper()
	b.press(name, code, 0)
}

// Alt presses a key together with Alt.
func (b Tab) Alt(name string, code int64) {
	b.t.Helper()
	b.press(name, code, 1)
}

func (b Tab) press(name string, code int64, modifiers int64) {
	b.t.Helper()
	b.do("press "+name, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, typ := range []devtools.DispatchKeyEventType{devtools.DispatchKeyEventTypeRawKeyDown, devtools.DispatchKeyEventTypeKeyUp} {
			press := devtools.DispatchKeyEventParams{Type: typ, Key: name, Code: name, WindowsVirtualKeyCode: code, NativeVirtualKeyCode: code, Modifiers: modifiers}
			if _, err := cdp.Call(ctx, t, devtools.DispatchKeyEvent, press); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Click goes to an element with the mouse, since some appear only below it, and
// clicks it.
func (b Tab) Click(selector string) {
	b.t.Helper()
	b.Shows(selector)
	at := b.rest(selector)
	b.do("go to "+selector, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, devtools.DispatchMouseEvent, devtools.DispatchMouseEventParams{Type: devtools.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1]})
		return err
	}))
	for tries := 0; ; tries++ {
		err := chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return
		}
		// The page may draw a list anew between the finding and the clicking.
		if tries == 9 || !strings.Contains(err.Error(), "Could not find node") {
			b.t.Fatalf("click %s: %v", selector, err)
		}
	}
}

// rest brings an element into view and returns its middle once it no longer
// moves: lists scroll, and panes open, for a moment.
func (b Tab) rest(selector string) (at []float64) {
	b.t.Helper()
	for tries := 0; ; tries++ {
		now, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
			`(() => { const e = document.querySelector(%q); if (!e) return []; e.scrollIntoView({block: "nearest"}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, selector)))
		if err != nil || tries == 100 {
			b.t.Fatalf("find %s at rest: %v, %v", selector, now, err)
		}
		if len(now) > 0 && slices.Equal(now, at) {
			return now
		}
		at = now
		time.Sleep(20 * time.Millisecond)
	}
}

// Shows waits until an element can be seen.
func (b Tab) Shows(selector string) {
	b.t.Helper()
	b.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Reads waits until one of the elements holds a text and returns what all of
// them say.
func (b Tab) Reads(selector, holds string) string {
	b.t.Helper()
	all := fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText)", selector)
	b.Until(fmt.Sprintf("%s.some(t => t.includes(%q))", all, holds))
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](all+`.join("\n")`))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// Until waits until an expression is true.
func (b Tab) Until(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression)); err != nil {
		text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		b.t.Fatalf("wait until %s: %v; the page says:\n%s", expression, err, text)
	}
}

// Set gives an input a value, as a picker of dates does.
func (b Tab) Set(selector, value string) {
	b.t.Helper()
	b.Shows(selector)
	script := fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`, selector, value)
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); err != nil {
		b.t.Fatal(err)
	}
}

// Picture takes a screenshot of a window of a size, dark or light.
func (b Tab) Picture(file string, width, height int64, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do("colours", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
	b.Size(width, height)
	data, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		b.t.Fatal(err)
	}
	b.Size(1280, 800)
}

// Size gives the window a size and waits until the page has it.
func (b Tab) Size(width, height int64) {
	b.t.Helper()
	b.do("size", chromedp.EmulateViewport(width, height))
	b.Until(fmt.Sprintf("innerWidth === %d", width))
}
