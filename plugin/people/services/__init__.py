"""Use cases about people, by what they are about. Each takes an open unit and never commits."""
