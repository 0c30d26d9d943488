"""Newcomers of a place: a contact by name, first steps that tick themselves, an end. See README."""
