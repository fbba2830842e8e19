"""Tokens of forms: a form sent twice is stored once, and one sent again with other words is stored as well."""

from uuid import UUID, uuid5


def for_other_words(token: UUID, *words: str) -> UUID:
    """The token of what the same form says once its words were changed: the same one for the same words.

    Whoever goes back in the browser changes the words under the token of what they sent before.
    """
    return uuid5(token, "\n".join(words))
