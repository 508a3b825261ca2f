"""What no record may hold, whoever asked for it: `secrets`; and what it may hold under conditions: `personal` data."""
