"""Use cases of newcomers, by what happens. Each takes an open unit and never commits."""
