"""The Discourse adapter: a forum's events come in, Lantern's wants go out."""
