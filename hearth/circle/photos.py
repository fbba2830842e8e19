"""Photos in the circle: made small before they are kept, looked at by a host before anybody else, shown by a door."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.circle.models import Photo, Post
from hearth.circle.queries import access_own_post, access_post, access_shown
from hearth.lib import sealed, small_pictures
from hearth.lib.pictures import Picture

MOST_SENT = 12 * 1024 * 1024
"""Bytes of the file that somebody sends: a phone's photo."""

SIDE, MOST_KEPT = 640, 30_000
"""Pixels of the longer side, and bytes: what hosts and the circle see is the same, and light on a poor connection."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo that somebody sends with a post, made small, and what they say it shows."""

    picture: Picture
    words: str = ""


def made_small(data: bytes) -> Picture:
    """This file as the circle would see it. Raises pictures.NotAPicture."""
    return small_pictures.smaller(data, side=SIDE, most_bytes=MOST_KEPT)


def keep(post: Post, sent: Sent, *, at: datetime) -> Photo:
    """The photo of this post, sealed. For the service that writes the post."""
    row = Photo(
        post=post, width=sent.picture.width, height=sent.picture.height, words=sent.words.strip(),
        mark=mark_of(sent), sent_at=at,
    )  # fmt: skip
    row.picture = sealed.seal(sent.picture.data, keys=_keys(), context=_context(row))
    row.save()
    return row


def mark_of(sent: Sent) -> str:
    """What tells this picture from another."""
    return sealed.fingerprint(sent.picture.data, keys=_keys(), context="circle photo")


def photo_of(post: Post) -> Photo | None:
    """The photo of a post without its picture. The caller has passed a door."""
    return Photo.objects.filter(post=post).defer("picture").first()


def picture_for_member(*, viewer: User, post: UUID, at: datetime) -> bytes:
    """The photo of a post that `viewer` wrote or that their circle reads now. Raises PermissionDenied."""
    try:
        found = access_own_post(viewer=viewer, pk=post, at=at)
    except PermissionDenied:
        _place, found = access_shown(viewer=viewer, pk=post, at=at)
    return _picture_of(found)


def picture_for_host(*, viewer: User, post: UUID, at: datetime) -> bytes:
    """The photo of a post that `viewer` decides of; the read is written down. Raises PermissionDenied."""
    return _picture_of(access_post(viewer=viewer, pk=post, at=at))


def _picture_of(post: Post) -> bytes:
    row = Photo.objects.filter(post=post).first()
    if row is None:
        raise PermissionDenied
    return sealed.unseal(bytes(row.picture), keys=_keys(), context=_context(row))


def _keys() -> Path:
    return Path(settings.HEARTH_KEY_DIR) / "circle-photos"


def _context(row: Photo) -> str:
    return f"circle photo {row.pk} of {row.post_id}"
