package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"headroom/experiments/session"
	"headroom/internal/strict"
	"headroom/reports"
	"headroom/scenarios"
)

// prompting is what stands before a command.
const prompting = "> "

// explores tells whether a prompt follows the answer: on a terminal, unless a program is to read the answer, or as --interactive says.
func (f *bottleneckFlags) explores(c *cobra.Command, file string) (bool, error) {
	forced := c.Flags().Changed("interactive") && f.interactive
	switch {
	case c.Flags().Changed("interactive") && !f.interactive:
		return false, nil
	case forced && f.output.output != outputs[0]:
		return false, misusef("--interactive with -o %s: an exploration is drawn for a person, as -o table", f.output.output)
	case forced && f.output.out != "":
		return false, misusef("--interactive with --out: an exploration is drawn on standard output; its command save writes the scenario")
	case forced && f.write != "":
		return false, misusef("--interactive with --write: at the prompt apply %d makes the change, and save %s writes it", f.apply, f.write)
	case forced && file == "-":
		return false, misusef("--interactive with -: commands are read from standard input, so the scenario needs a FILE")
	}
	terminals := term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
	return forced || terminals && f.output.output == outputs[0] && f.output.out+f.write == "" && file != "-", nil
}

// A reader gives one line after the other; the error is io.EOF where there are no more.
type reader interface {
	read() (string, error)
	pause() (resume func()) // while a command is done
	close()
}

// piped reads lines that nobody types, and shows them where the prompt would.
type piped struct{ in *bufio.Scanner }

func (p piped) read() (string, error) {
	if !p.in.Scan() {
		if err := p.in.Err(); err != nil {
			return "", err
		}
		return "", io.EOF
	}
	if line := strings.TrimSpace(p.in.Text()); line != "" {
		fmt.Printf("\n%s%s\n", prompting, line)
	}
	return p.in.Text(), nil
}

func (piped) pause() func() { return func() {} }
func (piped) close()        {}

// typed lets a person edit lines. While a command is done the terminal is as it was before, so that an interrupt is one.
type typed struct {
	*liner.State
	plain, edited liner.ModeApplier
}

func newTyped(complete liner.WordCompleter) (*typed, error) {
	plain, err := liner.TerminalMode()
	if err != nil {
		return nil, err
	}
	t := &typed{State: liner.NewLiner(), plain: plain}
	t.SetCtrlCAborts(true)
	t.SetTabCompletionStyle(liner.TabPrints)
	t.SetWordCompleter(complete)
	if t.edited, err = liner.TerminalMode(); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// read reads a command. An interrupt ends the input, also one that comes before the terminal takes it for a key: liner prints the prompt first.
func (t *typed) read() (string, error) {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt)
	defer signal.Stop(interrupt)
	fmt.Println()
	type answer struct {
		line string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		line, err := t.ask(prompting)
		answered <- answer{line, err}
	}()
	select {
	case a := <-answered:
		return a.line, a.err
	case <-interrupt:
		return "", io.EOF
	}
}

// ask reads a line behind a prompt.
func (t *typed) ask(prompt string) (string, error) {
	line, err := t.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", io.EOF
	}
	if err == nil && strings.TrimSpace(line) != "" {
		t.AppendHistory(line)
	}
	return line, err
}

func (t *typed) pause() func() {
	_ = t.plain.ApplyMode() // a terminal that cannot be set would only look worse
	return func() { _ = t.edited.ApplyMode() }
}

func (t *typed) close() { _ = t.Close() }

// An exploration is a session with its lines.
type exploration struct {
	*session.Session
	f     *bottleneckFlags
	lines reader
	told  map[string]bool // warnings of the scenario, each once
	code  int             // of the worst mistake in a pipe
}

// explore answers, and then does one command after the other.
func (f *bottleneckFlags) explore(c *cobra.Command, file string) error {
	on, l, o, err := f.scenarioToExplore(c, file)
	if err != nil {
		return err
	}
	f.quiet.warn(l)
	told := map[string]bool{}
	for _, w := range l.Warnings {
		told[w.Message] = true
	}
	onTerminal := term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
	d, err := f.run(l, func(further []scenarios.Change) (*scenarios.Loaded, error) { return on.Load("", further) }, commandLine(c, []string{file}))
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted before anything was measured")
	case err != nil:
		return failure{err}
	}
	e := exploration{Session: session.New(on, d, o), f: f, told: told}
	if d != nil {
		if err := e.draw(session.Diagnosed{Diagnosis: d}); err != nil {
			return failure{err}
		}
	}
	if e.lines = (piped{bufio.NewScanner(os.Stdin)}); onTerminal {
		typed, err := newTyped(func(line string, at int) (string, []string, string) {
			before, after := string([]rune(line)[:at]), string([]rune(line)[at:])
			head, words := e.Complete(before)
			return head, words, after
		})
		if err != nil {
			return failure{err}
		}
		e.lines = typed
	}
	defer e.lines.close()
	e.welcome()
	if err := e.commands(onTerminal); err != nil {
		return err
	}
	return e.end()
}

// welcome says what to type, and how much the answers to come are worth.
func (e *exploration) welcome() {
	if e.f.quiet {
		return
	}
	said := "\nhelp lists what can be typed here: set, rate and apply change the scenario, what if tries a change, quit ends."
	if e.Quick() && !e.f.effort.quick {
		said += "\nThe answers from here on measure a fifth of the time, as with --quick: their intervals are wider."
	}
	fmt.Fprintln(os.Stderr, said)
}

// commands reads and does commands until there are no more.
func (e *exploration) commands(onTerminal bool) error {
	for {
		line, err := e.lines.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return failure{fmt.Errorf("standard input: %w", err)}
		}
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		answer, err := e.do(line)
		if err == nil {
			err = e.draw(answer)
		}
		if _, ends := answer.(session.Quit); ends {
			return nil
		}
		if err != nil {
			e.wrong(err, onTerminal)
		}
	}
}

// do does a command. An interrupt ends what it simulates, and no more.
func (e *exploration) do(line string) (session.Answer, error) {
	defer e.lines.pause()()
	ctx, stop := interruptible()
	defer stop()
	defer e.watch()()
	return e.Do(ctx, line)
}

func (e *exploration) watch() func() {
	var tell func(share float64)
	end := e.f.quiet.watch(&tell)
	e.Watch(tell)
	return end
}

func (e *exploration) draw(a session.Answer) error {
	for _, w := range session.Warnings(a) {
		if !bool(e.f.quiet) && !e.told[w] {
			fmt.Fprintln(os.Stderr, "warning:", w)
		}
		e.told[w] = true
	}
	return reports.Answer(e.f.output.style())(os.Stdout, a)
}

// wrong says what was wrong with a command. From a pipe it counts for the exit code: nobody reads it there and types another.
func (e *exploration) wrong(err error, onTerminal bool) {
	var mistake session.Mistake
	var problems strict.Problems
	code := exitFailed
	switch {
	case errors.Is(err, session.ErrInterrupted):
		code = 0
	case errors.As(err, &mistake), errors.As(err, &problems), errors.As(err, new(misuse)):
		code = exitUsage
	}
	if problems != nil {
		fmt.Fprintln(os.Stderr, problems.Error())
	} else {
		fmt.Fprintln(os.Stderr, "headroom:", err)
	}
	if e.code == 0 && (!onTerminal || code == exitFailed) {
		e.code = code
	}
}

// end says what the session has come to.
func (e *exploration) end() error {
	state := e.State()
	fmt.Println()
	if err := reports.State(e.f.output.style())(os.Stdout, state); err != nil {
		return failure{err}
	}
	switch {
	case e.code != 0:
		return exit(e.code)
	case state.Result == nil:
		return exit(exitInterrupted)
	}
	return verdict(state.Result)
}
