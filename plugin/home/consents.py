"""What people agree to in home, and which version of its words."""

PRIVACY = "privacy"
PRIVACY_VERSION = "1"
