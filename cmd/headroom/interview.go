package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"headroom/experiments"
	"headroom/reports"
	"headroom/scenarios"
	"headroom/scenarios/interview"
)

// saving is the last question: what is to become of the scenario.
const (
	saving     = "Save the scenario as?"
	whySave    = "The name of a file. One that exists is written over only with --force behind its name. no leaves it at the answer."
	notToSave  = "no"
	explaining = "?"
)

// interview asks what is known of a system, makes a scenario of that, and answers as for a file.
func (f *bottleneckFlags) interview(c *cobra.Command) error {
	if c.Flags().Changed("interactive") && f.interactive {
		return misusef("--interactive without a FILE: standard input has the answers; save the scenario, and explore that")
	}
	if f.scenario.variant != "" {
		return misusef("--variant %s: a scenario made of answers has no variants", f.scenario.variant)
	}
	if err := f.check(c); err != nil {
		return err
	}
	changes, err := f.scenario.changes()
	if err != nil {
		return err
	}
	asks, err := f.newInterviewer()
	if err != nil {
		return failure{err}
	}
	defer asks.close()
	var in interview.Interview
	for q, more := in.Next(); more; q, more = in.Next() {
		if err := asks.about(q, in.Answer); err != nil {
			return err
		}
	}
	p, err := f.reproduce(&in, asks)
	if err != nil {
		return err
	}
	e := &explored{f, c, in.File(), p.Text, changes}
	load := func(further []scenarios.Change) (*scenarios.Loaded, error) { return e.Load("", further) }
	d, err := f.answer(e, load, p, asks)
	if err != nil {
		return err
	}
	asks.say("\n")
	if err := asks.about(interview.Question{Text: saving, Default: in.File(), Why: whySave}, e.saveAs); err != nil {
		return err
	}
	return f.end(e.file, p.Text, load, d)
}

// reproduce solves the times of the scenario that the answers describe.
func (f *bottleneckFlags) reproduce(in *interview.Interview, asks *interviewer) (*experiments.Reproduction, error) {
	defer asks.pause()()
	run, err := f.scenario.runChanges()
	if err != nil {
		return nil, err
	}
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Version: version()}
	defer f.quiet.watch(&o.Progress)()
	p, err := experiments.Reproduce(ctx, in, run, o)
	var impossible experiments.Uncalibratable
	switch {
	case errors.Is(err, context.Canceled):
		return nil, interruptedEarly()
	case errors.As(err, &impossible):
		return nil, misusef("%s", impossible)
	case err != nil:
		return nil, err
	}
	return p, nil
}

// answer diagnoses the scenario, and says what it rests on.
func (f *bottleneckFlags) answer(e *explored, load loading, p *experiments.Reproduction, asks *interviewer) (*experiments.Diagnosis, error) {
	defer asks.pause()()
	l, err := load(nil)
	if err != nil {
		return nil, err
	}
	d, err := f.diagnose(l, load, commandLine(e.c, []string{e.file}))
	if err != nil {
		return nil, err
	}
	if !bool(f.quiet) {
		style := reports.Style{Color: f.output.style().Color && term.IsTerminal(int(os.Stderr.Fd()))}
		fmt.Fprintln(os.Stderr)
		shown := d.Result
		if e.c.Flags().Changed("set") || e.c.Flags().Changed("rate") { // that is another system than the one reported
			shown = p.Calibration.Result
		}
		if err := reports.Reproduction(style)(os.Stderr, p, shown); err != nil {
			return nil, failure{err}
		}
		fmt.Fprintln(os.Stderr)
	}
	return d, f.draw(d)
}

// saveAs takes the answer to the last question.
func (e *explored) saveAs(text string) error {
	name, force := strings.CutSuffix(strings.TrimSpace(text), " --force")
	if strings.EqualFold(name, notToSave) {
		return nil
	}
	if err := e.Save(strings.TrimSpace(name), force, "", nil); err != nil {
		return err
	}
	if !bool(e.f.quiet) {
		fmt.Fprintf(os.Stderr, "wrote %s. Next:\n  headroom bottleneck %s\n", name, reports.Quoted(name))
	}
	return nil
}

// An interviewer puts questions to standard error. Who types may answer again; in a pipe a wrong answer is the last.
type interviewer struct {
	typed *typed         // nil: lines are read as they come
	lines *bufio.Scanner // of standard input
	again bool           // a person is asked
	quiet bool           // nobody reads the questions
}

func (f *bottleneckFlags) newInterviewer() (*interviewer, error) {
	person := term.IsTerminal(int(os.Stdin.Fd()))
	asks := &interviewer{lines: bufio.NewScanner(os.Stdin), again: person, quiet: bool(f.quiet) && !person}
	if !person || !term.IsTerminal(int(os.Stdout.Fd())) {
		return asks, nil
	}
	var err error
	asks.typed, err = newTyped(nil)
	return asks, err
}

func (a *interviewer) close() {
	if a.typed != nil {
		a.typed.close()
	}
}

// pause leaves the terminal as it was, while something is simulated.
func (a *interviewer) pause() (resume func()) {
	if a.typed != nil {
		return a.typed.pause()
	}
	return func() {}
}

// about asks until there is an answer that is taken.
func (a *interviewer) about(q interview.Question, take func(string) error) error {
	for {
		text, err := a.ask(q)
		if errors.Is(err, io.EOF) {
			return misusef("the input ended at the question `%s`: each wants an answer, and an empty line takes the default", q.Text)
		}
		if err != nil {
			return failure{fmt.Errorf("standard input: %w", err)}
		}
		switch text = strings.TrimSpace(text); text {
		case explaining:
			a.say("  %s\n", q.Why)
			continue
		case "":
			text = q.Default
		}
		err = take(text)
		if err == nil {
			return nil
		}
		if !a.again {
			return misusef("%s %s", q.Text, err)
		}
		a.say("  %s\n", err)
	}
}

// ask shows a question with its default, and reads a line.
func (a *interviewer) ask(q interview.Question) (string, error) {
	if a.typed != nil {
		a.say("%s\n", q.Text)
		return a.typed.ask("  [" + q.Default + "] ")
	}
	a.say("%s [%s] ", q.Text, q.Default)
	if !a.lines.Scan() {
		a.say("\n")
		if err := a.lines.Err(); err != nil {
			return "", err
		}
		return "", io.EOF
	}
	if !a.again { // who types sees what was typed
		a.say("%s\n", strings.TrimSpace(a.lines.Text()))
	}
	return a.lines.Text(), nil
}

func (a *interviewer) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(os.Stderr, format, args...)
	}
}
