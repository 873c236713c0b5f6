// Package memory tells the processor in advance which lines of memory will be used, so that the wait for them passes while something else is
// done. That changes no result: a processor that does not understand it does nothing.
//
//	Fetch, FetchPair   one line, or two, are brought near
//
// A simulation of a million requests per second holds more than fits into a processor's caches, and each event of it touches five or six lines
// that have not been touched for long.
package memory
