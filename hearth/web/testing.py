"""Walking the house: every page that can be read, by people who may, counted and timed. For tests and benchmarks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from hearth.accounts.models import User
from hearth.admission.barrier_models import Barrier
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.aftercare.models import Discharge, FollowUp
from hearth.bereavement.models import Task
from hearth.consent.models import Consent
from hearth.inquiry.models import Inquiry, Referral
from hearth.letters.models import FutureLetter, Letter
from hearth.lib import tenancy
from hearth.measures.models import Response
from hearth.outbox.models import Message
from hearth.people.models import Patient
from hearth.plan.models import Goal
from hearth.safety.models import Concern
from hearth.sessions.models import Attendance, ContactNote, ProgressNote, Session
from hearth.skills.models import Activity, SharedSheet, ThoughtRecord
from hearth.skills.own_queries import activities_of
from hearth.skills.sheet_queries import sheets_of
from hearth.timetable.models import Proposal

WALKERS = (
    "walt@hearthside.example",
    "dana@hearthside.example",
    "ines@hearthside.example",
    "ruth@hearthside.example",
    "priya@hearthside.example",
    "marcus@hearthside.example",
    "bev@hearthside.example",
    "maya.reyes@students.example",
    "carmen.castellan@family.example",
)
"""One of each kind of reader; "" is nobody."""

OK, BROKEN = 200, 500
COUNTED = ("SELECT", "INSERT", "DELETE", "WITH")
"""What counts as a query. Left out is what depends on the clock: the stamp on the browser's session."""

TOKENS = frozenset(
    {
        "accounts:accept",
        "accounts:link",
        "accounts:new-password",
        "accounts:remove-second-factor",
        "aftercare:answer",
        "aftercare:back-by-link",
        "sessions:feed",
    }
)
"""Addresses that need something which is kept nowhere; their own tests open them."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page opened by one person: queries, and seconds of each time it was opened. `reader` is "" for nobody."""

    page: str
    reader: str
    status: int
    queries: int
    seconds: tuple[float, ...]


def walk(*, times: int = 1, readers: Sequence[str] = (*WALKERS, "")) -> list[Visit]:
    """Open every page as everyone of `readers` who may, `times` times each after once to warm up.

    With 0 the first time is all there is: its queries are counted, also those that later times find kept.
    Pages somebody may not open by reading are left out; one that breaks is there with its status.
    """
    people = {user.email: user for user in User.objects.filter(email__in=readers)}
    visits: list[Visit] = []
    for reader in readers:
        client = Client(raise_request_exception=False)
        user = people.get(reader)
        if user:
            _sign_in(client, user)
        visits += _visits_of(client, user, reader, times)
    return visits


def pages() -> list[tuple[str, tuple[str, ...]]]:
    """The name of every page of ours, with the names of what its address needs."""
    return [each for each in _pages(get_resolver().url_patterns, "") if not each[0].startswith("mfa_")]


def _visits_of(client: Client, user: User | None, reader: str, times: int) -> Iterator[Visit]:
    for page, wanted in pages():
        path = _address(page, wanted, user)
        if path is None:
            continue
        status, queries, _seconds = _opened(client, path)
        if status >= BROKEN:
            yield Visit(page, reader, status, 0, ())
        if status != OK:
            continue
        seconds = []
        for _time in range(times):
            _status, queries, took = _opened(client, path)
            seconds.append(took)
        yield Visit(page, reader, status, queries, tuple(seconds))


def _opened(client: Client, path: str) -> tuple[int, int, float]:
    """Status, queries and seconds of opening this address once."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        began = perf_counter()
        status = client.get(path).status_code
        seconds = perf_counter() - began
    return status, sum(sql.startswith(COUNTED) for sql in asked), seconds


def _sign_in(client: Client, user: User) -> None:
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()


def _pages(patterns: list[Any], space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in patterns:
        if isinstance(each, URLResolver) and each.namespace:
            yield from _pages(each.url_patterns, f"{each.namespace}:")
        elif isinstance(each, URLResolver) and not str(each.pattern):
            yield from _pages(each.url_patterns, space)
        elif isinstance(each, URLPattern) and space and each.name and space + each.name not in TOKENS:
            yield space + each.name, tuple(each.pattern.regex.groupindex)


def _address(page: str, wanted: tuple[str, ...], user: User | None) -> str | None:
    if not wanted:
        return reverse(page)
    if user is None and page not in ("web:styleguide-room",):
        return None
    found = {name: _value(page, name, user) for name in wanted}
    if any(value is None for value in found.values()):
        return None
    try:
        return reverse(page, kwargs=found)
    except NoReverseMatch:
        return None


def _value(page: str, name: str, user: User | None) -> Any:
    """What stands in this place of the address: the row of the cast that everybody meets."""
    if name in WORDS:
        return WORDS[name]
    finder = FINDERS.get(page) or FINDERS.get(name)
    if finder is None or user is None:
        return None
    with tenancy.within(user.organisation_id):
        row = finder(user)
    return row.pk if row else None


WORDS = {
    "tool": "breathing",
    "instrument": "phq-9",
    "kind": "treatment",
    "lesson": "ride-the-wave",
    "room": "staff",
    "section": "history",
    "paper": "treatment",
    "sheet_kind": "ladder",
    "letter_kind": "employer",
}


def _own(user: User) -> Patient | None:
    return Patient.objects.filter(user=user).first() or Patient.objects.filter(family_name="Reyes").first()


def _session(user: User) -> Session | None:
    now = datetime.now(tz=user.zone)
    rows = Session.objects.filter(kind="group", section__seats__patient=_own(user)).order_by("-starts_at")
    return rows.filter(ends_at__lt=now).first()


def _latest(model: Any) -> Callable[[User], Any]:
    return lambda user: model.objects.filter(patient=_own(user)).order_by("pk").last()


def _own_note(user: User) -> ProgressNote | None:
    """A note that this reader signed, which is read by another door than a colleague's."""
    return ProgressNote.objects.filter(patient=_own(user), signed_by=user).order_by("pk").last()


def _to_oneself(user: User) -> FutureLetter | None:
    """What the reader wrote to themself."""
    with tenancy.rows_of(user.pk):
        return FutureLetter.objects.filter(owner=user).first()


def _open_contact(user: User) -> ContactNote | None:
    """A draft of the reader's own; others' are closed to them."""
    rows = ContactNote.objects.filter(signed_at=None, set_aside_at=None)
    return rows.filter(author=user).first() or rows.first()


def _planned(user: User) -> Activity | None:
    """Something small that the reader planned for themselves."""
    return next((row for row in activities_of(user) if row.done_at is None), None)


FINDERS: dict[str, Callable[[User], Any]] = {
    "patient": _own,
    "session": _session,
    "attendance": lambda user: Attendance.objects.filter(session=_session(user), patient=_own(user)).first(),
    "goal": _latest(Goal),
    "response": _latest(Response),
    "record": _latest(ThoughtRecord),
    "skills:did": _planned,
    "sheet": lambda user: next(iter(sheets_of(user)), None),
    "shared_sheet": _latest(SharedSheet),
    "note": lambda user: _own_note(user) or _latest(ProgressNote)(user),
    "proposal": lambda _user: Proposal.objects.order_by("asked_at").first(),
    "inquiry": lambda _user: Inquiry.objects.order_by("received_at").last(),
    "referral": lambda _user: Referral.objects.order_by("received_at").last(),
    "discharge": lambda _user: Discharge.objects.order_by("signed_at").last(),
    "follow_up": lambda _user: FollowUp.objects.filter(answered_at=None).order_by("due_on", "pk").first(),
    "admission:way-in": lambda _user: Patient.objects.filter(family_name="Brightwater").first(),
    "admission:barriers": _own,
    "barrier": lambda _user: Barrier.objects.filter(done_at=None).order_by("due_on", "pk").first(),
    "coverage": lambda _user: Coverage.objects.filter(kind="insurance").order_by("recorded_at", "pk").first(),
    "consent:paper": _own,
    "admission:findings": lambda _user: Patient.objects.filter(family_name="Norgaard").first(),
    "safety:concern": lambda _user: Concern.objects.open().order_by("raised_at").first(),
    "safety:raise": _own,
    "consent:signed": _latest(Consent),
    "consent:revoke": _latest(Consent),
    "consent:sign": _own,
    "consent:of-patient": _own,
    "consent:emergency": lambda _user: Patient.objects.filter(family_name="Park").first(),
    "consent:log-of-patient": _own,
    "consent:log-of-user": lambda _user: User.objects.filter(email=WALKERS[1]).first(),
    "people:staff-member": lambda _user: User.objects.filter(email=WALKERS[1]).first(),
    "people:staff-account": lambda _user: User.objects.filter(email=WALKERS[1]).first(),
    "people:supervision": lambda _user: User.objects.filter(email=WALKERS[1]).first(),
    "people:sign-in-of": _own,
    "people:invite-family": _own,
    "sessions:contact-note": _open_contact,
    "sessions:contact-versions": _open_contact,
    "sessions:set-contact-aside": _open_contact,
    "web:outbox-message": lambda _user: Message.objects.order_by("posted_at").last(),
    "letter": _latest(Letter),
    "letters:to-myself": _to_oneself,
    "bereavement:of-patient": lambda _user: Patient.objects.filter(has_died=True).first(),
    "task": lambda _user: Task.objects.first(),
    "aftercare:of-patient": lambda _user: Patient.objects.filter(
        episodes__in=Episode.objects.active(), family_name="Lindgren"
    ).first(),
}
