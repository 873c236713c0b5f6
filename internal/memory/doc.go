// Package memory tells the processor and the system in advance what of the program's memory will be used, so that the wait for it passes while
// something else is done. What it says changes no result: where it is not understood nothing happens.
//
//	Fetch, FetchPair   one line of memory, or two, are brought near
//	InLargePages       a table is read at random: fewer, larger pages find it sooner
//
// A simulation of a million requests per second holds more than fits into a processor's caches, and each event of it touches five or six lines
// that have not been touched for long.
package memory
