"""Sending photos of an insurance card."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.admission.card_models import CardPhoto
from hearth.admission.cards import MOST_BYTES

ACCEPT = "image/jpeg,image/png"
REFUSALS: dict[str, Promise] = {
    "kind": _("This file is not a JPEG or PNG picture. Nothing of it was kept. Take a photo of the card."),
    "broken": _("This picture is damaged. Nothing of it was kept. Take the photo again."),
    "more": _("There is something else in this file behind the picture. Nothing of it was kept. Take the photo again."),
    "large": _("This picture has too many pixels. Nothing of it was kept. Take a smaller photo."),
    "heavy": _("This file is larger than 10 MB. Nothing of it was kept. Take a smaller photo."),
    "virus": _("This file is known as harmful. Nothing of it was kept. Tell us if you do not know why."),
    "unchecked": _("We could not check this file just now. Nothing of it was kept. Send it again soon."),
}


class CardForm(forms.Form):
    """One or both sides of one card."""

    card = forms.ChoiceField(label=_("Which card"), choices=CardPhoto.Card, widget=forms.RadioSelect, initial="first")
    front = forms.FileField(
        label=CardPhoto.Side.FRONT.label, required=False, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )
    back = forms.FileField(
        label=CardPhoto.Side.BACK.label,
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("A photo or picture file each (JPEG or PNG), up to 10 MB."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for side in CardPhoto.Side:
            file = cleaned.get(side)
            if file and file.size > MOST_BYTES:
                self.refuse(side, "heavy")
        if not self.errors and not any(cleaned.get(side) for side in CardPhoto.Side):
            self.add_error(None, _("Choose a photo of the front or the back."))
        return cleaned

    def refuse(self, side: str, why: str) -> None:
        """Say beside this side's field why its file cannot be kept."""
        self.add_error(side, str(REFUSALS[why]))

    def photos(self) -> dict[str, bytes]:
        """What was sent, by side."""
        files = ((side.value, self.cleaned_data.get(side)) for side in CardPhoto.Side)
        return {side: file.read() for side, file in files if file}
