package reference

import (
	"reflect"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/models"
)

// A Topic is something that can be explained: a kind of node, or a part of the format.
type Topic struct {
	Name    string     `json:"name"`
	Title   string     `json:"title"`
	About   string     `json:"about"`
	Example string     `json:"example,omitempty"` // a whole scenario
	Keys    []KeyGroup `json:"keys,omitempty"`
	Laws    []string   `json:"laws,omitempty"`
}

// KeyGroup is the keys of one map; the first has no title.
type KeyGroup struct {
	Title string `json:"title,omitempty"`
	Keys  []Key  `json:"keys"`
}

// Key is one key, or one way to write a value.
type Key struct {
	Key      string   `json:"key"`
	Value    string   `json:"value"` // what it takes
	Words    []string `json:"words,omitempty"`
	Default  string   `json:"default,omitempty"`
	Required bool     `json:"required,omitempty"`
	Doc      string   `json:"doc"`

	of reflect.Type // of the struct whose keys stand in this one's place, if any
}

// Topics returns all topics: the parts of the format, then the kinds of node.
func Topics() []Topic {
	var all []Topic
	for _, part := range parts {
		all = append(all, listed(part))
	}
	for _, kind := range models.Kinds() {
		e, keys, _ := models.Explain(kind)
		all = append(all, Topic{
			Name: kind, Title: "Nodes of kind " + kind, About: e.About, Example: strings.TrimPrefix(e.Example, "\n"), Laws: e.Laws,
			Keys: ownAndShared(reflect.TypeOf(keys)),
		})
	}
	return all
}

// Lookup finds a topic.
func Lookup(name string) (Topic, bool) {
	all := Topics()
	i := slices.IndexFunc(all, func(t Topic) bool { return t.Name == name })
	if i < 0 {
		return Topic{}, false
	}
	return all[i], true
}

// Names returns the names of all topics.
func Names() []string {
	var names []string
	for _, t := range Topics() {
		names = append(names, t.Name)
	}
	return names
}

// keysOf lists the keys that a struct declares and that are built.
func keysOf(t reflect.Type) []Key {
	var keys []Key
	for _, f := range strict.Fields(t) {
		if f.Later {
			continue
		}
		keys = append(keys, Key{Key: f.Key, Value: strings.TrimPrefix(strings.TrimPrefix(strict.Describe(f.Type), "an "), "a "),
			Words: f.Enum, Default: f.Default, Required: f.Required, Doc: f.Doc})
	}
	return keys
}

// ownAndShared divides a kind's keys into its own and those of every machine.
func ownAndShared(t reflect.Type) []KeyGroup {
	embedded := map[string]bool{}
	for _, f := range strict.Fields(t) {
		embedded[f.Key] = f.Embedded
	}
	groups := []KeyGroup{{}, {Title: "Keys that it shares with other kinds"}}
	for _, k := range keysOf(t) {
		i := 0
		if embedded[k.Key] {
			i = 1
		}
		groups[i].Keys = append(groups[i].Keys, k)
	}
	return groups
}

// keysFor stands for the keys of a struct, which are listed when somebody asks for them: not every time the program starts.
func keysFor[T any]() []Key { return []Key{{of: reflect.TypeFor[T]()}} }

// listed returns a part with its keys.
func listed(part Topic) Topic {
	part.Keys = slices.Clone(part.Keys)
	for i, group := range part.Keys {
		var keys []Key
		for _, k := range group.Keys {
			if k.of != nil {
				keys = append(keys, keysOf(k.of)...)
				continue
			}
			keys = append(keys, k)
		}
		part.Keys[i].Keys = keys
	}
	return part
}
