"""Builders of programs for tests and the demo."""

from typing import Any

from hearth.program.models import Program


def make_program(**fields: Any) -> Program:
    """Adult evening with thirty-six places, unless told otherwise; the same name gives the same program."""
    adolescent = fields.get("population") == "adolescent"
    facts: dict[str, Any] = {
        "name": "Adolescent after school" if adolescent else "Adult evening",
        "pack": "adolescent-after-school" if adolescent else "adult-evening",
        "pack_version": "1.0.0",
        "population": "adult",
    } | fields
    name = facts.pop("name")
    return Program.objects.get_or_create(name=name, defaults=facts)[0]
