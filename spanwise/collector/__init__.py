"""The collector: how data walk through it, and where to look.

    agents --OTLP--> receive --[spans]--> store --[stored]--> process ------> watchers of the context
                                            |                    |
                                        ClickHouse           signals, the context log --> deliver --> stores

`assembly` wires it and is the only place that reads URLs. `model` has the nouns, `errors` the two ways to fail.

    receive/        OTLP requests in: credentials, checks, gRPC; the servers that all doors share
    bus/            what is between the roles
    roles/          storing and processing: the heart; when a trace is read again
    otlp/           everything that knows OTLP bytes and the conventions of attributes
    store/          ClickHouse: tables, inserts, reading traces back, its HTTP interface
    conversation    spans to turns, tool calls and scope
    plugins/        processors and learners, run in a worker process
    context/        what was learned: the log, the records, policies, review, the prompt section; gRPC, HTTP and MCP
    deliver/        downstream stores: each follows the log; PostgreSQL, Redis, files, webhooks, the topic `context`
    erasure/        forgetting for good: what is erased where, its receipt, and what keeps it from coming back

`settings` has every setting, `directory` the data directory, `servers` the sockets, `operations` what operators ask,
`metrics` what is counted. `access` says how far a credential reaches, `refusals` how clients are told what is refused.
"""
