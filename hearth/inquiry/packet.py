"""What an intake needs of a referral, as plain data that can be kept as JSON.

Days are ISO text, as precise as the sender was: `2019`, `2019-05` or `2019-05-12`; such text sorts by time.
None, or an empty tuple, always means that it was not sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hearth.inquiry.rules import Known, display_name
from hearth.inquiry.said import Said

NOT_SENT = "not sent"

# What opens doors elsewhere is shown by its last four characters: SSN, passport, driver's licence.
_MASKED = {"SS", "PPN", "DL"}


def sent(value: str | None) -> str:
    """This value, or the words that say it was not sent."""
    return value or NOT_SENT


@dataclass(frozen=True, slots=True)
class Name:
    """One of a person's names; `use` as in FHIR (`official`, `usual`, `nickname`, `maiden`, `old`, …)."""

    use: str | None = None
    given: tuple[str, ...] = ()
    family: str | None = None
    prefix: str | None = None
    suffix: str | None = None

    @property
    def shown(self) -> str:
        return display_name(" ".join(part for part in (*self.given, self.family, self.suffix) if part))


@dataclass(frozen=True, slots=True)
class Language:
    code: str | None
    name: str
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    use: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """`state` is the two-letter postal code where the sender's word is known, else what was sent."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """`kind` is the code of HL7 table 0203 (MR, SS, DL, PPN, MB, …)."""

    kind: str | None
    label: str
    system: str | None
    value: str

    @property
    def shown(self) -> str:
        return f"•••{self.value[-4:]}" if self.kind in _MASKED else self.value


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone the sender says to turn to: a parent, guardian, partner or friend."""

    name: str | None
    relationship: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Who is referred. `died` is the day, or `yes` where only the fact was sent."""

    names: tuple[Name, ...] = ()
    birth_date: date | None = None
    sex: str | None = None
    birth_sex: str | None = None
    gender_identity: str | None = None
    pronouns: str | None = None
    languages: tuple[Language, ...] = ()
    interpreter_needed: bool | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    address: Address | None = None
    marital_status: str | None = None
    race: tuple[str, ...] = ()
    ethnicity: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    contacts: tuple[Contact, ...] = ()
    died: str | None = None

    @property
    def name(self) -> str:
        """The name to call this person by: the usual one, else the official one; empty if none was sent."""
        order = {
            "usual": 0,
            "official": 1,
            None: 2,
            "nickname": 3,
            "temp": 4,
            "anonymous": 5,
            "maiden": 6,
            "old": 7,
        }
        named = [name for name in self.names if name.shown]
        return min(named, key=lambda name: order.get(name.use, 2)).shown if named else ""

    def age_on(self, day: date) -> int | None:
        """Completed years on this day."""
        if self.birth_date is None:
            return None
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday

    def known_as(self, key: str) -> Known:
        """What duplicates of this person are looked for by."""
        return Known(
            key=key,
            names=tuple(name.shown for name in self.names),
            birth_date=self.birth_date,
            phones=tuple(phone.number for phone in self.phones),
            emails=self.emails,
            identifiers=tuple((place, one.value) for one in self.identifiers if (place := one.system or one.kind)),
        )


@dataclass(frozen=True, slots=True)
class Referral:
    """Why the person was sent, in the sender's words."""

    service: str | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    priority: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    organisation: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, told once however often it was recorded; `status` is FHIR's clinical status."""

    text: str
    system: str | None
    code: str | None
    status: str | None
    active: bool
    behavioural: bool
    onset: str | None = None
    ended: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class SocialFact:
    """A circumstance of life; `about` is a key of `bundle_codes.SOCIAL_WORDS`, or `other`."""

    text: str
    about: str
    current: bool
    since: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Medication:
    text: str
    code: str | None
    status: str | None
    active: bool
    dosage: str | None = None
    started: str | None = None
    last: str | None = None
    prescriber: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Allergy:
    text: str
    code: str | None
    active: bool
    criticality: str | None = None
    categories: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A score or answer of a known instrument; `loinc` says which."""

    instrument: str
    loinc: str
    value: float | str
    unit: str | None = None
    on: str | None = None

    @property
    def shown(self) -> str:
        return f"{round(self.value, 1):g}" if isinstance(self.value, float) else self.value


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who pays; `source` is the kind of resource it was read from, `last_used` the last day billed."""

    source: str
    payer: str | None = None
    plan: str | None = None
    member_id: str | None = None
    group: str | None = None
    status: str | None = None
    starts: str | None = None
    ends: str | None = None
    last_used: str | None = None


@dataclass(frozen=True, slots=True)
class Carer:
    name: str
    role: str | None = None
    organisation: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay or visit of note; `kind` is `inpatient`, `emergency` or `outpatient`.

    Outpatient visits for one reason are told once: the newest, and how many there were.
    """

    kind: str
    text: str | None
    reason: str | None
    behavioural: bool
    started: str | None = None
    ended: str | None = None
    place: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Procedure:
    text: str
    code: str | None
    last: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class FromForm:
    """What a professional said in the portal, beyond what any packet holds. Codes are those of `portal_models`.

    `danger` is asked before everything else; where a file was sent, it is all that is known.
    """

    danger: str
    house: str = ""
    urgency: str = ""
    message_ok: bool = False
    reach: str = ""
    must_know: str = ""
    dates: str = ""
    knows: str = ""
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """One person's referral, most telling things first in every list.

    `problems` are sentences about what could not be used or needs a human eye; `counts` says how many
    resources of each FHIR type came.
    """

    person: Person
    sender: Sender | None = None
    referral: Referral | None = None
    conditions: tuple[Condition, ...] = ()
    social: tuple[SocialFact, ...] = ()
    medications: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    measures: tuple[Measure, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    care_team: tuple[Carer, ...] = ()
    visits: tuple[Visit, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    problems: tuple[Said, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    form: FromForm | None = None


def as_json(packet: Packet) -> str:
    """This packet as JSON text."""
    return json.dumps(_plain(packet), ensure_ascii=False)


def from_json(text: str) -> Packet:
    """The packet that `as_json` wrote; a field it did not know yet takes its default."""
    packet: Packet = _built(Packet, json.loads(text))
    return packet


def _plain(value: Any) -> Any:
    if isinstance(value, Said):
        return value.as_parts()
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _built(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is UnionType:
        return _built(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        return tuple(_built(get_args(kind)[0], one) for one in value)
    if kind is Said:
        return Said.of_parts(value)
    if is_dataclass(kind):
        return _filled(kind, value)
    return date.fromisoformat(value) if kind is date else value


def _filled(kind: Any, value: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    return kind(**{one.name: _built(hints[one.name], value[one.name]) for one in fields(kind) if one.name in value})
