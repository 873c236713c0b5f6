package scenarios

import (
	"strconv"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Prices are the changes that write down what Load only reckons: the price of a node that has more cores, or fewer, than in the file, and no
// machine. Where these cores are written into the file, so is this price, or the node would have them for nothing.
func (l *Loaded) Prices() []Change {
	var all []Change
	doc := strict.Parse(l.File, []byte(l.Source))
	for _, n := range l.Nodes {
		at := "nodes." + n.Key + ".price"
		var price units.Money
		times := l.Grown(n.Key)
		if written := doc.At(at); written == nil || times == 1 || price.UnmarshalText([]byte(written.Text())) != nil || price.Per != "h" {
			continue
		}
		price.Amount, _ = strconv.ParseFloat(strconv.FormatFloat(price.Amount*times, 'g', 6, 64), 64)
		all = append(all, Change{Path: at, Value: price.String()})
	}
	return all
}
