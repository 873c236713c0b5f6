package strict

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// mostExpanded bounds how many values aliases may multiply into: nine lines of a
// "billion laughs" would fill the memory.
const mostExpanded = 100_000

// builder turns the nodes of the YAML reader into values: aliases resolved, keys merged,
// what is wrong reported.
type builder struct {
	doc      *Document
	source   *source
	active   map[*yaml.Node]bool // what is being built, to find aliases of themselves
	level    int
	aliases  int // how many aliases deep
	expanded int // values made through aliases
	rejoined map[*yaml.Node]bool
	refused  bool
}

// build makes the value of a node; nil if it is refused as a whole.
func (d *Document) build(src *source, node *yaml.Node, path string) *Value {
	b := &builder{doc: d, source: src, active: map[*yaml.Node]bool{}, rejoined: map[*yaml.Node]bool{}}
	v := b.value(node, path, nil)
	if b.refused {
		return nil
	}
	return v
}

// value makes the value of a node. The key's place, if there is one, is where maps and lists
// are shown.
func (b *builder) value(node *yaml.Node, path string, key *place) *Value {
	v := &Value{doc: b.doc, path: path, node: node, own: b.place(node)}
	v.at = v.own
	if node.Kind == yaml.AliasNode {
		return b.alias(v, node, key)
	}
	b.level++
	defer func() { b.level-- }()
	if b.excessive(v) {
		v.broken = true
		return v
	}
	b.checkTag(v)
	b.active[node] = true
	switch node.Kind {
	case yaml.MappingNode:
		v.kind = Map
		b.entries(v)
	case yaml.SequenceNode:
		v.kind = List
		b.items(v)
	default:
		v.kind, v.text, v.broken = Scalar, node.Value, b.rejoined[node]
		if isNull(node) {
			v.kind, v.text = Null, ""
		}
	}
	delete(b.active, node)
	if key != nil && v.kind != Scalar {
		v.at = *key
	}
	return v
}

func (b *builder) place(node *yaml.Node) place {
	return place{source: b.source, line: node.Line, column: node.Column, plain: node.Value}
}

// excessive refuses what is nested too deep or multiplied too often, with one error for all.
func (b *builder) excessive(v *Value) bool {
	if b.refused {
		return true
	}
	if b.aliases > 0 {
		b.expanded++
	}
	switch {
	case b.level > deepest:
		b.doc.report(v.own, v.path, fmt.Sprintf("nested more than %d deep", deepest), "", false)
	case b.expanded > mostExpanded:
		b.doc.report(v.own, v.path, fmt.Sprintf("aliases multiply this file into more than %d values", mostExpanded), "", false)
	default:
		return false
	}
	b.refused = true
	return true
}

// alias makes the value that an alias stands for: shown where the alias is, its parts
// where the anchor is.
func (b *builder) alias(v *Value, node *yaml.Node, key *place) *Value {
	if b.active[node.Alias] {
		v.broken = true
		b.doc.report(v.own, v.path, fmt.Sprintf("the alias %s stands for something that contains it", quote("*"+node.Value)), "", false)
		return v
	}
	b.aliases++
	target := b.value(node.Alias, v.path, nil)
	b.aliases--
	target.own, target.at = v.own, v.own
	if key != nil && target.kind != Scalar {
		target.at = *key
	}
	return target
}

// checkTag refuses tags such as !node: they would be silently without effect.
func (b *builder) checkTag(v *Value) {
	plain := []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!timestamp", "!"}
	if tag := v.node.Tag; v.node.Style&yaml.TaggedStyle != 0 && !slices.Contains(plain, tag) {
		b.doc.report(v.own, v.path, fmt.Sprintf("the tag %s has no meaning here; remove it", quote(tag)), "", false)
	}
}

// items makes the elements of a list.
func (b *builder) items(v *Value) {
	for i, node := range b.joined(v) {
		v.items = append(v.items, b.value(node, child(v.path, fmt.Sprint(i)), nil))
	}
}

// entries makes the entries of a map. Keys that come by `<<` stand where it stands; the map's own win.
func (b *builder) entries(v *Value) {
	content := b.joined(v)
	own := map[string]bool{}
	for i := 0; i+1 < len(content); i += 2 {
		if !isMerge(content[i]) {
			own[resolved(content[i]).Value] = true
		}
	}
	for i := 0; i+1 < len(content); i += 2 {
		if isMerge(content[i]) {
			b.merge(v, content[i+1], own)
		} else {
			b.entry(v, content[i], content[i+1])
		}
	}
}

// entry adds one entry to a map, unless its key is wrong.
func (b *builder) entry(v *Value, keyNode, node *yaml.Node) {
	at, name := b.place(keyNode), resolved(keyNode)
	if keyNode.Kind != yaml.AliasNode {
		at.plain = name.Value
	}
	key := &Value{doc: b.doc, kind: Scalar, text: name.Value, path: child(v.path, name.Value), own: at, at: at, node: name}
	switch first, again := v.entry(name.Value); {
	case name.Kind != yaml.ScalarNode:
		key.path = v.path
		key.Errorf("a key must be a single word, not a list or a map")
	case isNull(name) && name.Value == "":
		key.path = v.path
		key.Errorf("a key is missing before the `:`")
	case again:
		key.Errorf("%s is given twice; first %s", quote(name.Value), first.KeyAt.whereabouts())
	default:
		v.add(Entry{Key: name.Value, KeyAt: key, Value: b.value(node, key.path, &at)})
	}
}

// whereabouts says where a value is, within the same text.
func (v *Value) whereabouts() string {
	if v.at.source.origin != "" {
		return "before"
	}
	return fmt.Sprintf("at %d:%d", v.at.line, v.at.column)
}

// merge adds the entries of the map, or the maps, that `<<` names.
func (b *builder) merge(v *Value, node *yaml.Node, own map[string]bool) {
	sources := []*yaml.Node{node}
	if target := resolved(node); target.Kind == yaml.SequenceNode {
		sources = target.Content
	}
	for _, source := range sources {
		if resolved(source).Kind != yaml.MappingNode {
			b.doc.report(b.place(source), v.path, "`<<` takes the keys of a map: expected an alias of one, such as `*defaults`", "", false)
			continue
		}
		for _, entry := range b.value(source, v.path, nil).entries {
			if _, again := v.entry(entry.Key); !again && !own[entry.Key] {
				v.add(entry)
			}
		}
	}
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Tag == "!!merge" && key.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
}

// resolved follows an alias to its node.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode && node.Alias != nil {
		return node.Alias
	}
	return node
}
