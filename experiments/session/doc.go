// Package session is the interactive exploration of a scenario without its terminal: lines in, answers out.
//
//	line ─► Session.Do ─► command ─┬─► the change is simulated beside what is there now ─► Answer, drawn by package reports
//	                               └─► Mistake: nothing is simulated, nothing changes
//	steps: the file as it was loaded │ set … │ rate … │ apply … ◄─ undo takes the last one away
//
// A step is kept with what its simulation found, so that undo and show need no other run.
package session
