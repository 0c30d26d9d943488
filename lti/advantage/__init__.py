"""LTI Advantage services of a platform: thin clients, plain dataclasses in and out."""
