"""Telling people things: channels, preferences, quiet hours, digests, signed links."""
