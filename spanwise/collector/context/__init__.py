"""The context: what agents should know next time, as a log of updates and as the records that follow from it.

`records` folds updates into records and `render` makes a prompt section of them: both pure. `log` appends to the store
and reads back, `watch` follows the log, `desk` answers the calls of applications and people, `wire` translates to
`context.proto`, and `grpc` is the door. `rows` and `reach` are the log's SQL.
"""
