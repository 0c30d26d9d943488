"""A small forum that behaves like Discourse where a connected tool can notice it.

It serves the demo and the tests: the same REST calls, signed webhooks with the same shapes and
the same delivery semantics, a DiscourseConnect provider, and faults that can be switched on.
It is no part of the product; it knows nothing of Lantern and Lantern knows nothing of it.
(Issue 2, section 3.)
"""
