//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A pseudo is a pseudo-terminal with a program on it.
type pseudo struct {
	t       *testing.T
	keys    *os.File
	program *exec.Cmd
	seen    string // since the last wait
}

// onTerminal starts the program on a terminal of its own.
func onTerminal(t *testing.T, dir string, words ...string) *pseudo {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("there are no pseudo-terminals:", err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	fd := int(keys.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100})
	}
	if err != nil {
		t.Skip("the pseudo-terminal is none:", err)
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("the pseudo-terminal has no other end:", err)
	}
	defer screen.Close()
	headroom, err := exec.LookPath("headroom") // this test itself, see TestMain
	if err != nil {
		t.Fatal(err)
	}
	p := &pseudo{t: t, keys: keys, program: exec.Command(headroom, words...)}
	p.program.Dir, p.program.Stdin, p.program.Stdout, p.program.Stderr = dir, screen, screen, screen
	p.program.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1")
	p.program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.program.Process.Kill() })
	return p
}

// wait reads until a text is seen.
func (p *pseudo) wait(text string) {
	p.t.Helper()
	late := time.AfterFunc(20*time.Second, func() { _ = p.program.Process.Kill() })
	defer late.Stop()
	buffer := make([]byte, 4096)
	for {
		if _, after, found := strings.Cut(p.seen, text); found {
			p.seen = after
			return
		}
		n, err := p.keys.Read(buffer)
		p.seen += string(buffer[:n])
		if err != nil && !strings.Contains(p.seen, text) {
			p.t.Fatalf("no %q in %q: %v", text, p.seen, err)
		}
	}
}

// types types keys.
func (p *pseudo) types(keys string) {
	p.t.Helper()
	if _, err := p.keys.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// TestPromptOnTerminal: a prompt follows the answer without a flag; Tab completes, the arrow brings back what was typed, an interrupt ends what
// is simulated and no more, and at the prompt it ends the session.
func TestPromptOnTerminal(t *testing.T) {
	const (
		prompt    = "\r\n> "
		interrupt = "\x03"
	)
	dir := t.TempDir()
	scenario := "run: {requests: 2k, replications: 2}\nslo: [p99 < 1s]\ntraffic: {u: {enters: s, rate: 50/s}}\nnodes:\n  s: {kind: station, servers: 1, service: exp(10ms)}\n"
	if err := os.WriteFile(filepath.Join(dir, "s.yaml"), []byte(scenario), 0o666); err != nil {
		t.Fatal(err)
	}
	p := onTerminal(t, dir, "bottleneck", "s.yaml", "--parallel", "1")
	p.wait("BOTTLENECK")
	p.wait(prompt)
	p.types("se\tnodes.s.servi\t")
	p.wait("set nodes.s.service=exp(10ms)")
	p.types("\x15set nodes.s.serers=2\r") // Ctrl-U, and a slip
	p.wait("did you mean `servers`?")
	p.wait(prompt)
	p.types("\x1b[A") // up: the line again
	p.wait("set nodes.s.serers=2")
	p.types("\x15set run.requests=20M\r")
	p.wait("simulating") // the bar of progress
	p.types(interrupt)
	p.wait("interrupted: nothing has changed")
	p.wait(prompt)
	p.types("set nodes.s.servers=2\r")
	p.wait("Changed")
	p.wait(prompt)
	p.types(interrupt)
	p.wait("State  1 change")
	p.wait("headroom bottleneck s.yaml --set nodes.s.servers=2")
	if err := p.program.Wait(); err != nil {
		t.Errorf("the session ends with %v", err)
	}
}
