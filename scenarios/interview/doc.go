// Package interview asks what a person knows of a running system, and makes a scenario of the answers. It has no terminal in it: who asks
// shows a Question, hands back a text, and is told what is wrong with it.
//
//	Next ──► Question ──► (a person, or a script) ──► Answer ──► … ──► Scenario: the text of a file, with `observed`
//
// The service times in that file are first guesses by the utilization law; experiments.Reproduce solves them.
package interview
