"""What every floor stands on: database, unit of work, outbox, jobs, ports. Knows no feature."""
