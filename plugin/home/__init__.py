"""One home: what to do next, what one waits for, profile, your time. See README.md."""
