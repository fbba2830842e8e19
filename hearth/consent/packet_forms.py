"""What is typed on papers that are no text to sign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.lib.states import STATES


class EmergencyContactForm(forms.Form):
    """Whom to call in an emergency."""

    emergency_name = forms.CharField(label=_("Their name"), max_length=120)
    emergency_phone = forms.CharField(
        label=_("Their phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )


class PlaceForm(forms.Form):
    """Where somebody is for sessions by video."""

    street = forms.CharField(label=_("Street and number"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=120)
    state = forms.ChoiceField(label=_("State"), choices=[("", "–"), *STATES])
    postal_code = forms.CharField(label=_("ZIP code"), max_length=10)


class DeclineForm(forms.Form):
    """Why somebody says no, if they like."""

    words = forms.CharField(label=_("What should we know?"), required=False, max_length=300)


FORMS: dict[str, type[forms.Form]] = {"emergency_contact": EmergencyContactForm, "place": PlaceForm}
