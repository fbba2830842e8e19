"""Sentences of the pure readers: English that remembers its parts, so that a screen says it in its own language."""

from typing import Any, Self


class Said(str):
    """`Said("There are %(number)s patients.", number=2)` is that sentence in English; `text` and `values` its parts."""

    __slots__ = ("text", "values")
    text: str
    values: dict[str, Any]

    def __new__(cls, text: str, **values: Any) -> Self:
        sentence = super().__new__(cls, text % values if values else text)
        sentence.text, sentence.values = text, values
        return sentence

    def as_parts(self) -> dict[str, Any]:
        """What to keep of it as JSON."""
        plain = {name: one.as_parts() if isinstance(one, Said) else one for name, one in self.values.items()}
        return {"text": self.text, "values": plain}

    @classmethod
    def of_parts(cls, kept: "dict[str, Any] | str") -> "Said":
        """The sentence that `as_parts` kept; one kept as plain English before stays so."""
        if isinstance(kept, str):
            return cls(kept)
        values = {name: cls.of_parts(one) if isinstance(one, dict) else one for name, one in kept["values"].items()}
        return cls(kept["text"], **values)


def mark(text: str) -> str:
    """This text, marked for the translators under the name `_`; it is translated when it is shown."""
    return text
