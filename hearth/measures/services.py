"""Asking measures by rule."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.measures.models import Rule
from hearth.people.models import Patient
from hearth.program.pack import DueRule


@transaction.atomic
def follow_rules(*, patient: Patient, rules: Iterable[DueRule], started_on: date, by: User, at: datetime) -> None:
    """Ask `patient` these measures by rule from `started_on` on. Called twice, it changes nothing."""
    for rule in rules:
        row, is_new = Rule.objects.get_or_create(
            patient=patient,
            instrument=rule.instrument,
            started_on=started_on,
            defaults={
                "at_admission": rule.at_admission,
                "every_days": rule.every_days,
                "at_completion": rule.at_completion,
                "days_after": list(rule.days_after),
            },
        )
        if is_new:
            audit.record("measures.rule_followed", by=by, about=row, at=at, instrument=rule.instrument)
