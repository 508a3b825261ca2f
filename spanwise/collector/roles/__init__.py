"""The roles: one handler each. `storing` turns requests into rows, `processing` turns traces into what was learned."""
