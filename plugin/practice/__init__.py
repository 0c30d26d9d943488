"""Practice servers: an LMS and a forum for the demo and for tests.

They stand for other people's programs. Lantern meets them only over HTTP, and they use nothing
of Lantern, so that a misunderstanding on one side cannot hide on the other.
"""
