"""Where engines run: `process` (the default: one spawned child a lane) or `inline` (a thread, for tests)."""
