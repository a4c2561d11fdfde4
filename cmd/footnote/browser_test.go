package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	devtools "github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the screenshot that the README shows")

// simAddress runs "footnote sim" until the test ends and returns where its page is.
func simAddress(t *testing.T) string {
	t.Helper()
	bin := t.TempDir() + "/footnote"
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "sim", "--listen", "127.0.0.1:0")
	cmd.Dir = t.TempDir()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("footnote sim: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return address.FindString(line)
}

// browser returns a tab of an empty Chromium.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium on the PATH")
		}
		t.Skip("no chromium on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1280, 800))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// tab is a page in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func (b tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// write types a message and sends it.
func (b tab) write(message string) {
	b.t.Helper()
	b.do("write "+message, chromedp.SendKeys(chromedp.CSS(`[data-testid="composer"]`), message), chromedp.Func(enter))
}

// enter presses the key without the character that SendKeys would add.
func enter(ctx context.Context, t *chromedp.Target) error {
	for _, typ := range []devtools.DispatchKeyEventType{devtools.DispatchKeyEventTypeRawKeyDown, devtools.DispatchKeyEventTypeKeyUp} {
		press := devtools.DispatchKeyEventParams{Type: typ, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
		if _, err := cdp.Call(ctx, t, devtools.DispatchKeyEvent, press); err != nil {
			return err
		}
	}
	return nil
}

func (b tab) click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

func (b tab) shows(selector string) {
	b.t.Helper()
	b.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// reads waits until one of the elements holds a text and returns what all of
// them say.
func (b tab) reads(selector, holds string) string {
	b.t.Helper()
	all := fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText)", selector)
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](fmt.Sprintf("%s.some(t => t.includes(%q))", all, holds))); err != nil {
		b.t.Fatalf("wait for %q in %s: %v", holds, selector, err)
	}
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](all+`.join("\n")`))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// picture takes a screenshot for the documents.
func (b tab) picture(file string) {
	b.t.Helper()
	b.do("size", chromedp.EmulateViewport(1280, 640, chromedp.EmulateScale(2)))
	data, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		b.t.Fatal(err)
	}
	b.do("size", chromedp.ResetViewport())
}

// TestPage asks the same questions as a newcomer does, in a real browser: by
// mention, by slash command and by direct message.
func TestPage(t *testing.T) {
	b := tab{t, browser(t)}
	faults := make(chan string, 100)
	err := chromedp.Listen(b.ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			faults <- ev.ExceptionDetails.Text
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError {
				faults <- fmt.Sprint(ev.Args[0].Value)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b.do("open the page", chromedp.Navigate(simAddress(t)))
	b.shows("#sockets.up")
	b.shows(".chip")

	b.write("@footnote Who is leading the negotiations?")
	wants(t, "mention", b.reads("#thread .message", "Sam Altman"), "Andy Jassy", "It was earlier reported by The Wall Street Journal",
		"Reported by The Wall Street Journal, not confirmed", "30 January 2026")
	b.shows("#thread .quote")
	if *update {
		b.picture("../../docs/workspace.png")
	}

	b.write("@footnote what is OpenAI's valuation")
	wants(t, "decline", b.reads("#thread .message", "does not give OpenAI's valuation"), "The nearest it says")
	b.click(`#thread [data-action-id^="answer"]`)
	b.reads("#thread .message", "Amazon is in advanced discussions to invest as much as")

	b.write("/ask how much severance support is there")
	wants(t, "command", b.reads("#messages .ephemeral", "severance pay"), "career transition services", "90 days", "no amount", "Only visible to you")
	b.click(`#messages .ephemeral [data-action-id="share"]`)
	wants(t, "share", b.reads("#messages .message:not(.ephemeral)", "Shared by"), "severance pay")

	b.click(`[data-channel="@U0BOT"]`)
	b.write("How much severance support is there?")
	wants(t, "direct message", b.reads("#messages .message", "severance pay"), "career transition services")

	close(faults)
	for fault := range faults {
		t.Errorf("the page's console: %s", fault)
	}
}

func wants(t *testing.T, what, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, got)
		}
	}
}
