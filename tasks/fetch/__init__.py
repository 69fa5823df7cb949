"""Fetching from the web: politely, safely, and so that every attempt is known afterwards.

| module | what |
|---|---|
| `address` | an address taken apart as browsers do it |
| `guard`, `dialer` | which addresses may be connected to; the one place that opens a connection |
| `body` | content codings taken off within bounds |
| `client` | one request and its answer, under one deadline; the only module that knows httpx |
| `robots` | what a site allows (RFC 9309) |
| `politeness` | when a host may be asked again: delays, Retry-After, back-off, circuit |
| `clock` | now, and waiting; tests bring their own |
"""
