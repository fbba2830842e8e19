"""Notes of clinicians under supervision: co-signed after a day, the newest still waiting, one sent back."""

from datetime import datetime, timedelta

from hearth.sessions.models import CoSignature, CoSignatureAsked, ProgressNote, SentBack
from hearth.sessions.rules.cosigning import covers
from hearth.web.demo.house import UNDER_SUPERVISION, Scene

DAY = timedelta(days=1)
STILL_WAITING = 4 * DAY


def co_sign(scene: Scene, note: ProgressNote, *, at: datetime) -> None:
    """Let a note that was signed `at` wait for its signer's supervisor, if they have one."""
    supervisor = scene.supervisors.get(note.signed_by_id)
    age = scene.at - at
    if supervisor is None or age > DAY * UNDER_SUPERVISION:
        return
    scene.pile.make(CoSignatureAsked, note=note, supervisor=supervisor, at=at)
    if age > STILL_WAITING:
        signed_as, later = f"{supervisor.name}, {supervisor.title}", at + DAY
        scene.pile.make(
            CoSignature, note=note, by=supervisor, signed_as=signed_as, covers=covers(note.digest, []), at=later
        )
        scene.pile.deed("sessions.note_co_signed", by=supervisor, about=note, at=later)
    elif note.pk.int % 7 == 0 and age > DAY:
        scene.pile.make(
            SentBack, note=note, by=supervisor, at=at + DAY / 2,
            comment="Which step of the goal did this session touch? Add it, please.",
        )  # fmt: skip
