package models

import (
	"fmt"
	"math"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Response is an answer: how large it is, and what makes it lighter.
type Response struct {
	Size     units.Size   `key:"size" default:"0" doc:"as a plain answer has it: all fields, the whole list, as JSON"`
	Fields   Remainder    `key:"fields" default:"100%" doc:"the part of it that the fields are which are asked for"`
	Page     Remainder    `key:"page" default:"100%" doc:"the part of a list that is asked for: 20 of 1000, or 2%"`
	Format   *Format      `key:"format" doc:"how it is written: json, msgpack (70% of JSON's size) or protobuf (50%), a number of one's own, or {factor: 50%, cpu: 1us/KB}"`
	Compress *Compression `key:"compress" doc:"how it is compressed: gzip (to 15%), zstd (14%) or brotli (12%), a number of one's own, or {factor: 15%, cpu: 20us/KB}"`
}

// DecodeStrict reads a size, or a map with it.
func (r *Response) DecodeStrict(v *strict.Value) {
	if v.Kind() == strict.Map {
		strict.DecodeFields(v, r)
		return
	}
	r.Fields, r.Page = 1, 1
	strict.Decode(v, &r.Size)
}

// Describe says what a response looks like.
func (*Response) Describe() string { return "a size such as 10KB, or {size: 10KB, fields: 5%}" }

// Remainder is what remains of something: a share, a number, or so many of so many.
type Remainder float64

// UnmarshalText reads 5%, 0.05 or 20 of 1000.
func (p *Remainder) UnmarshalText(text []byte) error {
	some, all, counted := strings.Cut(string(text), " of ")
	var n, of units.Count
	var share units.Share
	switch {
	case counted && n.UnmarshalText([]byte(some)) == nil && of.UnmarshalText([]byte(all)) == nil && n <= of && of > 0 && !of.IsUnlimited():
		*p = Remainder(float64(n) / float64(of))
		return nil
	case !counted && share.UnmarshalText(text) == nil:
		*p = Remainder(share)
		return nil
	}
	return fmt.Errorf("`%s` is no part of a whole: expected %s", shortened(string(text)), p.Describe())
}

// Describe says what a part looks like.
func (Remainder) Describe() string { return "a share such as 5%, or a part such as 20 of 1000" }

// Pattern implements strict.Patterned.
func (Remainder) Pattern() string {
	return units.Share(0).Pattern() + `|^\s*[0-9][0-9_.]*[kM]?\s+of\s+[0-9][0-9_.]*[kM]?\s*$`
}

// Conversion is what a way of writing makes of an answer: how much of it remains, and what time on a core that takes.
type Conversion struct {
	Factor Remainder `key:"factor" required:"true" doc:"what remains of the size"`
	CPU    PerKB     `key:"cpu" default:"0us/KB" doc:"time on a core, for what goes in"`
}

// PerKB is a time per amount of data, in nanoseconds per byte.
type PerKB float64

// UnmarshalText reads 2us/KB.
func (p *PerKB) UnmarshalText(text []byte) error {
	var time units.Duration
	var size units.Size
	per, unit, divided := strings.Cut(strings.TrimSpace(string(text)), "/")
	if !divided || time.UnmarshalText([]byte(per)) != nil || size.UnmarshalText([]byte("1"+strings.TrimSpace(unit))) != nil || size <= 0 {
		return fmt.Errorf("`%s` is no time per amount of data: expected %s", shortened(string(text)), p.Describe())
	}
	*p = PerKB(float64(time) / float64(size))
	return nil
}

// Describe says what such a time looks like.
func (PerKB) Describe() string { return "a time per amount such as 2us/KB" }

// Pattern implements strict.Patterned.
func (PerKB) Pattern() string {
	return `^\s*[0-9][0-9_.]*\s*(ns|us|µs|ms|s|m|h)\s*/\s*([kKMGT]i?)?B\s*$`
}

// Format is how an answer is written.
type Format struct {
	Conversion
	word string
}

// Compression is how an answer is compressed.
type Compression struct {
	Conversion
	word string
}

// formats are known by their words. The sizes are the article's; the times are those of common libraries for small structs on one core
// (go_serialization_benchmarks: encoding/json, vmihailenco/msgpack, Go protobuf), rounded, per KB that the answer has as JSON.
var formats = strict.Ordered[Conversion]{
	{Key: "json", Value: Conversion{1, 7}}, {Key: "msgpack", Value: Conversion{.7, 2}}, {Key: "protobuf", Value: Conversion{.5, 1}},
}

// compressions likewise; the times are those of levels that are used on the fly (lzbench: zlib 6, zstd 3, brotli 5), per KB that goes in.
var compressions = strict.Ordered[Conversion]{
	{Key: "gzip", Value: Conversion{.15, 20}}, {Key: "zstd", Value: Conversion{.14, 4}}, {Key: "brotli", Value: Conversion{.12, 25}},
}

// DecodeStrict reads json, a number, or {factor: 50%, cpu: 1us/KB}.
func (f *Format) DecodeStrict(v *strict.Value) { f.word = f.decode(v, "format", formats) }

// DecodeStrict reads gzip, a number, or {factor: 15%, cpu: 20us/KB}.
func (k *Compression) DecodeStrict(v *strict.Value) {
	k.word = k.decode(v, "compression", compressions)
}

func (k *Conversion) decode(v *strict.Value, what string, words strict.Ordered[Conversion]) (word string) {
	if v.Kind() != strict.Scalar {
		strict.DecodeFields(v, k)
		return ""
	}
	text := v.Text()
	if known, ok := words.Get(text); ok {
		*k = known
		return text
	}
	if strings.ContainsAny(text, "0123456789") {
		strict.Decode(v, &k.Factor)
		return ""
	}
	v.Unknown(text, what, words.Keys())
	return ""
}

// Describe says what a format looks like.
func (*Format) Describe() string {
	return "json, msgpack, protobuf, a share, or {factor: 50%, cpu: 1us/KB}"
}

// Describe says what a compression looks like.
func (*Compression) Describe() string {
	return "gzip, zstd, brotli, a share, or {factor: 15%, cpu: 20us/KB}"
}

// light returns what is left of the answer, in bytes, and the time on a core that making it so takes, in nanoseconds.
func (r *Response) light() (bytes, work float64) {
	bytes = float64(r.Size) * float64(r.Fields) * float64(r.Page)
	if r.Format != nil {
		work += bytes * float64(r.Format.CPU)
		bytes *= float64(r.Format.Factor)
	}
	if r.Compress != nil {
		work += bytes * float64(r.Compress.CPU)
		bytes *= float64(r.Compress.Factor)
	}
	return bytes, work
}

// bytes is how large the answer is as it travels.
func (r *Response) bytes() int64 {
	bytes, _ := r.light()
	return int64(math.Round(bytes))
}

// work is the time on a core that the answer costs the server that makes it, in nanoseconds.
func (r *Response) work() float64 {
	_, work := r.light()
	return work
}

// checkResponses warns of what makes nothing lighter.
func (a *Architecture) checkResponses(c *Check) {
	for _, r := range a.Requests {
		c.renders = c.renders || r.Value.Response.work() > 0
		if r.Value.Response.Size == 0 && !c.Wrong(r.At) {
			c.warnKeys(r.At+".response", "the response has no `size`", "fields", "page", "format", "compress")
		}
	}
}

// passesOn tells whether a node only hands calls on, and the answers back.
func passesOn(c Component) bool {
	switch c.(type) {
	case *Server, *Worker, *Function, *Database, *Queue, *Station, *External:
		return false
	}
	return true
}

// warnResponses warns of answers that cost time on a core where no server gives them to the client.
func (r *routes) warnResponses() {
	for _, q := range r.a.Requests {
		if q.Value.Response.work() == 0 || slicesContain(r.a.Traffic, func(t Traffic) bool { return r.a.served(t.Enters) }) {
			continue
		}
		for _, key := range []string{"format", "compress"} {
			if at := q.At + ".response." + key; r.c.Given(at) {
				r.c.Warnf(at, "`%s` makes the response smaller, but costs no time: no server answers the clients, on whose cores that would be", key)
			}
		}
	}
}

// served tells whether calls to a node come to a server, through nodes that hand them on or at once.
func (a *Architecture) served(node string) bool {
	n, _ := a.Nodes.Get(node)
	if n.Component == nil || !passesOn(n.Component) {
		_, server := serverOf(n.Component)
		return server
	}
	for _, to := range n.Calls("") {
		if a.served(to.Name) {
			return true
		}
	}
	return false
}

// render adds what the answer costs the server that the client's call came to: the one that talks to the client.
func (c *compiler) render() {
	r := c.b.a.class(c.b.Classes[c.class]).Response
	work := r.work()
	if work == 0 {
		return
	}
	time, _ := sim.Constant(work) // of a number, which is finite
	at := c.add(instruction{do: doRender})
	c.add(instruction{do: doCPU, work: time})
	c.prog[at].to = int32(len(c.prog))
}

// conversions says what is assumed of the formats and compressions that are known by their words.
func (a *Architecture) conversions() []string {
	var all []string
	for _, w := range formats {
		if slicesContain(a.Requests, func(r RequestClass) bool { return r.Response.Format != nil && r.Response.Format.word == w.Key }) {
			all = append(all, fmt.Sprintf("Writing a response as %s leaves %s of its size as JSON, and takes %gus of a core per KB of that: put your own in, such as {factor: %s, cpu: %gus/KB}.",
				w.Key, units.Share(w.Value.Factor), float64(w.Value.CPU), units.Share(w.Value.Factor), float64(w.Value.CPU)))
		}
	}
	for _, w := range compressions {
		if slicesContain(a.Requests, func(r RequestClass) bool { return r.Response.Compress != nil && r.Response.Compress.word == w.Key }) {
			all = append(all, fmt.Sprintf("Compressing a response with %s leaves %s of it, and takes %gus of a core per KB that goes in: put your own in, such as {factor: %s, cpu: %gus/KB}.",
				w.Key, units.Share(w.Value.Factor), float64(w.Value.CPU), units.Share(w.Value.Factor), float64(w.Value.CPU)))
		}
	}
	return all
}
