"""What follows from what a student told staff alone. Pure.

Whoever asks for a word or has company needs staff, and that is all. Driving, or after drinking or taking something, a
person can come to harm within the hour; who is threatened, or gives the silent sign, may be in danger now.
"""

SEVERITY = {"driving": "urgent", "intoxicated": "urgent", "unsafe": "emergency", "signal": "emergency"}


def severity_of(why: str) -> str | None:
    """How soon a named person must have taken it as a concern; None where it is no risk by itself."""
    return SEVERITY.get(why)
