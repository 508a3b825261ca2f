"""ClickHouse's HTTP interface for the engine inside this process: curl and every ClickHouse client that speaks HTTP can
use it as they would use a server. Parameters and headers are those of https://clickhouse.com/docs/interfaces/http.

    app         the routes: a request comes in, an answer goes out
    users       who asks, and whether they may write
    query       what a request asks for
    body        the bytes of a request, decompressed piece by piece
    insert      where a statement ends and its rows begin
    frames      ClickHouse's own compressed blocks
    engine      runs it
    greeting    what clickhouse-go asks first
    answers     headers, errors, compression of what goes out

A connection is made for each call, which takes a tenth of a millisecond, so settings and databases of one client never
meet another's. There are no sessions: a temporary table lives as long as one request.
"""
