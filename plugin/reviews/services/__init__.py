"""Use cases of peer review, one a file. They take an open unit of work and never commit."""
