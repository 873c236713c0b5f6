// Package models holds the components that an architecture is made of, one file each: the component's keys with their defaults
// and documentation, its check, and its behaviour on the kernel.
//
//	scenario file ─strict.Decode─► keys ─Check─► Architecture ─Build─► nodes on a sim.Sim
package models
