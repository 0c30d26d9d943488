"""Who can help with what: claimed skills, and contributions with their source."""
