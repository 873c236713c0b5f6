package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"headroom/internal/strict"
)

// misuse is a wrong command line: what is wrong, what was expected, and the nearest valid word, if one is near.
type misuse struct{ message, suggest string }

func (m misuse) Error() string {
	if m.suggest == "" {
		return m.message
	}
	return m.message + "\n  did you mean `" + m.suggest + "`?"
}

func misusef(format string, args ...any) error { return misuse{message: fmt.Sprintf(format, args...)} }

// unknown is a word that is not one of those expected.
func unknown(what, word string, valid []string) error {
	return misuse{fmt.Sprintf("unknown %s `%s`: expected %s", what, word, either(valid)), strict.Nearest(word, valid)}
}

// either lists words: table, json or csv.
func either(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// onlyCommands makes a command that only has others below it say which of them it does not know, and help where none is given.
func onlyCommands(c *cobra.Command) {
	c.Args = func(c *cobra.Command, words []string) error {
		if len(words) == 0 {
			return nil
		}
		return unknown("command", words[0], commandNames(c))
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

func commandNames(of *cobra.Command) []string {
	var names []string
	for _, c := range of.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// wrongFlag words an error of the flag parser.
func wrongFlag(c *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	var value *pflag.InvalidValueError
	var empty *pflag.ValueRequiredError
	switch {
	case errors.As(err, &missing) && missing.GetSpecifiedShortnames() != "":
		return misusef("unknown flag -%s; %s --help lists what there is", missing.GetSpecifiedName(), c.CommandPath())
	case errors.As(err, &missing):
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		m := misuse{message: fmt.Sprintf("unknown flag --%s; %s --help lists what there is", missing.GetSpecifiedName(), c.CommandPath())}
		if near := strict.Nearest(missing.GetSpecifiedName(), names); near != "" {
			m.suggest = "--" + near
		}
		return m
	case errors.As(err, &value):
		expected := value.Unwrap().Error()
		if value.GetFlag().Value.Type() == "bool" {
			expected = "expected true or false, or nothing"
		}
		return misusef("--%s %s: %s", value.GetFlag().Name, value.GetValue(), expected)
	case errors.As(err, &empty):
		_, usage := pflag.UnquoteUsage(empty.GetFlag())
		return misusef("--%s needs a value: %s", empty.GetFlag().Name, usage)
	}
	return err
}

// files is a command's check of its arguments: at least one FILE, and at most so many.
func files(most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return misusef("%s needs a FILE: a scenario file, - for standard input, or a built-in scenario; headroom scenarios lists those", c.Name())
		case len(args) > most:
			return misusef("%s takes one FILE, and here are %d: %s", c.Name(), len(args), strings.Join(args, " "))
		}
		return nil
	}
}
