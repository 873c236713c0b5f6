// Package document writes what was measured into a document that is otherwise written by hand, between marks:
//
//	<!-- begin NAME -->
//	... what section NAME measured last ...
//	<!-- end NAME -->
package document
