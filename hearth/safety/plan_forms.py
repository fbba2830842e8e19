"""The form on which a safety plan is made."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from hearth.consent.models import Consent
from hearth.safety.plan_rules import MOST_PEOPLE, Helper, Section, Sections
from hearth.safety.plan_words import HINTS, MEANS_WITH, MEANS_WITH_HINT, TITLES

LONGEST = 2000  # characters of a section


class PlanForm(forms.Form):
    """The seven sections, each as far as it is known. `based_on` is the version that the writer had before them."""

    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sections: Sections, based_on: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"based_on": based_on, **_initial(sections)}
        super().__init__(*args, **kwargs)
        for section in Section:
            if section in MOST_PEOPLE:
                self._add_people(section)
            else:
                self.fields[section.value] = _text(TITLES[section], HINTS[section], rows=3)
        self.fields["means_with"] = _text(MEANS_WITH, MEANS_WITH_HINT, rows=2)

    def _add_people(self, section: Section) -> None:
        for number in range(MOST_PEOPLE[section]):
            self.fields[f"{section}_{number}_name"] = forms.CharField(label=_("Name"), max_length=80, required=False)
            self.fields[f"{section}_{number}_phone"] = forms.CharField(
                label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
            )

    def parts(self) -> list[dict[str, Any]]:
        """The sections in order as the page shows them: one field, or names with numbers."""
        found: list[dict[str, Any]] = []
        for section in Section:
            if section in MOST_PEOPLE:
                found.append({"title": TITLES[section], "hint": HINTS[section], "people": self._people(section)})
            else:
                more = self["means_with"] if section == Section.MEANS else None
                found.append({"field": self[section], "more": more})
        return found

    def _people(self, section: Section) -> list[tuple[BoundField, BoundField]]:
        return [
            (self[f"{section}_{number}_name"], self[f"{section}_{number}_phone"])
            for number in range(MOST_PEOPLE[section])
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for section, most in MOST_PEOPLE.items():
            for number in range(most):
                name, phone = data.get(f"{section}_{number}_name", ""), data.get(f"{section}_{number}_phone", "")
                if phone and not name:
                    self.add_error(f"{section}_{number}_name", _("Say who answers at this number."))
                if phone and not Helper(name, phone).tel:
                    self.add_error(f"{section}_{number}_phone", _("This is no number that can be called."))
        return data

    def sections(self) -> Sections:
        """What was written, of a valid form."""
        names = [each.name for each in fields(Sections) if each.name not in MOST_PEOPLE]
        return Sections(**{name: self.cleaned_data[name].replace("\r\n", "\n") for name in names}, **self._named())

    def _named(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            section: tuple(
                Helper(name, data[f"{section}_{number}_phone"])
                for number in range(most)
                if (name := data[f"{section}_{number}_name"])
            )
            for section, most in MOST_PEOPLE.items()
        }


class CopyForm(forms.Form):
    """Whom of those a release names a copy is given to, and of which version: the one that was read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    recipient = forms.ChoiceField(label=_("Who is given a copy"))
    covers = forms.BooleanField(
        label=_("I read what they signed: it covers the safety plan"),
        error_messages={"required": _("Read first what the consent covers.")},
    )

    def __init__(self, data: Any = None, *, releases: Iterable[Consent], version: int | None) -> None:
        super().__init__(data, initial={"version": version})
        choices = [(f"{row.pk}:{name}", _under(row, name)) for row in releases for name in row.recipients]
        self.fields["recipient"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> tuple[UUID, str]:
        """The release and whom of it, of a valid form."""
        release, _colon, name = self.cleaned_data["recipient"].partition(":")
        return UUID(release), name


def _under(release: Consent, name: str) -> str:
    """Somebody may stand in two releases that cover different things."""
    return f"{name}: “{release.information}”" if release.information else name


def _text(label: Any, hint: Any, *, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


def _initial(sections: Sections) -> dict[str, str]:
    body = sections.as_json()
    found = {name: words for name, words in body.items() if name not in MOST_PEOPLE}
    for section in MOST_PEOPLE:
        for number, each in enumerate(body[section]):
            found |= {f"{section}_{number}_name": each["name"], f"{section}_{number}_phone": each["phone"]}
    return found
