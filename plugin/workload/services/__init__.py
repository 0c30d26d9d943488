"""Use cases of the ledger and of the queues, one theme a file."""
