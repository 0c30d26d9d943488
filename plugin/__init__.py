"""The product: mentoring, peer review and credentials, with its storage and its pages."""
