"""Builders of circles for tests and the demo."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import ExifTags, Image

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.services import end_episode
from hearth.admission.testing import make_episode
from hearth.circle import services
from hearth.circle.models import Membership, Post
from hearth.people.models import Patient


def make_member(
    patient: Patient, *, by: User, at: datetime, episode: Episode | None = None, **fields: Any
) -> Membership:
    """A place in the circle of their program, whose rule they have read."""
    stay = episode or make_episode(patient, by=by, at=at, **fields)
    services.join(episode=stay, at=at)
    assert patient.user is not None
    return services.agree(by=patient.user, at=at)


def make_alumnus(patient: Patient, *, by: User, at: datetime, way: str = "", **fields: Any) -> Membership:
    """A place among the alumni of their track: they completed their program, and say how they can be reached."""
    end_episode(episode=make_episode(patient, by=by, at=at, **fields), reason="completed", on=at.date(), by=by, at=at)
    assert patient.user is not None
    place = services.join_alumni(by=patient.user, at=at)
    if way:
        services.keep_way(words=way, by=patient.user, at=at)
    return place


def photo_file(side: int = 900, *, colour: str = "seagreen", **saved: Any) -> bytes:
    """A photo as a phone sends it, with the place where it was taken and a comment."""
    picture, out = Image.linear_gradient("L").resize((side, side * 3 // 4)).convert("RGB"), BytesIO()
    picture.paste(colour, (0, 0, side // 2, side))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Secret Camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    picture.save(out, **{"format": "JPEG", "exif": exif, "comment": b"Pearl Street 12"} | saved)
    return out.getvalue()


def make_post(
    patient: Patient, text: str = "I slept six hours.", *, at: datetime, kind: str = "post", **fields: Any
) -> Post:
    """Something this student wrote at that moment."""
    assert patient.user is not None
    return services.write(kind=kind, text=text, by=patient.user, at=at, token=uuid4(), **fields)
