"""Use cases of credentials. Each takes an open unit of work and never commits."""
