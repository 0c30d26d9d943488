"""Mentoring: programmes, matching, introductions, pairs and their meetings."""
