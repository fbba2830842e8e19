"""Forms of consent and emergency access."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.consent.drawing import NotASignature, Strokes, read
from hearth.consent.signing import Terms


class EmergencySearchForm(forms.Form):
    """Whom the emergency is about: exact, so that nobody leafs through names."""

    family_name = forms.CharField(label=_("Family name"), max_length=120)
    birth_date = forms.DateField(label=_("Date of birth"), widget=forms.DateInput)


class TermsForm(forms.Form):
    """Whom a release lets know what, why, and until when."""

    recipients = forms.CharField(
        label=_("Who may know?"),
        help_text=_("A person or an organization. One on each line."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=600,
    )
    information = forms.CharField(
        label=_("What may they know?"), help_text=_("For example: that I take part, and how often."), max_length=300
    )
    purpose = forms.CharField(label=_("What for?"), help_text=_("For example: for my probation."), max_length=200)
    expires_on = forms.DateField(label=_("Until when?"), widget=forms.DateInput)

    def __init__(self, *args: Any, today: date, is_fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if is_fixed:
            del self.fields["information"], self.fields["purpose"]
        self.fields["expires_on"].initial = today + timedelta(days=365)

    def clean_recipients(self) -> list[str]:
        names = [" ".join(line.split()) for line in self.cleaned_data["recipients"].splitlines() if line.strip()]
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError(_("A name may be 200 letters long. Put each on a line of its own."))
        return names

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day <= self.today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day

    def terms(self) -> Terms:
        """What was filled in."""
        data = self.cleaned_data
        words = data.get("information", ""), data.get("purpose", "")
        return Terms(tuple(data["recipients"]), *words, data["expires_on"])


class SignForm(forms.Form):
    """A tick and a name, typed or drawn, under a text that was read."""

    agreed = forms.BooleanField(
        label=_("I have read this, and I agree."), error_messages={"required": _("Tick the box if you agree.")}
    )
    typed_name = forms.CharField(
        label=_("Type your name to sign"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name, or draw it, to sign.")},
    )
    drawing = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["typed_name"].required = not (data and data.get("drawing"))

    def clean_drawing(self) -> Strokes | None:
        sent: str = self.cleaned_data["drawing"]
        if not sent:
            return None
        try:
            return read(sent)
        except NotASignature as error:
            raise forms.ValidationError(
                _("What you drew could not be read. Draw it once more, or type your name.")
            ) from error

    def signature(self) -> dict[str, Any]:
        """What was typed, drawn and ticked, as `services.sign` takes it."""
        data = self.cleaned_data
        intent = str(self.fields["agreed"].label)
        return {"typed_name": data["typed_name"], "drawn": data["drawing"], "intent": intent}


class EmergencyForm(forms.Form):
    """Why a chart is opened in an emergency."""

    reason = forms.CharField(
        label=_("What is the emergency?"),
        help_text=_("One sentence. The privacy officer reads it today."),
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=1000,
        error_messages={
            "required": _("Say in a sentence what the emergency is."),
            "min_length": _("Say a little more: what happened, and what you need to know."),
        },
    )


class ReviewForm(forms.Form):
    """What the privacy officer found."""

    review = forms.CharField(
        label=_("What you found"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Write down what you found before you close it.")},
    )


class RevokeForm(forms.Form):
    """How somebody told staff that they take a consent back."""

    reason = forms.CharField(
        label=_("How did they tell you?"),
        help_text=_("For example: by phone this morning."),
        max_length=300,
        error_messages={"required": _("Write down how they told you.")},
    )
