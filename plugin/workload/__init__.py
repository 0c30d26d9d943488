"""The time ledger and the queue kernel: see README.md."""
