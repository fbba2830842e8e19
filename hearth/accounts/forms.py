"""What is typed to sign in, to join and to say who one is."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hearth.accounts import rules
from hearth.accounts.models import Organisation, Site, User, role_words
from hearth.accounts.roles import STAFF, Role

ACCENTS = [("ember", _("Ember")), ("pine", _("Pine")), ("dusk", _("Dusk"))]


class SharedDevice(forms.Form):
    """Every way in asks whether others use this device too."""

    shared_device = forms.BooleanField(
        label=_("This is a shared phone or computer"),
        help_text=_("Nothing you type is kept here, and you are signed off sooner."),
        required=False,
    )


class PasswordForm(SharedDevice):
    """E-mail and password."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["email", "password", "shared_device"]


class AskForLinkForm(forms.Form):
    """Where to mail a link to."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class AskForTextForm(forms.Form):
    """Where to text a code to."""

    phone = forms.CharField(
        label=_("Mobile phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )

    def clean_phone(self) -> str:
        number = rules.plain_phone(self.cleaned_data["phone"])
        if not number:
            raise ValidationError(_("A phone number has ten figures, as in 303 555 0117."))
        return number


class TextedCodeForm(SharedDevice):
    """The six figures that arrived by text message."""

    code = forms.CharField(
        label=_("Code from the text message"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    field_order = ["code", "shared_device"]


class PrintedCodeForm(SharedDevice):
    """The code on the card that staff printed."""

    code = forms.CharField(
        label=_("Code on your card"),
        help_text=_("Twelve letters and figures. Small or capital letters, with or without hyphens."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ["code", "shared_device"]


class WhichHouseForm(forms.Form):
    """In which house one comes in, for people who have an account in several."""

    account = forms.ChoiceField(label=_("Where to"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, users: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted((user.organisation.name, str(user.pk)) for user in users)
        self.fields["account"].choices = [(pk, name) for name, pk in choices]  # type: ignore[attr-defined]


class SecondCodeForm(forms.Form):
    """Six figures of an authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class PasskeyForm(forms.Form):
    """What the browser answers when a passkey is made or used."""

    credential = forms.JSONField(widget=forms.HiddenInput)


class NewPasskeyForm(PasskeyForm):
    name = forms.CharField(label=_("A name for it"), max_length=60, required=False)


class FormOf(forms.Form):
    """A form that knows whose it is."""

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class NewPasswordForm(FormOf):
    """A new password, typed once and shown on wish by the browser."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least ten characters. A few words in a row are easy to keep."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.user)
        return password


class ConfirmForm(FormOf):
    """Shows that it is really the account's owner at the screen; asks only those who have a password."""

    current = forms.CharField(
        label=_("Your password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user and not self.user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user or not self.user.check_password(current):
            raise ValidationError(_("This is not your password."))
        return current


class ChangePasswordForm(ConfirmForm, NewPasswordForm):
    field_order = ["current", "password"]


class AcceptForm(NewPasswordForm):
    """What an invited person says of themself. A password is needed by staff alone."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("The name you want to be called by. It need not be the one on your papers."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ["name", "pronouns", "language", "password"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["password"].required = user.is_staff


def zone_field(first: tuple[str, Any] | None = None) -> forms.ChoiceField:
    """Time zones by name; `first` stands before them and makes the field one that may stay empty."""
    zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
    choices = [first, *zones] if first else zones
    return forms.ChoiceField(label=_("Time zone"), choices=choices, required=first is None)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Chosen name, pronouns and to whom they are shown, language and time zone."""

    class Meta:
        model = User
        fields = ["name", "pronouns", "pronouns_shown_to", "language", "time_zone"]
        widgets = {"language": forms.Select(choices=settings.LANGUAGES), "pronouns_shown_to": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = self.instance.organisation.time_zone
        self.fields["time_zone"] = zone_field(first=("", _("As your program: %(zone)s") % {"zone": house}))
        if self.instance.is_staff:
            del self.fields["pronouns_shown_to"]  # a student's to decide: staff are called what they say by everyone


class InviteStaffForm(forms.Form):
    """Who is to join the staff."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Work e-mail"))
    title = forms.CharField(label=_("Title"), help_text=_("As in LPC, LCSW, CPS"), max_length=80, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = roles_field(inviter)


class StaffRolesForm(forms.Form):
    """The roles and title of a staff member."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label=_("Title"), help_text=_("As in LPC, LCSW, CPS"), max_length=80, required=False)

    def __init__(self, *args: Any, changer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = roles_field(changer)


def roles_field(giver: User) -> forms.MultipleChoiceField:
    """The staff roles that `giver` may give, as ticks."""
    given = [role for role in Role if role in STAFF and (role != Role.ADMINISTRATOR or giver.has_role(role))]
    choices = [(role.value, role_words([role], giver.organisation)[0]) for role in given]
    return forms.MultipleChoiceField(label=_("Roles"), choices=choices, widget=forms.CheckboxSelectMultiple)


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The organisation's name, its words, its colour and how it is reached."""

    accent = forms.ChoiceField(label=_("Colour"), choices=ACCENTS, widget=forms.RadioSelect)
    time_zone = zone_field()

    class Meta:
        model = Organisation
        fields = [
            "name", "word_for_student", "word_for_students", "accent", "phone", "crisis_phone", "email",
            "time_zone", "state", "answer_hours",
        ]  # fmt: skip
        labels = {
            "name": _("Name"),
            "word_for_student": _("Your word for a person in the program"),
            "word_for_students": _("… and for several of them"),
            "phone": _("Phone"),
            "crisis_phone": _("Your own line for a crisis"),
            "email": _("E-mail"),
            "state": _("State"),
            "answer_hours": _("Working hours within which an inquiry is answered"),
        }
        help_texts = {
            "word_for_student": _("As screens say it: student, participant, guest"),
            "state": _("Two letters"),
            "answer_hours": "",
        }


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place where people are met."""

    time_zone = zone_field()

    class Meta:
        model = Site
        fields = ["name", "street", "city", "state", "postal_code", "time_zone", "directions"]
        labels = {
            "name": _("Name"),
            "street": _("Street"),
            "city": _("City"),
            "state": _("State"),
            "postal_code": _("ZIP code"),
            "directions": _("How to find it"),
        }
        widgets = {"directions": forms.Textarea(attrs={"rows": 3})}


class QuietHoursForm(forms.Form):
    """When nothing is shown. From and until the same: at any hour."""

    start = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label=_("Quiet until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
