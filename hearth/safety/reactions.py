"""What safety does when it hears from consent, a floor below, which cannot call it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils.translation import gettext_noop

from hearth.consent import facts as consent
from hearth.consent.packet_models import PaperAnswer
from hearth.safety import services

ON_A_PAPER = gettext_noop("It stands beside a paper they put off or declined, under Consents.")


@receiver(consent.paper_answered, dispatch_uid="safety.read_words_on_a_paper")
def read_words_on_a_paper(*, answer_id: UUID, at: datetime, **_: Any) -> None:
    """What is said to a paper is read for danger in the transaction that stores it, whoever of them says it."""
    answer = PaperAnswer.objects.select_related("patient", "by").get(pk=answer_id)
    said: dict[str, Any] = {"patient": answer.patient, "kind": "consent.paper_answer", "row": answer.patient_id}
    said |= {"where": ON_A_PAPER, "words": answer.words, "at": at}
    if answer.by_patient:
        services.read_own_words(**said, by=answer.by)
    else:
        services.read_words_about(**said)
