"""Reaching a member of staff who must not miss it: by mail and by text, both."""

from datetime import datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.outbox.services import post_mail, post_sms


def tell(person: User, *, subject: str, body: str, key: str, about: UUID | None, at: datetime) -> None:
    """Post both to `person`, in words that name nobody and nothing. The same `key` again changes nothing."""
    if person.email:
        post_mail(to=person.email, subject=subject, body=body, key=f"{key}-mail", about=about, at=at)
    if person.phone:
        post_sms(to=person.phone, body=body, key=f"{key}-text", about=about, at=at)
