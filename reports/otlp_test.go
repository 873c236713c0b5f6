package reports

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"

	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

var hexID = regexp.MustCompile(`"(traceId|spanId|parentSpanId)":"([0-9a-f]*)"`)

// opened reads traces as the protocol defines them. Its JSON has identifiers in hexadecimal, where that of protocol buffers has base64.
func opened(t *testing.T, text string) (spans []*trace.Span, of map[string]string) {
	t.Helper()
	text = hexID.ReplaceAllStringFunc(text, func(field string) string {
		m := hexID.FindStringSubmatch(field)
		id, err := hex.DecodeString(m[2])
		if want := map[string]int{"traceId": 16}[m[1]]; err != nil || len(id) != max(want, 8) {
			t.Errorf("%s: %d bytes, %v", field, len(id), err)
		}
		return `"` + m[1] + `":"` + base64.StdEncoding.EncodeToString(id) + `"`
	})
	var all trace.TracesData
	if err := protojson.Unmarshal([]byte(text), &all); err != nil {
		t.Fatalf("no OTLP: %v\n%s", err, text)
	}
	of = map[string]string{}
	for _, r := range all.ResourceSpans {
		for _, a := range r.Resource.Attributes {
			if a.Key == "service.name" {
				for _, s := range r.ScopeSpans[0].Spans {
					of[string(s.SpanId)] = a.Value.GetStringValue()
				}
			}
		}
		spans = append(spans, r.ScopeSpans[0].Spans...)
	}
	return spans, of
}

// TestOTLPIsWhatTheProtocolSays: what is written reads back as the protocol's own messages without an unknown field, every span has a parent in its
// trace and lies within the time of the request, and each hop is in it with its kind and status.
func TestOTLPIsWhatTheProtocolSays(t *testing.T) {
	text := drawTrace(t, "otlp", Style{})
	if strings.Count(text, "\n") != 1 {
		t.Error("collectors read a line at a time")
	}
	spans, of := opened(t, text)
	byID := map[string]*trace.Span{}
	for _, s := range spans {
		if byID[string(s.SpanId)] != nil {
			t.Errorf("two spans are %x", s.SpanId)
		}
		byID[string(s.SpanId)] = s
	}
	hops, roots := 0, 0
	for _, s := range spans {
		parent := byID[string(s.ParentSpanId)]
		switch {
		case len(s.ParentSpanId) == 0:
			roots++
			continue
		case parent == nil || !slices.Equal(parent.TraceId, s.TraceId):
			t.Errorf("%s: the parent %x is not there", s.Name, s.ParentSpanId)
		case s.StartTimeUnixNano < parent.StartTimeUnixNano || s.EndTimeUnixNano < s.StartTimeUnixNano:
			t.Errorf("%s: from %d to %d, its parent from %d", s.Name, s.StartTimeUnixNano, s.EndTimeUnixNano, parent.StartTimeUnixNano)
		}
		if s.Attributes[0].Key == "headroom.op" {
			hops++
		}
	}
	want := order()
	n := 0
	for _, r := range want.Requests {
		n += len(r.Hops)
	}
	if roots != len(want.Requests) || hops != n {
		t.Errorf("%d requests and %d hops, want %d and %d", roots, hops, len(want.Requests), n)
	}
	var bank *trace.Span
	for _, s := range spans {
		if of[string(s.SpanId)] == "bank" {
			bank = s
		}
	}
	if bank == nil || bank.Name != "pay" || bank.Kind != trace.Span_SPAN_KIND_SERVER || bank.Status.Code != trace.Status_STATUS_CODE_ERROR ||
		bank.Status.Message != "failed" || bank.EndTimeUnixNano-bank.StartTimeUnixNano != 8e6 {
		t.Errorf("the call of the bank is %v", bank)
	}
}
