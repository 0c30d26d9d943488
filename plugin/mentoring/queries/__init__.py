"""Selects of mentoring into frozen read models, one theme a file."""
