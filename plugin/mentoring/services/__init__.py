"""Use cases of mentoring, one theme a file. Each takes an open unit of work and never commits."""
