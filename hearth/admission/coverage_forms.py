"""What is typed about who pays."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.admission.coverage import member_id_of
from hearth.admission.coverage_models import Coverage

MOST = 9_999_999


class CoverageForm(forms.Form):
    """Who pays, as the card or the agreement says."""

    kind = forms.ChoiceField(label=_("How is it paid?"), choices=Coverage.Kind.choices, widget=forms.RadioSelect)
    rank = forms.ChoiceField(label=_("In which order?"), choices=Coverage.Rank.choices, widget=forms.RadioSelect)
    payer = forms.CharField(label=_("Payer"), required=False, max_length=120)
    plan = forms.CharField(label=_("Insurance plan"), required=False, max_length=120)
    member_id = forms.CharField(
        label=_("Member ID"),
        required=False,
        max_length=60,
        help_text=_("Kept sealed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    group = forms.CharField(label=_("Group number"), required=False, max_length=60)
    subscriber = forms.CharField(label=_("Whose insurance is it?"), required=False, max_length=160)
    relationship = forms.ChoiceField(
        label=_("Who is that to them?"), required=False, choices=[("", "–"), *Coverage.Relationship.choices]
    )
    terms = forms.CharField(
        label=_("What was agreed"),
        required=False,
        max_length=300,
        help_text=_("Where they pay themselves or on a sliding scale: how much, and for what."),
    )
    starts_on = forms.DateField(label=_("First day"), required=False)
    ends_on = forms.DateField(label=_("Last day"), required=False)

    @staticmethod
    def initial_of(row: Coverage) -> dict[str, Any]:
        """The fields as they are written down."""
        names = [name for name in CoverageForm.base_fields if name != "member_id"]
        return {name: getattr(row, name) for name in names} | {"member_id": member_id_of(row)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Coverage.Kind.INSURANCE and not data.get("payer"):
            self.add_error("payer", _("Write who pays."))
        if data.get("kind") not in (Coverage.Kind.INSURANCE, None) and not data.get("terms"):
            self.add_error("terms", _("Write what was agreed, in a few words."))
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day lies before the first."))
        return data


class BenefitForm(forms.Form):
    """What a payer said."""

    asked_on = forms.DateField(label=_("When was it said?"))
    spoke_with = forms.CharField(
        label=_("Who said so?"), max_length=120, help_text=_("A name at the payer, or the website you looked at.")
    )
    reference = forms.CharField(label=_("Their reference number"), required=False, max_length=60)
    deductible = forms.DecimalField(
        label=_("Deductible, in dollars"), required=False, min_value=0, max_value=MOST, decimal_places=2
    )
    deductible_left = forms.DecimalField(
        label=_("How much of it is left"), required=False, min_value=0, max_value=MOST, decimal_places=2
    )
    copay = forms.DecimalField(
        label=_("Copay for each day, in dollars"), required=False, min_value=0, max_value=MOST, decimal_places=2
    )
    words = forms.CharField(
        label=_("What they said"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["asked_on"].initial = today

    def clean_asked_on(self) -> date:
        day: date = self.cleaned_data["asked_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day
