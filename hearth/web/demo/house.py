"""The house itself: organisation, sites, rooms, programs, and everyone who works there."""

import base64
import hashlib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.accounts.models import Organisation, Site, User
from hearth.accounts.services import enrol_totp
from hearth.accounts.testing import DEMO_PASSWORD, make_organisation
from hearth.people.models import Licence, Supervision
from hearth.program import pack
from hearth.program.models import Interpreter, Program, Room, StaffDuty
from hearth.sessions.models import ProgressNote
from hearth.web.demo.cast import STAFF, Colleague
from hearth.web.demo.cohorts import PATTERNS
from hearth.web.demo.names import Names
from hearth.web.demo.pile import Pile
from hearth.web.demo.week import MOST_MINUTES, Meeting

ROOMS = {"Denver": (("Aspen", 14), ("Cottonwood", 14), ("Juniper", 14)), "Aurora": (("Prairie", 13), ("Willow", 13))}
SUPERVISED = {"Noor Haddad": "Ruth Okafor", "Lucía Ferrer": "Ruth Okafor"}
"""Clinicians whose notes wait for somebody's co-signature."""
UNDER_SUPERVISION = 20
"""Since so many days."""
STREETS = {"Denver": ("1420 Larimer Street", "80202"), "Aurora": ("15101 East Alameda Parkway", "80012")}


@dataclass
class Scene:
    """What every part of the demo works with. `at` is now; `encoded` the hash of the one password."""

    at: datetime
    random: Random
    names: Names
    organisation: Organisation
    pile: Pile
    encoded: str
    addresses: set[str] = field(default_factory=set)
    licences: dict[UUID, list[Licence]] = field(default_factory=lambda: defaultdict(list))
    supervisors: dict[UUID, User] = field(default_factory=dict)
    to_co_sign: list[tuple[datetime, ProgressNote]] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return self.organisation.zone

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """This wall-clock time of the house as an instant."""
        return datetime.combine(day, time(hour, minute), self.zone)

    def address(self, name: str, domain: str, *, whole: bool) -> str:
        """An e-mail address that nobody else here has."""
        words = plain(name).split()
        local = ".".join(words) if whole else words[0]
        found, number = f"{local}@{domain}", 2
        while found in self.addresses:
            found, number = f"{local}{number}@{domain}", number + 1
        self.addresses.add(found)
        return found

    def user(self, name: str, roles: list[str], domain: str, **fields: object) -> User:
        """Somebody who signs in with the demo's password."""
        email = self.address(name, domain, whole=domain != STAFF_DOMAIN)
        facts = {"joined_at": self.at - timedelta(days=400), "email": email, "roles": roles, "name": name} | fields
        return self.pile.make(User, organisation=self.organisation, password=self.encoded, **facts)


STAFF_DOMAIN = "hearthside.example"


@dataclass
class House:
    """One house of the organisation. `staff` and `rooms` go by the names that cohorts use, `programs` by pack."""

    number: int
    staff: dict[str, User]
    sites: dict[str, Site]
    rooms: dict[str, Room]
    programs: dict[str, Program]
    interpreters: dict[str, Interpreter] = field(default_factory=dict)


def open_scene(*, seed: int, at: datetime, organisation: Organisation, taken: set[tuple[str, str]]) -> Scene:
    """An empty demo that will be the same for the same `seed` and `at`."""
    random = Random(seed)  # noqa: S311 - histories, not secrets
    names = Names(random, taken=taken)
    return Scene(at, random, names, organisation, Pile(random), make_password(DEMO_PASSWORD, salt=f"hearthdemo{seed}"))


def make_demo_organisation() -> Organisation:
    """Hearthside, as in the tests."""
    return make_organisation(answer_hours=4)


def build_house(scene: Scene, number: int) -> House:
    """The house `number`: 0 is the cast's own, others have the same shape and other names."""
    pile, suffix = scene.pile, f" {number + 1}" if number else ""
    staff = {each.name: _employ(scene, each, number) for each in STAFF}
    since = scene.today - timedelta(days=UNDER_SUPERVISION)
    for clinician, supervisor in SUPERVISED.items():
        scene.supervisors[staff[clinician].pk] = staff[supervisor]
        pile.make(
            Supervision, clinician=staff[clinician], supervisor=staff[supervisor], during=DateRange(since, None)
        )  # fmt: skip
    sites = {
        name: pile.make(
            Site, name=f"{name}{suffix}", street=STREETS[name][0], city=name, state="CO",
            postal_code=STREETS[name][1], directions="Ring at the front desk; the coffee is on.",
        )
        for name in ROOMS
    }  # fmt: skip
    rooms = {
        name: pile.make(Room, site=sites[site], name=name, seats=seats)
        for site, several in ROOMS.items()
        for name, seats in several
    }
    programs = {each.pack: _program(scene, each.pack, f"{each.program}{suffix}", each.size) for each in PATTERNS}
    return House(number, staff, sites, rooms, programs)


def _program(scene: Scene, pack_id: str, name: str, size: int) -> Program:
    described = pack.get(pack_id)
    places = {"adult-evening": 4, "adult-day": 3, "adolescent-after-school": 2}[pack_id] * size + 6
    return scene.pile.make(
        Program, name=name, pack=pack_id, pack_version=described.version, population=described.population, places=places
    )


def _employ(scene: Scene, colleague: Colleague, number: int) -> User:
    name, pronouns = colleague.name, colleague.pronouns
    if number:
        chosen, family, pronouns = scene.names.next("en")
        name = f"{chosen} {family}"
    user = scene.user(
        name, [str(role) for role in colleague.roles], STAFF_DOMAIN, title=colleague.title, pronouns=pronouns
    )
    since = scene.today - timedelta(days=500)
    for state in colleague.states:
        digits = int(hashlib.sha256(f"{name}{state}".encode()).hexdigest(), 16) % 900_000 + 100_000
        licence = scene.pile.make(
            Licence, holder=user, state=state, discipline=colleague.discipline,
            number=f"{colleague.discipline}.{digits}", during=DateRange(since, scene.today + timedelta(days=300)),
        )  # fmt: skip
        scene.licences[user.pk].append(licence)
    return user


def put_on_duty(scene: Scene, house: House, meetings: list[Meeting]) -> None:
    """Give everyone who leads something their duty: hours that hold what they lead, and what they may lead."""
    for colleague in (each for each in STAFF if each.leads):
        own = [each for each in meetings if colleague.name in (each.leader, each.second)]
        topics = ["mental_health", "substance_use"] if colleague.leads == "groups" else []
        scene.pile.make(
            StaffDuty, member=house.staff[colleague.name], populations=list(colleague.populations), topics=topics,
            languages=list(colleague.languages), hours=_hours(own), max_minutes_week=MOST_MINUTES, max_minutes_run=300,
            since=scene.today - timedelta(days=500),
        )  # fmt: skip


def _hours(own: list[Meeting]) -> list[dict[str, object]]:
    hours: list[dict[str, object]] = []
    for day in sorted({*range(5), *(each.day for each in own)}):
        led = [each for each in own if each.day == day]
        first = min([10 * 60, *(each.starts for each in led)])
        last = max([17 * 60, *(each.starts + each.minutes for each in led)])
        hours.append({"day": day, "from": clock(first), "to": clock(last)})
    return hours


def clock(minute: int) -> str:
    """Minutes after midnight as 17:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def plain(name: str) -> str:
    """The name in lower-case ASCII letters and spaces."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(letter if letter.isalnum() or letter == " " else "" for letter in folded)


def secret_of(email: str) -> str:
    """The demo's secret for one person's authenticator app, in base 32."""
    return base64.b32encode(hashlib.sha256(f"hearth demo {email}".encode()).digest()[:20]).decode()


def give_second_factors(scene: Scene, house: House) -> None:
    """An authenticator app with a known secret for everyone who works in this house."""
    for user in house.staff.values():
        enrol_totp(user, secret_of(user.email or ""), at=scene.at)
