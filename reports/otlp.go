package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"headroom/experiments"
)

// measuringBegan is the date that the measured time begins at in traces for other tools: simulated time has none, and a date of the run would
// make no two files the same.
var measuringBegan = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// The names are those of the OpenTelemetry protocol, opentelemetry/proto/trace/v1/trace.proto, in its JSON encoding: identifiers in
// hexadecimal, whole numbers of 64 bits as text, enumerations as numbers.
type (
	otlpTraces struct {
		ResourceSpans []*otlpResourceSpans `json:"resourceSpans"`
	}
	otlpResourceSpans struct {
		Resource   otlpResource      `json:"resource"`
		ScopeSpans []*otlpScopeSpans `json:"scopeSpans"`
	}
	otlpResource struct {
		Attributes []otlpAttribute `json:"attributes"`
	}
	otlpScopeSpans struct {
		Scope otlpScope  `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpScope struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	otlpSpan struct {
		TraceID           string          `json:"traceId"`
		SpanID            string          `json:"spanId"`
		ParentSpanID      string          `json:"parentSpanId,omitempty"`
		Name              string          `json:"name"`
		Kind              int             `json:"kind"`
		StartTimeUnixNano string          `json:"startTimeUnixNano"`
		EndTimeUnixNano   string          `json:"endTimeUnixNano"`
		Attributes        []otlpAttribute `json:"attributes"`
		Status            otlpStatus      `json:"status"`
	}
	otlpAttribute struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpValue struct {
		String *string  `json:"stringValue,omitempty"`
		Bool   *bool    `json:"boolValue,omitempty"`
		Int    *string  `json:"intValue,omitempty"`
		Double *float64 `json:"doubleValue,omitempty"`
	}
	otlpStatus struct {
		Message string `json:"message,omitempty"`
		Code    int    `json:"code,omitempty"`
	}
)

// Kinds of spans, and codes of a status.
const (
	otlpInternal = 1
	otlpServer   = 2
	otlpClient   = 3
	otlpProducer = 4
	otlpConsumer = 5
	otlpOK       = 1
	otlpError    = 2
)

func words(key, value string) otlpAttribute { return otlpAttribute{key, otlpValue{String: &value}} }
func isSo(key string) otlpAttribute {
	yes := true
	return otlpAttribute{key, otlpValue{Bool: &yes}}
}

func whole(key string, value int64) otlpAttribute {
	digits := strconv.FormatInt(value, 10)
	return otlpAttribute{key, otlpValue{Int: &digits}}
}

// amount is an attribute for a number, and nothing where there is no such number.
func amount(key string, value experiments.Num) []otlpAttribute {
	if !value.Known() {
		return nil
	}
	f := float64(value)
	return []otlpAttribute{{key, otlpValue{Double: &f}}}
}

// traceOTLP writes the requests as one line, as collectors read them from files: a trace for each request, in it a span for the client, for each hop,
// and within that for each piece of time that the hop spent on something itself.
func traceOTLP(w io.Writer, t *experiments.Traces) error {
	e := otlpWriter{of: t, places: map[string]*otlpScopeSpans{}}
	for i := range t.Requests {
		e.request(&t.Requests[i])
	}
	line, err := json.Marshal(e.out)
	if err != nil {
		return fmt.Errorf("writing the trace as OTLP: %w", err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// otlpWriter puts spans where they belong: to the node and instance that they are of.
type otlpWriter struct {
	of     *experiments.Traces
	out    otlpTraces
	places map[string]*otlpScopeSpans // by instance, or node
}

func (e *otlpWriter) add(node, instance string, s otlpSpan) {
	at := e.places[cmp.Or(instance, node)]
	if at == nil {
		about := []otlpAttribute{words("service.name", node)}
		if instance != "" {
			about = append(about, words("service.instance.id", instance))
		}
		about = append(about, words("headroom.scenario", e.of.Scenario.Name), words("headroom.command", e.of.Command), words("headroom.seed", strconv.FormatUint(e.of.Seed, 10)))
		at = &otlpScopeSpans{Scope: otlpScope{"headroom", e.of.Version}}
		e.places[cmp.Or(instance, node)] = at
		e.out.ResourceSpans = append(e.out.ResourceSpans, &otlpResourceSpans{otlpResource{about}, []*otlpScopeSpans{at}})
	}
	at.Spans = append(at.Spans, s)
}

// request adds the spans of a request. The same request of the same scenario and seed has the same identifiers.
func (e *otlpWriter) request(r *experiments.TracedRequest) {
	sum := sha256.Sum256(fmt.Appendf(nil, "trace %s %d %d", e.of.Scenario.SHA256, e.of.Seed, r.Request))
	trace := hex.EncodeToString(sum[:16])
	spans := 0
	last := lastMoment(*r)
	span := func(parent, name string, kind int, from, to experiments.Num, status otlpStatus, about ...otlpAttribute) otlpSpan {
		spans++
		id := sha256.Sum256(fmt.Appendf(nil, "span %s %d", trace, spans))
		if !to.Known() { // it goes on when the run is over
			to, about = max(last, from), append(about, isSo("headroom.under_way"))
		}
		return otlpSpan{trace, hex.EncodeToString(id[:8]), parent, name, kind, nanoseconds(r.Arrived, from), nanoseconds(r.Arrived, to), about, status}
	}
	root := span("", r.Class, otlpClient, 0, r.Latency, statusOf(r.Outcome), whole("headroom.request", r.Request), words("headroom.outcome", r.Outcome))
	e.add(r.Source, "", root)
	around := []string{root.SpanID} // by depth
	for i := range r.Hops {
		h := &r.Hops[i]
		around = around[:h.Depth+1]
		s := span(around[h.Depth], spanName(r, h), spanKind(h), h.Start, h.End, statusOf(h.Outcome), aboutHop(h)...)
		e.add(h.Node, h.Instance, s)
		around = append(around, s.SpanID)
		for _, p := range h.Spells {
			e.add(h.Node, h.Instance, span(s.SpanID, spellName(p), otlpInternal, p.Start, p.End, otlpStatus{}, words("headroom.time", p.What)))
		}
	}
}

// nanoseconds is a time after a request's arrival as a date.
func nanoseconds(arrived, after experiments.Num) string {
	return strconv.FormatInt(measuringBegan.UnixNano()+int64(math.Round(float64(arrived)*1e9))+int64(math.Round(float64(after)*1e9)), 10)
}

func statusOf(outcome string) otlpStatus {
	switch outcome {
	case "ok":
		return otlpStatus{Code: otlpOK}
	case "in_flight":
		return otlpStatus{}
	}
	return otlpStatus{outcome, otlpError}
}

func spanName(r *experiments.TracedRequest, h *experiments.Hop) string {
	switch {
	case h.Branch > 0:
		return fmt.Sprintf("branch %d", h.Branch)
	case h.Op == "after":
		return "after the answer"
	case h.Op == "call":
		return cmp.Or(h.As, r.Class)
	case h.As != "":
		return h.Op + " " + h.As
	}
	return h.Op
}

func spanKind(h *experiments.Hop) int {
	switch {
	case h.Branch > 0 || h.Op == "after":
		return otlpInternal
	case h.Op == "publish":
		return otlpProducer
	case h.Op == "job":
		return otlpConsumer
	}
	return otlpServer
}

// aboutHop is what a hop says beside when it was.
func aboutHop(h *experiments.Hop) []otlpAttribute {
	about := []otlpAttribute{words("headroom.op", h.Op), words("headroom.outcome", h.Outcome)}
	about = append(about, amount("headroom.wait_seconds", h.Wait)...)
	about = append(about, amount("headroom.service_seconds", h.Service)...)
	about = append(about, amount("headroom.network_seconds", h.Network)...)
	if h.Background {
		about = append(about, isSo("headroom.background"))
	}
	if h.Cache != "" {
		about = append(about, words("headroom.cache", h.Cache))
	}
	if l := h.Limit; l != nil {
		about = append(about, amount("headroom.limit", l.Limit)...)
		about = append(about, amount("headroom.limit.remaining", l.Remaining)...)
		about = append(about, amount("headroom.limit.reset_seconds", l.Reset)...)
	}
	for _, m := range h.Message {
		if m.What == "dead" {
			about = append(about, isSo("headroom.message.dead"))
		}
	}
	return about
}

// spellName says what a piece of a hop's time was spent on.
func spellName(s experiments.HopSpell) string {
	switch {
	case s.What == experiments.OnTheWay:
		return "on the way"
	case s.Resource == "message":
		return "waiting in the queue"
	}
	return Doing("", experiments.TimeShare{Resource: s.Resource, Part: s.Part})
}
