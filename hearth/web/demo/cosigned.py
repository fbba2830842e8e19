"""Notes of clinicians under supervision: co-signed after a day, the newest still waiting, one of them sent back."""

from datetime import datetime, timedelta

from hearth.sessions.models import CoSignature, CoSignatureAsked, ProgressNote, SentBack
from hearth.sessions.rules.cosigning import covers
from hearth.web.demo.house import UNDER_SUPERVISION, Scene

DAY = timedelta(days=1)
STILL_WAITING = 24


def ask_to_co_sign(scene: Scene, note: ProgressNote, *, at: datetime) -> None:
    """Let a note that was signed `at` wait for its signer's supervisor, if they have one."""
    supervisor = scene.supervisors.get(note.signed_by_id)
    if supervisor is None or scene.at - at > DAY * UNDER_SUPERVISION:
        return
    scene.pile.make(CoSignatureAsked, note=note, supervisor=supervisor, at=at)
    scene.to_co_sign.append((at, note))


def co_sign(scene: Scene) -> None:
    """All but the newest of this house were co-signed; of those the oldest went back, whatever the day."""
    notes, scene.to_co_sign = sorted(scene.to_co_sign, key=lambda each: each[0]), []
    done, waiting = notes[:-STILL_WAITING], notes[-STILL_WAITING:]
    for at, note in done:
        supervisor, later = scene.supervisors[note.signed_by_id], min(at + DAY, scene.at)
        signed_as = f"{supervisor.name}, {supervisor.title}"
        scene.pile.make(
            CoSignature, note=note, by=supervisor, signed_as=signed_as, covers=covers(note.digest, []), at=later
        )
        scene.pile.deed("sessions.note_co_signed", by=supervisor, about=note, at=later)
    for at, note in waiting[:1]:
        scene.pile.make(
            SentBack, note=note, by=scene.supervisors[note.signed_by_id], at=min(at + DAY / 2, scene.at),
            comment="Which step of the goal did this session touch? Add it, please.",
        )  # fmt: skip
