package experiments

import (
	"encoding/gob"
	"reflect"
	"slices"
	"testing"
)

// TestRecordsHoldAllThatIsMeasured: what is added to a replication is to be added to its record, or it is lost on the way.
func TestRecordsHoldAllThatIsMeasured(t *testing.T) {
	for _, k := range []struct {
		of, as any
		stays  int // fields of the first that do not travel
	}{
		{replication{}, record{}, 3}, // the builder, and what a check found
		{resourceStats{}, recordedResource{}, 0},
		{numbers{}, recordedNumbers{}, 0},
		{sample{}, recordedSample{}, 0},
		{stationArea{}, recordedSample{}.Nodes, 0},
		{average{}, recordedSample{}.Gauges, 0},
		{plan{}, Plan{}, 2}, // brief and fewLooks, which no plan of a run is
	} {
		of, as := reflect.TypeOf(k.of), reflect.TypeOf(k.as)
		n := 0
		if as.Kind() == reflect.Slice {
			n = as.Elem().Len()
		} else {
			n = as.NumField()
		}
		if of.NumField()-k.stays != n {
			t.Errorf("%s has %d fields to write down, and %s has %d", of, of.NumField()-k.stays, as, n)
		}
	}
}

// atWork are fields that a record does without: they are for going on counting.
var atWork = []string{"sim.StationStats.busy", "sim.StationStats.spent", "sim.StationStats.waiting", "models.LimitQueue.waiting", "models.LimitQueue.since", "models.Attempts.open", "models.Move.ordered"}

// TestNoFieldIsLeftBehind: package gob leaves out fields that are not exported, and does not say so.
func TestNoFieldIsLeftBehind(t *testing.T) {
	encoder := reflect.TypeFor[gob.GobEncoder]()
	seen := map[reflect.Type]bool{}
	var look func(of reflect.Type)
	look = func(of reflect.Type) {
		switch {
		case seen[of] || of.Implements(encoder) || reflect.PointerTo(of).Implements(encoder):
			return
		case of.Kind() == reflect.Slice, of.Kind() == reflect.Array, of.Kind() == reflect.Pointer:
			look(of.Elem())
			return
		case of.Kind() != reflect.Struct:
			return
		}
		seen[of] = true
		for i := range of.NumField() {
			f := of.Field(i)
			switch name := of.String() + "." + f.Name; {
			case f.IsExported():
				look(f.Type)
			case !slices.Contains(atWork, name):
				t.Errorf("%s does not travel", name)
			}
		}
	}
	look(reflect.TypeFor[record]())
	if len(seen) < 15 {
		t.Errorf("only %d structs are looked at", len(seen))
	}
}
