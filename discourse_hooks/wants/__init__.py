"""Lantern's wants, fulfilled in a forum: each once in effect, each reported back."""
