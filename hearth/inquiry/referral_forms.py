"""Forms of referrals: sending files in, correcting what is taken over, declining."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.inquiry.forms import LANGUAGES, PersonForm, text_box
from hearth.inquiry.packet import Condition, Packet
from hearth.inquiry.rules import display_name
from hearth.lib.states import STATES

MOST_FILES = 20
REFERRAL_FILES = ".json,.xml,application/json,application/fhir+json,application/xml,text/xml"


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; a list of them."""

    widget = ManyFiles(attrs={"accept": REFERRAL_FILES})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_t("Please send at most %(most)s files at once.") % {"most": MOST_FILES})
        # An empty or oversized file is told of by the reader, beside the others of the same upload.
        if not files or files == [None]:
            raise forms.ValidationError(self.error_messages["required"])
        return list(files)


class UploadForm(forms.Form):
    """Referrals to put into the inbox."""

    bundles = FilesField(
        label=_("Files"),
        help_text=_("FHIR R4 bundles (JSON) or C-CDA documents (XML), one person each, up to 20 MB."),
        error_messages={"required": _("Choose at least one file.")},
    )


class TakeOverForm(PersonForm):
    """What a chart begins with, corrected by a person, and which conditions come along."""

    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    postal_code = forms.CharField(label=_("ZIP code"), max_length=10, required=False)
    language = forms.ChoiceField(label=_("Language"))
    conditions = forms.TypedMultipleChoiceField(
        label=_("Conditions to take over"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, packet: Packet, **kwargs: Any) -> None:
        kwargs["initial"] = _sent(packet) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["conditions"].choices = [  # type: ignore[attr-defined]
            (place, _line(one)) for place, one in enumerate(packet.conditions)
        ]
        spoken = kwargs["initial"]["language"]
        others = [(one.code, one.name) for one in packet.person.languages if one.code and _base(one.code) == spoken]
        known = spoken in dict(LANGUAGES)
        self.fields["language"].choices = [*LANGUAGES, *([] if known else [(spoken, others[0][1])])]  # type: ignore[attr-defined]

    def person(self) -> dict[str, Any]:
        data = super().person()
        del data["conditions"]
        return data


class DeclineForm(forms.Form):
    """Why a referral is not taken over."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=text_box(2),
        help_text=_("For example: needs detox first, handed over by phone; sent by mistake."),
        error_messages={"required": _("A few words, so that the sender can be told and nobody wonders later.")},
    )


def _sent(packet: Packet) -> dict[str, Any]:
    """What was sent, in the words of a chart."""
    person = packet.person
    address = person.address
    official = next((name for name in person.names if name.use == "official"), None) or next(iter(person.names), None)
    words = person.name.split()
    phones = [one.number for one in person.phones]
    states = {code for code, _name in STATES}
    return {
        "chosen_name": words[0] if words else "",
        "legal_given": display_name(" ".join(official.given)) if official else "",
        "family_name": display_name(official.family or "") if official else "",
        "birth_date": person.birth_date,
        "phone": phones[0] if phones else "",
        "email": person.emails[0] if person.emails else "",
        "street": ", ".join(address.lines) if address else "",
        "city": (address.city or "") if address else "",
        "state": address.state if address and address.state in states else "",
        "postal_code": (address.postal_code or "") if address else "",
        "language": _base(next((one.code for one in _best_first(person.languages) if one.code), "en")),
        "conditions": [place for place, one in enumerate(packet.conditions) if one.active],
    }


def _best_first(languages: Sequence[Any]) -> list[Any]:
    return sorted(languages, key=lambda one: not one.preferred)


def _base(code: str) -> str:
    return code.split("-")[0].lower()[:8]


def _line(one: Condition) -> str:
    since = _t("since %(day)s") % {"day": one.onset} if one.onset else ""
    return " · ".join(part for part in (one.text, one.status, since) if part)
