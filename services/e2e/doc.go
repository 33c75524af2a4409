// Package e2e holds the tests of Vointi as a whole: its architecture, what its documents promise, and the program as a
// real process. It exports nothing.
package e2e
