"""Peer review: activities, submissions, reviews, scores. See README.md."""
