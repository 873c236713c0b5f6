package session

import (
	"slices"
	"strconv"
	"strings"

	"headroom/scenarios"
	"headroom/scenarios/reference"
)

// Complete returns what may stand in the place of the end of a line: the part that stays, and the words that may follow it.
func (s *Session) Complete(line string) (head string, words []string) {
	head, end := "", line
	if at := strings.LastIndexAny(line, " \t"); at >= 0 {
		head, end = line[:at+1], line[at+1:]
	}
	c, rest, err := find(head)
	if err != nil {
		if strings.TrimSpace(head) == "what" {
			return head, matching(end, []string{"if "})
		}
		if head == "" {
			words = matching(end, withSpaces())
		}
		return head, words
	}
	switch {
	case c.Name == "set", c.Name == "what if" && rest != "rate" && rest != "apply":
		words = s.settings(end)
		if c.Name == "what if" && rest == "" {
			words = append(matching(end, []string{"rate ", "apply "}), words...)
		}
	case c.Name == "apply", c.Name == "what if" && rest == "apply":
		for i := range s.remedies {
			words = append(words, strconv.Itoa(i+1))
		}
		words = matching(end, words)
	case c.Name == "compare" && rest == "", c.Name == "save" && rest == "":
		words = s.file.Files(end)
	case c.Name == "save":
		words = matching(end, []string{"--force"})
	case c.Name == "help" && rest == "":
		words = matching(end, names())
	}
	return head, words
}

// withSpaces are the commands as they are completed.
func withSpaces() []string {
	var all []string
	for _, c := range commands {
		name := c.Name
		if c.Arguments != "" {
			name += " "
		}
		all = append(all, name)
	}
	return all
}

func matching(begin string, words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, begin) })
}

// settings completes a change by one key at a time: the paths that the scenario has, the last with its value, and the keys that a node of its
// kind may have, with their defaults.
func (s *Session) settings(begin string) []string {
	var found []string
	add := func(path, value string) {
		whole := path + "=" + value
		if !strings.HasPrefix(whole, begin) {
			return
		}
		if rest, is := strings.CutPrefix(path, begin); is {
			if at := strings.IndexByte(rest, '.'); at >= 0 {
				whole = begin + rest[:at+1]
			}
		}
		if !slices.Contains(found, whole) {
			found = append(found, whole)
		}
	}
	source := s.source()
	known := map[string]bool{}
	for _, v := range scenarios.Values(source) {
		known[v.Path] = true
		add(v.Path, v.Text)
	}
	keys := strings.Split(begin, ".")
	if len(keys) != 3 || keys[0] != "nodes" {
		return found
	}
	node := strings.Join(keys[:2], ".")
	for _, v := range scenarios.Values(source) {
		if v.Path != node+".kind" {
			continue
		}
		topic, _ := reference.Lookup(v.Text)
		for _, k := range topic.Keys[:min(len(topic.Keys), 1)] {
			for _, key := range k.Keys {
				path := node + "." + key.Key
				if below := func(p string) bool { return strings.HasPrefix(p, path+".") }; !known[path] && !slices.ContainsFunc(found, below) {
					add(path, key.Default)
				}
			}
		}
	}
	return found
}
