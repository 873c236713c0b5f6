package contents

const (
	pageKeys   = 16   // neighbouring keys share a page: a line of the processor's cache
	chunkPages = 4096 // pages come in chunks, so that growing moves none
)

// counts has a number for every key, 0 at first. Where the keys are numbered without large gaps, one costs 5 to 6 bytes.
type counts struct {
	pages  []pageOf // open addressing
	n      uint32   // pages in use
	chunks [][]page
	last   pageOf // the page that was looked at last: the next question is often for the same key
}

type page [pageKeys]uint32

// pageOf says where the page of the keys from first on is. at is its number plus 1.
type pageOf struct {
	first Key
	at    uint32
}

// of returns the place of a key's number.
func (c *counts) of(key Key) *uint32 {
	first := key &^ (pageKeys - 1)
	if c.last.at == 0 || c.last.first != first {
		c.last = pageOf{first, c.find(first)}
	}
	at := c.last.at - 1
	return &c.chunks[at/chunkPages][at%chunkPages][key-first]
}

// find returns where a page is, and makes it if there is none.
func (c *counts) find(first Key) uint32 {
	if 4*int(c.n) >= 3*len(c.pages) {
		c.grow()
	}
	i := c.search(first)
	if c.pages[i].at == 0 {
		if c.n%chunkPages == 0 {
			c.chunks = append(c.chunks, make([]page, chunkPages))
		}
		c.n++
		c.pages[i] = pageOf{first, c.n}
	}
	return c.pages[i].at
}

// search returns the place of a page in the table, or the free one where it belongs.
func (c *counts) search(first Key) int {
	i := int(uint64(tagOf(first)) * uint64(len(c.pages)) >> 32)
	for c.pages[i].at != 0 && c.pages[i].first != first {
		if i++; i == len(c.pages) {
			i = 0
		}
	}
	return i
}

func (c *counts) grow() {
	old := c.pages
	c.pages = make([]pageOf, max(64, 2*len(old)))
	for _, p := range old {
		if p.at != 0 {
			c.pages[c.search(p.first)] = p
		}
	}
}
