"""Fetching from the web: politely, safely, and so that every attempt is known afterwards.

| module | what |
|---|---|
| `address` | an address taken apart as browsers do it |
| `guard`, `dialer` | which addresses may be connected to; the one place that opens a connection |
| `body` | content codings taken off within bounds |
| `client` | one request and its answer, under one deadline; the only module that knows httpx |
| `robots`, `agent` | what a site allows (RFC 9309); by which name it knows us |
| `politeness`, `retry_after` | when a host may be asked again: delays, Retry-After, back-off, circuit |
| `clock` | now, and waiting; tests bring their own |
| `attempt` | one attempt, as a value |
| `fetcher` | one address from robots.txt to the answer: turns, retries, redirects |
| `places` | one look at a feed, a sitemap with all below it, a list, or a page |
| `plan`, `schedule`, `choose` | what a run does: where to look, what is new, what is due again |
| `web` | all that is open while a run fetches; queues of hosts |
| `journal`, `resume` | what was done, line by line; how the next run goes on after a kill |
| `health`, `rows` | how the sources are; all of it as rows of the warehouse |
| `single` | one page to be looked at, not loaded |
"""
