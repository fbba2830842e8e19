"""Telling somebody with an account that something waits for them."""

from datetime import datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.outbox.services import post_to


def tell(user: User, *, subject: str, body: str, key: str, at: datetime, about: UUID | None = None) -> bool:
    """Post this by mail, else as a text; whether they could be reached. Their devices show that something waits.

    `about` is the patient it is about, if that is somebody else than `user`.
    """
    return post_to(
        mail=user.email,
        phone=user.phone,
        account=user.pk,
        subject=subject,
        body=body,
        key=key,
        about=about or user.pk,
        at=at,
    )
