// Package embedded runs the two servers that Vointi needs inside itself, so that nothing has to be installed: a NATS
// server with JetStream in this process, and the ClickHouse engine in a child process.
//
// The engine is a shared library without network listeners. The child process ([ServeClickHouse]) loads it and puts
// ClickHouse's HTTP interface in front of it, close enough that clients take it for a server: a request is parsed
// (request.go, statement.go), authenticated and admitted (access.go, admit.go), run on a connection that
// is its own meanwhile (session.go, conn.go, binding.go), and its result written in the encoding asked for (output.go, native.go).
// [StartClickHouse] starts that process, restarts it when it dies and stops it.
//
// Both servers listen on loopback only.
package embedded
