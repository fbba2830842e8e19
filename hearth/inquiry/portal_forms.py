"""Forms of the referral portal: asking for a link, a referral with papers, a file, and what the sender may hear."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hearth.inquiry.forms import LANGUAGES, checked_birth_date, checked_phone, text_box
from hearth.inquiry.portal_files import MOST_BYTES, MOST_FILES, MOST_TOGETHER
from hearth.inquiry.portal_models import Danger, House, Knows, SharedStatus, Urgency
from hearth.inquiry.portal_status import Release
from hearth.inquiry.referral_forms import REFERRAL_FILES, ManyFiles
from hearth.lib.states import STATES

ACCEPT = "application/pdf,image/jpeg,image/png"
REFUSALS: dict[str, Promise] = {
    "kind": _("%(name)s is not a PDF, JPEG or PNG file."),
    "broken": _("%(name)s is damaged."),
    "more": _("%(name)s has something else behind its end."),
    "large": _("%(name)s unpacks to more than we take."),
    "locked": _("%(name)s is locked with a password. Save it without one."),
    "active": _("%(name)s holds scripts, forms that run or files within it. Print it to a new PDF and send that."),
    "virus": _("%(name)s is known as harmful. Tell us if you do not know why."),
    "unchecked": _("%(name)s could not be checked just now. Send it again soon."),
}


class NothingHere(forms.Form):
    """A field that people cannot see and programs fill in."""

    nothing_here = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_nothing_here(self) -> str:
        if self.cleaned_data["nothing_here"]:
            raise forms.ValidationError(
                _t("A hidden field was filled in, which people cannot see. Please press Send once more, or call us.")
            )
        return ""


class AskForm(NothingHere):
    """Asking for a link."""

    email = forms.EmailField(
        label=_("Your e-mail at work"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This does not look like an e-mail address. It needs an @ and a dot."),
            "required": _("Type the address to which we may send the link."),
        },
    )


class SendLinkForm(forms.Form):
    """Sending a link to somebody."""

    email = forms.EmailField(label=_("Their e-mail at work"))


class InviteForm(forms.Form):
    """Inviting a referral partner to an account."""

    name = forms.CharField(label=_("Their name"), max_length=120)
    email = forms.EmailField(label=_("Their e-mail at work"))


class AttachmentsField(forms.FileField):
    """No file, or a few."""

    widget = ManyFiles(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_t("Please attach at most %(most)s files.") % {"most": MOST_FILES})
        heavy = [one.name or "" for one in files if (one.size or 0) > MOST_BYTES]
        if heavy:
            raise forms.ValidationError(
                _t("%(name)s is larger than %(most)s MB.") % {"name": heavy[0], "most": MOST_BYTES // 1_000_000}
            )
        if sum(one.size or 0 for one in files) > MOST_TOGETHER:
            raise forms.ValidationError(
                _t("Together the files are larger than %(most)s MB.") % {"most": MOST_TOGETHER // 1_000_000}
            )
        return files


class ReferForm(NothingHere):
    """A referral in a professional's own words."""

    sender_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    sender_organisation = forms.CharField(
        label=_("Your organization"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    house = forms.ChoiceField(label=_("You write from"), choices=[("", _("Choose")), *House.choices])
    sender_phone = forms.CharField(
        label=_("Your phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    given = forms.CharField(label=_("First name"), max_length=120)
    family = forms.CharField(label=_("Family name"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": _("Type the day as year-month-day, for example 1990-05-31.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("Choose")), *LANGUAGES], required=False)
    state = forms.ChoiceField(label=_("State they live in"), choices=[("", _("Choose")), *STATES], required=False)
    phone = forms.CharField(
        label=_("The person's phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("The person's e-mail"), required=False)
    message_ok = forms.BooleanField(label=_("We may leave a message or write there. It is safe."), required=False)
    reach = forms.CharField(
        label=_("How do we reach them safely, and when?"),
        max_length=1000,
        required=False,
        widget=text_box(2),
        help_text=_("For example: through you until Friday; not while their partner is at home."),
    )
    why = forms.CharField(
        label=_("What happened, and what do they need?"),
        max_length=4000,
        widget=text_box(4),
        error_messages={"required": _("A few words, so that we call the right person first.")},
    )
    urgency = forms.ChoiceField(label=_("How soon should we call?"), choices=Urgency, widget=forms.RadioSelect)
    must_know = forms.CharField(
        label=_("What must we know?"),
        max_length=4000,
        required=False,
        widget=text_box(3),
        help_text=_("Withdrawal, seizures, pregnancy, medicines, allergies, harm to themselves or others."),
    )
    dates = forms.CharField(
        label=_("Dates of court, supervision or release"), max_length=1000, required=False, widget=text_box(2)
    )
    knows = forms.ChoiceField(
        label=_("Do they know that you write to us?"),
        choices=Knows,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: it decides how we begin.")},
    )
    agreed = forms.CharField(
        label=_("What did they agree to, in writing?"),
        max_length=1000,
        required=False,
        widget=text_box(2),
        help_text=_("What you may tell us, and what we may tell you. Attach the signed release if there is one."),
    )
    papers = AttachmentsField(label=_("Attach papers"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["papers"].help_text = _t(
            "PDF, JPEG or PNG: at most %(count)s files of %(each)s MB, %(together)s MB together."
        ) % {"count": MOST_FILES, "each": MOST_BYTES // 1_000_000, "together": MOST_TOGETHER // 1_000_000}

    def clean_phone(self) -> str:
        return checked_phone(self.cleaned_data["phone"].strip())

    def clean_sender_phone(self) -> str:
        return checked_phone(self.cleaned_data["sender_phone"].strip())

    def clean_birth_date(self) -> date | None:
        day = self.cleaned_data["birth_date"]
        return checked_birth_date(day, today=self.today) if day else None

    def clean(self) -> dict[str, Any]:
        """A browser does not send files a second time by itself: say so where another look is needed."""
        cleaned = super().clean() or {}
        count = len(cleaned.get("papers", ()))
        if self.errors and count:
            again = ngettext("Please choose the file again.", "Please choose the files again.", count)
            self.add_error("papers", again)
        return cleaned

    def refuse(self, name: str, why: str) -> None:
        """Say beside the files why one of them cannot be kept."""
        self.add_error("papers", str(REFUSALS[why]) % {"name": name})
        self.add_error("papers", _t("Nothing was kept. Please choose the files again."))

    def told(self) -> dict[str, Any]:
        """What was written, as `portal.send_form` takes it."""
        left_out = {"nothing_here", "papers"}
        told = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return told | {"language_name": str(dict(LANGUAGES).get(told["language"], ""))}


class FileForm(NothingHere):
    """A referral as a file that machines read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A FHIR R4 bundle (JSON) or a C-CDA document (XML), one person, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": REFERRAL_FILES}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )


class DangerForm(forms.Form):
    """The first question of all."""

    danger = forms.ChoiceField(
        label=_("Is the person, or somebody else, in danger right now?"),
        choices=Danger,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one. If you are not sure, say so.")},
    )


class ShareForm(forms.Form):
    """What a sender may hear, and under which consent."""

    link = forms.ChoiceField(label=_("Who sent it"), widget=forms.RadioSelect)
    release = forms.ChoiceField(
        label=_("The consent that names them"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the consent under which they may hear it.")},
    )
    standing = forms.ChoiceField(label=_("What they may hear"), choices=SharedStatus.Standing, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, links: Sequence[tuple[str, str]], releases: Sequence[Release], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].choices = list(links)  # type: ignore[attr-defined]
        if len(links) == 1:
            self.fields["link"].initial = links[0][0]
        self.fields["release"].choices = [(one.key, _line(one)) for one in releases]  # type: ignore[attr-defined]


def _line(one: Release) -> str:
    return _t("%(who)s may hear: %(what)s. For: %(purpose)s.") % {
        "who": one.recipient, "what": one.consent.information.rstrip("."), "purpose": one.consent.purpose.rstrip("."),
    }  # fmt: skip
