"""Organisations, their places, and everyone who signs in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.accounts.roles import STAFF, Role
from hearth.lib import tenancy


def is_time_zone(name: str) -> None:
    """Refuse a name that is not in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


class Organisation(models.Model):
    """A provider that runs programs here: the tenant. Everything else belongs to exactly one."""

    open_before_sign_in = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    host = models.CharField(max_length=253, unique=True, null=True, blank=True)
    time_zone = models.CharField(max_length=64, validators=[is_time_zone], default="America/Denver")
    state = models.CharField(max_length=2, help_text="Two letters, as the postal service writes it.")
    word_for_student = models.CharField(max_length=40, default="student")
    word_for_students = models.CharField(max_length=40, default="students")
    accent = models.CharField(max_length=20, default="ember")
    phone = models.CharField(max_length=30, blank=True)
    crisis_phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    answer_hours = models.PositiveSmallIntegerField(
        default=4, help_text="Working hours within which a named person answers an inquiry."
    )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class OrganisationRow(models.Model):
    """A row of one organisation. PostgreSQL shows and stores it only inside `tenancy.within(organisation)`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", default=tenancy.current, editable=False
    )

    class Meta:
        abstract = True


class Site(OrganisationRow):
    """A place where an organisation meets people."""

    name = models.CharField(max_length=120)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    directions = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64, validators=[is_time_zone], default="America/Denver")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail is optional because people leave jail without one."""

    def create_user(self, *, organisation: Organisation, password: str | None = None, **fields: Any) -> "User":
        """A new user of `organisation`; with no password, only codes and links sign them in."""
        user = self.model(organisation=organisation, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class ShownTo(models.TextChoices):
    """Whom a person lets see their pronouns."""

    EVERYONE = "everyone", _("Everyone here")
    STAFF = "staff", _("Staff")
    TEAM = "team", _("My care team")


class AppName(models.TextChoices):
    """Under which name, and with which icon, Hearth stands on a person's own phone. The others tell nothing of care."""

    HEARTH = "hearth", "Hearth"
    DAYBOOK = "daybook", _("Daybook")
    HOURS = "hours", _("Hours")


class LocksAfter(models.IntegerChoices):
    """After how many minutes without a touch a person's own devices ask them to sign in again, where they chose so."""

    FIVE = 5, _("5 minutes")
    FIFTEEN = 15, _("15 minutes")
    SIXTY = 60, _("1 hour")


class User(AbstractBaseUser):
    """Someone who signs in. Holds what signing in needs and nothing about anyone's health."""

    open_before_sign_in = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    # None where there is none: several people of a house may have neither.
    email = models.EmailField(_("e-mail"), null=True, blank=True)  # noqa: DJ001
    phone = models.CharField(_("mobile phone"), max_length=20, null=True, blank=True)  # noqa: DJ001
    name = models.CharField(_("chosen name"), max_length=120)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    pronouns_shown_to = models.CharField(
        _("who sees your pronouns"), max_length=10, choices=ShownTo, default=ShownTo.EVERYONE
    )
    title = models.CharField(_("title"), max_length=80, blank=True, help_text="LPC, LCSW, CPS …")
    roles = ArrayField(models.CharField(max_length=30, choices=Role), default=list)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=64, validators=[is_time_zone], blank=True)
    app_name = models.CharField(_("name on your phone"), max_length=10, choices=AppName, default=AppName.HEARTH)
    locks_after = models.PositiveSmallIntegerField(
        null=True, choices=LocksAfter, help_text="Minutes; none: the house's."
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(email=Lower(F("email"))),
                name="email_is_kept_in_lower_case",
            ),
            models.CheckConstraint(condition=~Q(roles=[]), name="a_user_has_at_least_one_role"),
            models.UniqueConstraint(fields=["organisation", "email"], name="an_email_signs_in_one_person_of_a_house"),
            models.UniqueConstraint(fields=["organisation", "phone"], name="a_phone_signs_in_one_person_of_a_house"),
        ]
        indexes = [
            models.Index(fields=["organisation"], name="users_of_an_organisation"),
            models.Index(fields=["email"], name="users_by_email"),
            models.Index(fields=["phone"], name="users_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        """Whether this user holds any of `roles`."""
        return not set(roles).isdisjoint(self.roles)

    def has_any(self, roles: Iterable[str]) -> bool:
        return self.has_role(*roles)

    @property
    def is_staff(self) -> bool:
        """Employed by the organisation, so a second factor is required."""
        return self.has_any(STAFF)

    @property
    def role_words(self) -> str:
        """The roles as this organisation says them: its own word for students."""
        return ", ".join(role_words(self.roles, self.organisation))

    @property
    def has_signed_in(self) -> bool:
        """Whether this person has ever been here."""
        return self.last_login is not None

    @property
    def zone(self) -> ZoneInfo:
        """The zone this person reads times in."""
        return ZoneInfo(self.time_zone or self.organisation.time_zone)

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class SecretQuerySet(models.QuerySet["SignInSecret"]):
    def usable(self, *, at: datetime) -> Self:
        """Neither used, nor expired, nor guessed at too often."""
        return self.filter(used_at=None, expires_at__gt=at, misses__lt=SignInSecret.MOST_MISSES)


class SignInSecret(models.Model):
    """A secret that opens the door once: in a mail, in a text message, on paper, or in an invitation.

    Only its keyed digest is kept, so that whoever reads this table can sign in as nobody.
    """

    open_before_sign_in = True
    MOST_MISSES = 5

    class Kind(models.TextChoices):
        LINK = "link", _("Link in a mail")
        SMS = "sms", _("Code in a text message")
        PRINTED = "printed", _("Printed code")
        INVITATION = "invitation", _("Invitation")
        PASSWORD = "password", _("Link to choose a new password")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_secrets")
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Staff who printed or invited."
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    misses = models.PositiveSmallIntegerField(default=0, help_text="Wrong codes typed while this one was open.")

    objects = SecretQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="a_sign_in_secret_ends_after_it_is_made"
            ),
        ]
        indexes = [
            models.Index(fields=["digest"], name="sign_in_secrets_by_digest"),
            models.Index(fields=["user", "kind"], name="sign_in_secrets_of_a_user"),
        ]


class Browser(AbstractBaseSession):
    """A browser that was here, what its visit keeps, and the account it opens. Django calls it a session."""

    open_before_sign_in = True

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="browsers")

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from hearth.accounts.browsers import SessionStore  # it needs this model

        return SessionStore


class Attempts(models.Model):
    """How often signing in was tried under one key in one stretch of time. The key is a digest: no address is kept."""

    open_before_sign_in = True

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)


def role_words(roles: Iterable[str], organisation: Organisation) -> list[str]:
    """The names of `roles` on the screens of `organisation`, in the order of `Role`."""
    held = set(roles)
    return [
        capfirst(gettext(organisation.word_for_student)) if role == Role.STUDENT else str(role.label)
        for role in Role
        if role in held
    ]


def user_id_of(user: "User | None") -> UUID | None:
    """The id to write down for `user`; None for the machine itself."""
    return user.pk if user else None
