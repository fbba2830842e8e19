"""Reads of circles: a student's own, a host's, and what waits. Two who are kept apart read nothing of each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.circle import logs, rules
from hearth.circle.models import Circle, Decision, Encouragement, Host, Membership, Post, PostQuerySet, Report, Wording
from hearth.circle.places import own_membership, places_in
from hearth.people.models import Patient
from hearth.program import pack
from hearth.program.pack import in_language
from hearth.timetable.models import KeepApart

HOSTS = frozenset({Role.FACILITATOR, Role.PEER, Role.SUPERVISOR})
"""Who may host a circle. Facilitators and peer specialists host those they are named for, supervisors every one."""

DECIDERS = HOSTS | {Role.DIRECTOR}
"""Who may decide of a post: its hosts, and directors of one that every host is kept from."""

A_PAGE = 15
SEARCHED = 5000  # posts looked through at a time, so that a rare word is not sought in all of them at once
NEVER_WHOLE = frozenset({Post.State.TAKEN_BACK})


@dataclass(frozen=True, slots=True)
class Shown:
    """One post as a member of the circle reads it."""

    post: Post
    is_own: bool
    words: tuple[str, ...]  # what others said to it, each word once
    my_word: str

    @property
    def has_name(self) -> bool:
        return self.is_own or not self.post.is_anonymous


@dataclass(frozen=True, slots=True)
class Day:
    """The posts of one day, newest first."""

    day: date
    posts: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of posts by day, and the last of them where there are earlier ones."""

    days: Sequence[Day] = ()
    earlier: UUID | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """Today's question, from the curriculum."""

    lesson: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """One post that waits for a host, with why."""

    post: Post
    reasons: tuple[str, ...] = ()
    reports: Sequence[Report] = ()
    appeal: Decision | None = None
    severity: str = ""  # of the concern that these words raised


# ---- a student's own circle


def posts_for(
    *, membership: Membership, at: datetime, zone: ZoneInfo, before: UUID | None = None, most: int = A_PAGE
) -> Pages:
    """One page of what the circle of this place reads, newest first, by day. Four queries, however much was written.

    `before` is the last post of the page before. For the caller whose own place it is.
    """
    rows = _readable(membership, at=at).select_related("patient", "photo").defer("photo__picture")
    rows = rows.prefetch_related("encouragements")
    last = _readable(membership, at=at).filter(pk=before).first() if before else None
    if last is not None:
        rows = rows.filter(
            Q(appears_at__lt=last.appears_at) | Q(appears_at=last.appears_at, pk__lt=last.pk),
            appears_at__lte=last.appears_at,
        )
    found = list(rows.order_by("-appears_at", "-pk")[: most + 1])
    shown = [_as_read(post, membership) for post in found[:most]]
    days = [
        Day(day, list(posts))
        for day, posts in groupby(shown, key=lambda one: one.post.appears_at.astimezone(zone).date())
    ]
    return Pages(days, shown[-1].post.pk if len(found) > most else None)


def access_shown(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> tuple[Membership, Post]:
    """A post that `viewer`'s circle reads now, with their place. Raises PermissionDenied."""
    membership = own_membership(viewer=viewer, at=at)
    if membership is None or membership.agreed_at is None:
        raise PermissionDenied
    rows = _readable(membership, at=at).select_related("patient")
    post = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if post is None:
        raise PermissionDenied
    return membership, post


def access_to_report(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> tuple[Membership, Post]:
    """A post that `viewer`'s circle reads or once read, with their place, to tell a host of it.

    Whoever read it may know something that matters after it was hidden or taken back. Its words are then not shown.
    Raises PermissionDenied.
    """
    membership = own_membership(viewer=viewer, at=at)
    if membership is None or membership.agreed_at is None:
        raise PermissionDenied
    found_nothing = Wording.objects.filter(post=OuterRef("pk"), reasons=[])
    let_through = Decision.objects.filter(post=OuterRef("pk"), what__in=[Decision.What.RELEASE, Decision.What.RESTORE])
    rows = _of_the_others(membership, at=at).exclude(kind=Post.Kind.QUESTION)
    rows = rows.filter(Exists(found_nothing) | Exists(let_through)).select_related("patient")
    post = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if post is None:
        raise PermissionDenied
    return membership, post


def access_own_post(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Post:
    """One's own post, while one's place is open. Raises PermissionDenied."""
    open_places = Membership.objects.open_at(at).filter(patient__user=viewer)
    rows = Post.objects.select_related("circle__program", "circle__organisation", "membership", "patient")
    own = rows.select_related("answered_by").filter(pk=pk, membership__in=open_places).exclude(state__in=NEVER_WHOLE)
    post = (own.select_for_update(of=("self",)) if lock else own).first()
    if post is None:
        raise PermissionDenied
    return post


def access_own_report(*, viewer: User, pk: UUID) -> Report:
    """What `viewer` told a host. Raises PermissionDenied."""
    report = Report.objects.filter(pk=pk, by=viewer).first()
    if report is None:
        raise PermissionDenied
    return report


def own_posts(membership: Membership) -> list[Post]:
    """What the member wrote last, with what became of it. The caller's own place."""
    rows = Post.objects.filter(membership=membership).exclude(state__in=NEVER_WHOLE).select_related("answered_by")
    return list(rows.order_by("-written_at", "-pk")[:A_PAGE])


def names_in(circle: Circle, *, at: datetime) -> frozenset[str]:
    """The names by which its members are spoken to. The caller has passed a door."""
    return frozenset(places_in(circle, at=at).values_list("patient__chosen_name", flat=True))


def people_in(*, viewer: User, circle: Circle, at: datetime) -> QuerySet[Membership]:
    """Who is in a circle that `viewer` hosts, by name, but nobody kept apart from them. For its hosts alone."""
    rows = places_in(access_circle(viewer=viewer, pk=circle.pk), at=at).exclude(agreed_at=None)
    rows = rows.exclude(patient__in=apart_from(member=viewer)).select_related("patient")
    return rows.order_by("patient__chosen_name", "patient__family_name", "pk")


def note_people_read(page: Iterable[Membership], *, viewer: User, at: datetime) -> None:
    """Write down that `viewer` saw who is in a circle."""
    ids = {one.patient_id for one in page}
    audit.record_reads("circle_people.read", by=viewer, patient_ids=ids, purpose="TREAT", at=at)


def prompt_on(circle: Circle, day: date, *, language: str) -> Prompt:
    """The question of this day: what a lesson of life skills opens with, another one each day."""
    try:
        described = pack.get(circle.program.pack)
    except LookupError:  # a pack that no longer ships
        return Prompt()
    guides = [guide for lesson in described.life_skills() if (guide := described.guide(lesson))]
    if not guides:
        return Prompt()
    today = guides[day.toordinal() % len(guides)]
    return Prompt(today.lesson, in_language(today.open, language))


def next_reading(circle: Circle, *, at: datetime) -> datetime | None:
    """When a host reads what is written now: `at` within their hours."""
    return rules.read_next(at, hours=circle.hours, zone=circle.organisation.zone)


def _readable(membership: Membership, *, at: datetime) -> PostQuerySet:
    """What the holder of this place may read: shown posts of open stays, of nobody kept apart from them."""
    return _of_the_others(membership, at=at).shown()


def _of_the_others(membership: Membership, *, at: datetime) -> PostQuerySet:
    rows = Post.objects.filter(circle=membership.circle_id, appears_at__lte=at)
    if membership.circle.is_alumni:
        rows = rows.filter(membership__in=places_in(membership.circle, at=at))
    else:
        rows = rows.filter(membership__episode__ended_at=None)
    return rows.exclude(patient__in=apart_from(patients=[membership.patient_id]))


def apart_from(*, patients: Iterable[UUID] = (), member: User | None = None) -> frozenset[UUID]:
    """The patients who are kept apart from any of these, or from this member of staff. One query; why is not read."""
    mine = frozenset(patients)
    pairs = KeepApart.objects.filter(ended_at=None)
    wanted = Q(patient__in=mine) | Q(other__in=mine)
    if member is not None:
        wanted |= Q(member=member)
    found: set[UUID] = set()
    for one, other in pairs.filter(wanted).values_list("patient_id", "other_id"):
        found |= {one, other} - mine - {None}
    return frozenset(found)


def _as_read(post: Post, membership: Membership) -> Shown:
    said = post.encouragements.all()
    given = {one.word for one in said}
    words = tuple(str(word.label) for word in Encouragement.Word if word in given)
    mine = next((one.word for one in said if one.patient_id == membership.patient_id), "")
    return Shown(post, post.membership_id == membership.pk, words, mine)


# ---- hosts


def hosted(viewer: User) -> QuerySet[Circle]:
    """The circles that `viewer` hosts, by program; those of alumni after it."""
    circles = Circle.objects.select_related("program", "organisation").order_by(
        "program__name", "is_alumni", "track", "pk"
    )
    if viewer.has_role(Role.SUPERVISOR):
        return circles
    if not viewer.has_any(HOSTS):
        return circles.none()
    return circles.filter(Exists(Host.objects.filter(circle=OuterRef("pk"), member=viewer, ended_at=None)))


def access_circle(*, viewer: User, pk: UUID) -> Circle:
    """A circle that `viewer` hosts. Raises PermissionDenied."""
    circle = hosted(viewer).filter(pk=pk).first()
    if circle is None:
        raise PermissionDenied
    return circle


def access_post(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Post:
    """A post that `viewer` decides of as a host; the read is written down.

    It is of a circle they host, of nobody kept apart from them; they neither wrote nor reported it. Directors decide
    where nobody else can. Raises PermissionDenied.
    """
    post = _for_host(viewer, lock=lock).filter(pk=pk).first()
    if post is None:
        raise PermissionDenied
    audit.record_read("circle.read", by=viewer, about=post, purpose="TREAT", at=at)
    return post


def waiting_count(*, viewer: User) -> int:
    """How many posts wait in the circles that `viewer` hosts. Two queries."""
    return _for_host(viewer).waiting().count() if viewer.has_any(DECIDERS) else 0


def queue(*, viewer: User, at: datetime, most: int = 25) -> list[Queued]:
    """What waits for a host, the longest first.

    Each reading is written down. Six queries.
    """
    newest = Wording.objects.order_by("-at", "-pk")
    rows = (
        _for_host(viewer)
        .waiting()
        .select_related(None)  # a line says less than a post's own page, and planning every join takes long
        .select_related("circle__program", "patient")
        .prefetch_related(
            Prefetch("wordings", newest), "reports__by", Prefetch("decisions", Decision.objects.order_by("-at", "-pk"))
        )
    )
    found = list(rows.order_by("waits_since", "pk")[:most])
    audit.record_reads("circle.read", by=viewer, patient_ids={one.patient_id for one in found}, purpose="TREAT", at=at)
    return [_queued(post) for post in found]


def posts_of_circle(
    *, viewer: User, circle: Circle, at: datetime, words: str = "", before: UUID | None = None, most: int = 25
) -> tuple[list[Post], UUID | None]:
    """What was written in a circle, hidden or not, newest first, with the last where there are earlier ones.

    With `words`, those whose text or writer's name holds them all, among the newest SEARCHED. Each reading is written
    down.
    """
    rows = _rows(viewer).filter(circle=access_circle(viewer=viewer, pk=circle.pk)).exclude(state=Post.State.TAKEN_BACK)
    last = rows.filter(pk=before).first() if before else None
    if last is not None:
        rows = rows.filter(
            Q(written_at__lt=last.written_at) | Q(written_at=last.written_at, pk__lt=last.pk),
            written_at__lte=last.written_at,
        )
    rows = rows.order_by("-written_at", "-pk")
    edge = next(iter(rows[SEARCHED - 1 : SEARCHED]), None) if words else None
    if edge is not None:
        rows = rows.filter(written_at__gte=edge.written_at)
    for word in words.split():
        rows = rows.filter(Q(text__icontains=word) | Q(patient__chosen_name__icontains=word))
    found = list(rows[: most + 1])
    shown = found[:most]
    audit.record_reads("circle.read", by=viewer, patient_ids={one.patient_id for one in shown}, purpose="TREAT", at=at)
    if len(found) > most:
        return shown, shown[-1].pk
    return shown, edge.pk if edge else None


def hosts_of(circle: Circle) -> list[Host]:
    """Who hosts a circle beside supervisors, by name. The caller has passed its door."""
    return list(circle.hosts.filter(ended_at=None).select_related("member").order_by("member__name", "pk"))


def possible_hosts(circle: Circle) -> QuerySet[User]:
    """Facilitators and peer specialists who do not host this circle yet, by name. The caller has passed its door."""
    there = circle.hosts.filter(ended_at=None).values("member")
    staff = User.objects.filter(organisation=circle.organisation_id, is_active=True)
    return staff.filter(roles__overlap=[Role.FACILITATOR, Role.PEER]).exclude(pk__in=there).order_by("name", "pk")


def _for_host(viewer: User, *, lock: bool = False) -> PostQuerySet:
    rows = _rows(viewer)
    if lock:
        rows = rows.select_for_update(of=("self",))
    mine = Q(circle__in=hosted(viewer).order_by().values("pk"))
    if viewer.has_role(Role.DIRECTOR):
        mine |= Q(~Exists(_who_decides()))
    return rows.filter(mine)


def _who_decides() -> QuerySet[User]:
    """The hosts who may decide of the post of the query outside."""
    post = OuterRef(OuterRef("pk"))
    member, writer = OuterRef("pk"), OuterRef(OuterRef("patient"))
    named = Host.objects.filter(circle=OuterRef(OuterRef("circle")), member=member, ended_at=None)
    hosts = User.objects.filter(
        Q(roles__contains=[Role.SUPERVISOR]) | Q(Exists(named), roles__overlap=sorted(HOSTS)),
        organisation=OuterRef("organisation"),
        is_active=True,
    )
    return hosts.exclude(
        Exists(Patient.objects.filter(pk=writer, user=member))
        | Exists(Report.objects.filter(post=post, by=member))
        | Exists(KeepApart.objects.filter(patient=writer, member=member, ended_at=None))
    )


def _rows(viewer: User) -> PostQuerySet:
    """What `viewer` may read as a host: nothing they wrote or reported, since a report names nobody to its writer."""
    rows = Post.objects.select_related(
        "circle__program", "circle__organisation", "patient", "membership", "answered_by"
    )
    rows = rows.exclude(patient__user=viewer).exclude(Exists(Report.objects.filter(post=OuterRef("pk"), by=viewer)))
    return rows.exclude(patient__in=apart_from(member=viewer))


def _queued(post: Post) -> Queued:
    wording = next(iter(post.wordings.all()), None)
    return Queued(
        post,
        tuple(wording.reasons) if wording and post.state == Post.State.HELD else (),
        list(post.reports.all()),
        logs.open_appeal(post, list(post.decisions.all())),
        wording.severity if wording else "",
    )
