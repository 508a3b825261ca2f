"""PostgreSQL: the current records in a table that an application can query, with indexes for what it asks.

`postgresql://user:password@host:5432/database`; option `schema` (`spanwise`): two stores in one database need two.

Records and position change in one transaction, and the row of the position is its lock: of two deliverers one waits,
and finds that there is nothing left to do. (A lock of the session would not outlive a connection pooler, and outlive a
host that died.) After an erasure the table is written anew, since a deleted row's bytes stay in its page; what the
write-ahead log, replicas and backups keep is the server's to drop.

`statements` says what is asked of PostgreSQL, `store` asks it.
"""

from spanwise.collector.deliver.postgres.store import open_postgres

__all__ = ["open_postgres"]
