// Package contents holds what caches hold: which keys, of what size, until when. It stores no values and knows no nodes, no time but
// what it is told, and no randomness but what it is seeded with.
//
//	Get, Put, Remove ─► Contents ─┬─ store ───── ranks, index   a key's entry
//	                              ├─ lifetimes                  which expires next
//	                              └─ policy: lru │ lfu │ fifo │ random │ s3-fifo    which makes room
//
//	Warm ─► the contents that a traffic would have left
//
// Entries are numbered, and everything about them lies in flat arrays by their numbers: a million entries cost 37 MB, and 16 to 64 more where
// they are found by rank. A full cache allocates nothing. lfu counts every key ever asked for besides, which takes 6 bytes each.
//
// # To add an eviction policy
//
//  1. Write its file, say sieve.go: a struct with a *store, and the methods of [policy]. A comment says what it evicts, and whose idea
//     it was.
//  2. Keep its state in prev, next and mark of the entries, with a [ring] where it needs a queue; beside them only what has no room there.
//  3. Write its maker and its clone, and give it a line in the list in policy.go: the name is what a scenario says.
//  4. Write down the same policy naively in naive_test.go, where the tests of all policies then compare the two.
//  5. Its tenure says how entries live under independent requests, for Warm. Where that is hard to say, begin like LRU and see what
//     warm_test.go thinks of it; add known hit ratios to truth_test.go.
//  6. Run the benchmark: go test -run '^$' -bench . ./sim/contents
package contents
