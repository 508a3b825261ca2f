"""Redis: a hash for each record, a set for each scope, a stream of changes.

`redis://user:password@host:6379/0` or `rediss://`; options `prefix` (`{spanwise}:`, whose braces keep everything in one
slot of a cluster) and `stream_length` (10,000, about). Names in keys are percent-encoded:

    {spanwise}:record:<org>:<record>         hash: the fields of `documents.document`
    {spanwise}:scope:<org>:<agent>:<user>    set of keys of records; what is empty stays empty
    {spanwise}:changes                       stream of org, record_id, operation and position, without content

A page and the position are one script, so a reader sees all of a page or nothing of it. After an erasure the
append-only file and the snapshot are written anew; replicas follow, backups are their keeper's to drop.

`script` is what Redis does with a page, `names` makes the names of keys, `rewriting` the files anew, `store` has it all
together.
"""

from spanwise.collector.deliver.redis.store import open_redis

__all__ = ["open_redis"]
