"""The context: what agents should know next time, as a log of updates and as the records that follow from it.

What comes in: `policy` (from `policy_file`) says what may be kept, `guards` what never is, and `admission` applies both
and lets the newer of two contradicting records hold. `knowledge` is what it must know beside the log: consents, and
what was erased. `policies` remembers the policies of before.

What it adds up to: `story` tells the life of one record, `records` of all, `selection` chooses what an agent is told,
and `render` makes a prompt section of it. All pure. `exposure` finds out which records a conversation was told.

`log` appends to the store and reads back (`rows` and `reach` are its SQL, `end` is where processes meet that append at
once), `watch` follows it. `desk` answers the calls of applications and people, with `decisions`, `reviewing` and
`people`; `fenced` is the desk as a credential may use it.
`grpc` (with `wire`, its nouns), `http` and `mcp` are the doors: they translate, and decide nothing.
"""
