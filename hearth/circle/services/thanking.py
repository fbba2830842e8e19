"""Thanking after a session, and what its leaders do about it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import Truncator

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.models import Thanks
from hearth.circle.services.deciding import WordsMissing
from hearth.circle.thanking import access_waiting, place_to_thank
from hearth.lib.form_tokens import for_other_words
from hearth.safety.services import raise_concern


@transaction.atomic
def thank(*, session: UUID, to: str, text: str, by: User, at: datetime, token: UUID) -> Thanks:
    """Thank the group or whoever led a session. The same form sent twice is one; danger in it is a concern at once.

    Raises PermissionDenied, WordsMissing.
    """
    place = place_to_thank(viewer=by, session=session, at=at)
    if to not in Thanks.To.values or (to == Thanks.To.GROUP and not place.session.is_group):
        raise PermissionDenied
    if not text.strip():
        raise WordsMissing
    verdict = rules.judge(text)
    facts = {
        "session": place.session, "patient": place.patient, "to": to, "text": text.strip(), "written_at": at,
        "reasons": list(verdict.reasons),
    }  # fmt: skip
    row, is_new = Thanks.objects.get_or_create(form_token=token, defaults=facts)
    if row.patient_id != place.patient_id:
        raise PermissionDenied
    if not is_new:
        if (row.to, row.text) == (to, text.strip()):
            return row
        return thank(session=session, to=to, text=text, by=by, at=at, token=for_other_words(token, to, text.strip()))
    if verdict.severity:
        raise_concern(
            patient=place.patient, source_kind="circle.thanks", source_id=row.pk, severity=verdict.severity,
            summary=f"Wrote in a thank-you: “{Truncator(row.text).chars(260)}”", by=by, at=at,
        )  # fmt: skip
    audit.record("circle.thanked", by=by, about=row, at=at, to=to)
    return row


@transaction.atomic
def decide_thanks(*, thanks: UUID, release: bool, words: str, by: User, at: datetime) -> Thanks:
    """Let it be read, or say kindly to its writer why not. Raises PermissionDenied, WordsMissing."""
    row = access_waiting(viewer=by, pk=thanks)
    if not release and not words.strip():
        raise WordsMissing
    row.is_released, row.words, row.decided_by, row.decided_at = release, words.strip(), by, at
    row.save(update_fields=["is_released", "words", "decided_by", "decided_at"])
    audit.record("circle.thanks_decided", by=by, about=row, at=at, release=release)
    return row
