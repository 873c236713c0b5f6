package experiments

import (
	"strings"
	"testing"
)

// TestOnlyPartsOfOneWholeAreJoined: each once, of the same command, version and files, which are as they were.
func TestOnlyPartsOfOneWholeAreJoined(t *testing.T) {
	part := func(number int, change func(*Part)) *Part {
		p := &Part{Headroom: 1, Kind: "part", Version: "v1", Command: "headroom simulate a", Part: number, Parts: 2,
			Arguments: []string{"simulate", "a"}, Files: []Input{NewInput("a", []byte("text"))}, Cells: &Cells{Cells: []Cell{{Replication: number - 1}}}}
		if change != nil {
			change(p)
		}
		return p
	}
	whole, err := Join([]string{"2.json", "1.json"}, []*Part{part(2, nil), part(1, nil)}, "v1")
	if err != nil || len(whole.Cells.Cells) != 2 {
		t.Fatalf("%+v, %v", whole, err)
	}
	for complaint, change := range map[string]func(*Part){
		"made by headroom v2, and this is v1": func(p *Part) { p.Version = "v2" },
		"is a part of `headroom simulate b`":  func(p *Part) { p.Command = "headroom simulate b" },
		"one of 3 parts":                      func(p *Part) { p.Parts = 3 },
		"part 3 of 2":                         func(p *Part) { p.Part = 3 },
		"without cells":                       func(p *Part) { p.Cells = nil },
		"both part 1/2":                       func(p *Part) { p.Part = 1 },
		"are of different files":              func(p *Part) { p.Files = []Input{NewInput("a", []byte("other"))} },
		"not the one that was simulated":      func(p *Part) { p.Files[0].Text = "other" },
	} {
		_, err := Join([]string{"1.json", "2.json"}, []*Part{part(1, nil), part(2, change)}, "v1")
		if err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%v, want %s", err, complaint)
		}
	}
	if _, err := Join([]string{"1.json"}, []*Part{part(1, nil)}, "v1"); err == nil || err.Error() != "part 2/2 is missing: headroom simulate a --shard 2/2 makes it" {
		t.Error(err)
	}
}
