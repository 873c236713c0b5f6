package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"headroom/experiments"
	"headroom/internal/strict"
)

// A Command is one that the prompt knows.
type Command struct {
	Name, Arguments, About string

	also []string // other names
	do   func(s *Session, ctx context.Context, rest string) (Answer, error)
}

// commands are in the order in which help lists them.
var commands []Command

func init() { // help lists the others
	commands = []Command{
		{Name: "bottleneck", About: "the answer again, for the present state", also: []string{"show"}, do: (*Session).show},
		{Name: "next", About: "what limits next: the second and third in line", do: (*Session).next},
		{Name: "what if", Arguments: "CHANGE", About: "try a change beside the present state, and do not keep it", do: (*Session).whatIf},
		{Name: "set", Arguments: "PATH=VALUE", About: "change values of the file; several changes stand side by side", do: (*Session).set},
		{Name: "rate", Arguments: "RATE", About: "ask for so many requests per second, such as 50k", do: (*Session).rate},
		{Name: "apply", Arguments: "N", About: "make the change of remedy N of the last answer", do: (*Session).apply},
		{Name: "undo", About: "take the last change away", do: (*Session).undo},
		{Name: "compare", Arguments: "[FILE]", About: "the present state beside the file as it was loaded, or beside another one", do: (*Session).compareWith},
		{Name: "save", Arguments: "FILE", About: "write the scenario with its changes; comments stay; --force writes over a file", do: (*Session).save},
		{Name: "graph", About: "the architecture as Mermaid text", do: (*Session).graph},
		{Name: "help", Arguments: "[COMMAND]", About: "this list", also: []string{"?"}, do: (*Session).help},
		{Name: "quit", About: "end, and say what the session has come to; so do Ctrl-D and Ctrl-C", also: []string{"exit"}, do: (*Session).quit},
	}
}

// Do does what a line says. The error is a Mistake, a strict.Problems that a change would make, ErrInterrupted, or that of a run. After any of
// them the session is as it was before.
func (s *Session) Do(ctx context.Context, line string) (Answer, error) {
	c, rest, err := find(line)
	if err != nil {
		return nil, err
	}
	if c.Arguments == "" && rest != "" {
		return nil, Mistake{Message: fmt.Sprintf("%s takes nothing behind it, and here is `%s`", c.Name, rest)}
	}
	if c.Arguments != "" && c.Arguments[0] != '[' && rest == "" {
		return nil, Mistake{Message: fmt.Sprintf("%s needs %s: %s", c.Name, c.Arguments, examples[c.Name])}
	}
	return c.do(s, ctx, rest)
}

// examples are what a command that needs something may be given.
var examples = map[string]string{
	"what if": "such as what if nodes.api.instances=8, what if rate 50k, or what if apply 2",
	"set":     "such as set nodes.api.instances=8",
	"rate":    "such as rate 50k",
	"apply":   "the number of a remedy, such as apply 2",
	"save":    "such as save bigger.yaml",
}

// find takes the command off a line.
func find(line string) (c Command, rest string, err error) {
	line = strings.TrimSpace(line)
	for _, c := range commands {
		for _, name := range append([]string{c.Name}, c.also...) {
			if rest, is := strings.CutPrefix(line, name); is && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
				return c, strings.TrimSpace(rest), nil
			}
		}
	}
	word, rest, _ := strings.Cut(line, " ")
	if path, _, is := strings.Cut(line, "="); is && strings.Contains(path, ".") && !strings.Contains(path, " ") {
		return c, "", Mistake{Message: fmt.Sprintf("`%s` is a change: set keeps it, what if tries it", line), Suggest: "what if " + line}
	}
	if word == "what" || strict.Nearest(word, []string{"what"}) != "" { // two words: if what comes first is right, the rest may not be
		_, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
		return c, "", unknownCommand(line, strings.TrimSpace("what if "+rest))
	}
	return c, "", unknownCommand(word, strict.Nearest(word, names()))
}

func unknownCommand(word, suggest string) Mistake {
	return Mistake{Message: fmt.Sprintf("unknown command `%s`: expected %s", word, strings.Join(names(), ", ")), Suggest: suggest}
}

// names are the first names of all commands.
func names() []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.Name)
	}
	return all
}

func (s *Session) show(ctx context.Context, _ string) (Answer, error) {
	d, err := s.diagnose(ctx, true)
	if err != nil {
		return nil, err
	}
	s.remedies = d.Remedies
	return Diagnosed{d}, nil
}

func (s *Session) next(ctx context.Context, _ string) (Answer, error) {
	d, err := s.diagnose(ctx, false)
	if err != nil {
		return nil, err
	}
	return InLine{d}, nil
}

// undo takes the last change away. What was found before it is still known.
func (s *Session) undo(context.Context, string) (Answer, error) {
	if len(s.steps) == 1 {
		return nil, Mistake{Message: "undo: nothing has been changed"}
	}
	last := s.now().said
	s.steps = s.steps[:len(s.steps)-1]
	return Undone{last, s.State()}, nil
}

// compareWith puts the present state beside the file as it was loaded, or beside another file.
func (s *Session) compareWith(ctx context.Context, file string) (Answer, error) {
	at := s.now()
	base := experiments.Case{Name: "as loaded"}
	var err error
	switch {
	case file != "":
		base.Name = file
		base.Loaded, err = s.file.Open(file, at.rate)
	case len(s.steps) == 1:
		return nil, Mistake{Message: "compare: nothing has been changed yet; compare FILE puts another file beside the present state"}
	default:
		base.Loaded, err = s.file.Load("", nil)
	}
	if err != nil {
		return nil, err
	}
	l, err := s.file.Load(at.rate, at.changes)
	if err != nil {
		return nil, err
	}
	c, err := s.compare(ctx, []experiments.Case{base, {Name: "now", Loaded: l}}, s.search, s.file.Command(at.rate, at.changes))
	if err != nil {
		return nil, err
	}
	return Compared{c}, nil
}

func (s *Session) save(_ context.Context, rest string) (Answer, error) {
	words := strings.Fields(rest)
	force := slices.Contains(words, "--force")
	words = slices.DeleteFunc(words, func(w string) bool { return w == "--force" })
	flag := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
	switch {
	case len(words) == 0:
		return nil, Mistake{Message: "save needs FILE: " + examples["save"]}
	case flag >= 0:
		return nil, Mistake{Message: fmt.Sprintf("save: unknown flag `%s`: expected --force", words[flag]), Suggest: strict.Nearest(words[flag], []string{"--force"})}
	case len(words) > 1:
		return nil, Mistake{Message: fmt.Sprintf("save takes one FILE and perhaps --force, and here are %d words: %s", len(words), strings.Join(words, " "))}
	}
	at := s.now()
	if err := s.file.Save(words[0], force, at.rate, at.changes); err != nil {
		return nil, err
	}
	return Saved{words[0]}, nil
}

func (s *Session) graph(context.Context, string) (Answer, error) {
	at := s.now()
	l, err := s.file.Load(at.rate, at.changes)
	if err != nil {
		return nil, err
	}
	return Drawn{l, at.result}, nil
}

func (s *Session) help(_ context.Context, name string) (Answer, error) {
	if name == "" {
		return Help{commands}, nil
	}
	for _, c := range commands {
		if c.Name == name || slices.Contains(c.also, name) {
			return Help{[]Command{c}}, nil
		}
	}
	return nil, unknownCommand(name, strict.Nearest(name, names()))
}

func (s *Session) quit(context.Context, string) (Answer, error) { return Quit{}, nil }
