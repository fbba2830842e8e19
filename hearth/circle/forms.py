"""Forms of the circle: writing, reporting, deciding, and a circle's hours."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.circle import rules
from hearth.circle.models import Circle, Decision, Post, Report, Thanks
from hearth.circle.photos import MOST_SENT, Sent, made_small
from hearth.circle.services import WORDLESS
from hearth.lib.pictures import NotAPicture, Picture
from hearth.lib.templatetags.hearth import hours
from hearth.program.hours_text import NotHours, read_day, write_day

ACCEPT = "image/jpeg,image/png,image/webp"
REFUSALS = {
    "kind": _("This file is no photo we can read (JPEG, PNG or WebP). Your words are kept."),
    "broken": _("This photo is damaged. Your words are kept: choose another."),
    "large": _("This photo has too many pixels. Your words are kept: choose a smaller one."),
    "heavy": _("This photo is larger than 12 MB. Your words are kept: choose a smaller one."),
}
LONGEST = 2000  # signs in a post
DEEDS = {
    Decision.What.RELEASE: _("Let the circle read it"),
    Decision.What.KEEP: _("It stays as it is"),
    Decision.What.RETURN: _("Ask for another wording"),
    Decision.What.HIDE: _("Hide it"),
    Decision.What.RESTORE: _("Show it again"),
    Decision.What.STRIKE: _("Speak about it kindly, and count it"),
    Decision.What.UPHOLD: _("It stays as it was decided"),
}


def _text(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class WriteForm(forms.Form):
    """A post, or a question to staff alone."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What is it?"), choices=Post.Kind.choices, widget=forms.RadioSelect)
    text = _text(_("Your words"))
    is_anonymous = forms.BooleanField(
        label=_("Without my name"), required=False, help_text=_("The others do not see who wrote it. Staff do.")
    )

    photo = forms.FileField(
        label=_("A photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_(
            "A host looks at it before anybody else. No faces of others, no names, numbers or codes in it, please."
            " Where and with what it was taken is removed; it is made small."
        ),
    )
    photo_words = forms.CharField(
        label=_("What the photo shows"),
        required=False,
        max_length=200,
        help_text=_("A few words for those who do not see it: “My dog asleep on the stairs.”"),
    )

    def __init__(self, data: Any = None, files: Any = None, *, kind: str = Post.Kind.POST) -> None:
        kind = kind if kind in Post.Kind.values else Post.Kind.POST
        super().__init__(data, files, initial={"token": uuid4(), "kind": kind})

    def clean(self) -> dict[str, Any]:
        """`photo` becomes what the circle would see of it.

        A browser forgets the file of a form that came back and keeps the words: they are never dropped unread.
        """
        cleaned = super().clean() or {}
        file, words = cleaned.pop("photo", None), cleaned.pop("photo_words", "")
        if file:
            try:
                cleaned["photo"] = Sent(made_small(file.read()) if file.size <= MOST_SENT else _too_heavy(), words)
            except NotAPicture as error:
                self.add_error("photo", str(REFUSALS[error.why]))
        elif words and "photo" not in self.errors:
            self.add_error("photo", _("Choose the photo again, or move these words up."))
        return cleaned


def _too_heavy() -> Picture:
    raise NotAPicture("heavy")


class AgainForm(forms.Form):
    """Another wording of a post that is with its writer; where it has a photo, also without it."""

    text = _text(_("Your words"))
    without_photo = forms.BooleanField(
        label=_("Without the photo"), required=False, help_text=_("It is then deleted for good.")
    )

    def __init__(self, data: Any = None, *, post: Post, has_photo: bool) -> None:
        super().__init__(data, initial={"text": post.text})
        if not has_photo:
            del self.fields["without_photo"]


class WordsForm(forms.Form):
    """A few words: to an appeal, or as an answer."""

    words = _text(_("Your words"), rows=3)


class ReportForm(forms.Form):
    """Why a host should look at somebody else's post."""

    why = forms.ChoiceField(label=_("What is it about?"), choices=Report.Why.choices, widget=forms.RadioSelect)
    words = _text(_("Anything a host should know"), required=False, rows=3)


class DecideForm(forms.Form):
    """What becomes of a post, with the words its writer reads."""

    what = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    words = _text(
        _("To the writer"),
        _("In kind words: what you saw, and what would help. Needed unless the circle reads it."),
        required=False,
        rows=3,
    )

    def __init__(self, data: Any = None, *, choices: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["what"].choices = [(one, DEEDS[Decision.What(one)]) for one in choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("what") and cleaned["what"] not in WORDLESS and not cleaned.get("words", "").strip():
            self.add_error("words", _t("Say why, kindly: the writer reads it."))
        return cleaned


class ThankForm(forms.Form):
    """A few words of thanks after a session."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label=_("To whom?"), choices=Thanks.To.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("Your words"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, has_group: bool) -> None:
        to = Thanks.To.GROUP if has_group else Thanks.To.STAFF
        super().__init__(data, initial={"token": uuid4(), "to": to})
        if not has_group:
            self.fields["to"].choices = [(to, to.label)]  # type: ignore[attr-defined]


class WayForm(forms.Form):
    """How an alumnus can be reached."""

    words = forms.CharField(
        label=_("How you can be reached"),
        help_text=_("In your own words: a number, an address, a good time. You can change it whenever you like."),
        required=False,
        max_length=200,
    )


class HostForm(forms.Form):
    """Who hosts a circle from now on."""

    member = forms.ChoiceField(label=_("Host"))

    def __init__(self, data: Any = None, *, staff: Collection[User]) -> None:
        super().__init__(data)
        self.fields["member"].choices = [(one.pk, one.name) for one in staff]  # type: ignore[attr-defined]


class PaceForm(forms.Form):
    """How slowly a circle goes."""

    minutes = forms.TypedChoiceField(label=_("Between two posts of one member"), coerce=int)

    def __init__(self, data: Any = None, *, minutes: int) -> None:
        super().__init__(data, initial={"minutes": minutes})
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (one, hours(one) if one else _t("nothing: as they like")) for one in rules.SLOW_MINUTES
        ]


class HoursForm(forms.Form):
    """When hosts read, day by day."""

    reads_first = forms.BooleanField(
        label=_("A host reads every post first"),
        required=False,
        help_text=_(
            "The usual way, and for adolescents the only one we advise: of ten posts that share contact, the rules find"
            " about seven."
        ),
    )

    def __init__(self, data: Any = None, *, circle: Circle) -> None:
        super().__init__(data, initial={"reads_first": circle.reads_first})
        for day in range(7):
            self.fields[f"day_{day}"] = forms.CharField(
                label=WEEKDAYS[day], required=False, initial=write_day(day, circle.hours), max_length=80
            )
        self.order_fields([f"day_{day}" for day in range(7)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: list[dict[str, Any]] = []
        for day in range(7):
            try:
                hours += read_day(day, cleaned.get(f"day_{day}", ""))
            except NotHours:
                self.add_error(f"day_{day}", _t("Write hours like 9:00–17:00, on the half hour."))
        return cleaned | {"hours": hours}
