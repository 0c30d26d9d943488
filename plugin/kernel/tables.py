"""Tables for spreadsheets."""


def plain(value: object) -> str:
    """Return text that no spreadsheet carries out (OWASP, CSV injection)."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
