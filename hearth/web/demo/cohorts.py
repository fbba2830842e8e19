"""The groups of one house: who meets when, for what, and who leads. Plain data; people are named by the cast."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the cohorts of one program share. Times are minutes after midnight on the clock of the house."""

    pack: str
    program: str
    starts: int
    minutes: int
    skills_at: int
    skills_minutes: int
    alone_at: tuple[int, ...]  # hours tried for the talk alone, best first
    family_at: tuple[int, ...]
    free: tuple[int, int]  # what a student of this program usually can: from, to
    size: int


EVENING = Pattern(
    "adult-evening", "Adult evening", 18 * 60, 150, 16 * 60 + 30, 90,
    tuple(60 * hour for hour in (17, 16, 12, 13, 15, 14, 11, 10)), (), (16 * 60, 21 * 60), 12,
)  # fmt: skip
DAY = Pattern(
    "adult-day", "Adult day", 9 * 60, 180, 13 * 60, 90,
    tuple(60 * hour for hour in (13, 14, 15, 12, 16)), (), (8 * 60 + 30, 16 * 60), 10,
)  # fmt: skip
TEEN = Pattern(
    "adolescent-after-school", "Adolescent after school", 16 * 60, 120, 15 * 60, 60,
    tuple(60 * hour for hour in (15, 18, 19, 14)), tuple(60 * hour for hour in (18, 19, 17, 20, 15)),
    (14 * 60, 20 * 60), 6,
)  # fmt: skip
PATTERNS = (EVENING, DAY, TEEN)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Students who share their groups. `leaders`: one for each of `days`; `primaries`: counselors, in turn."""

    key: str
    pattern: Pattern
    name: str
    track: str
    days: tuple[int, ...]
    leaders: tuple[str, ...]
    primaries: tuple[str, ...]
    site: str = "Denver"
    language: str = "en"
    modality: str = "in_person"

    @property
    def is_virtual(self) -> bool:
        return self.modality == "virtual"


COHORTS = (
    Cohort("evening-1", EVENING, "Evening group", "co-occurring", (0, 1, 3), ("Dana Kim",), ("Dana Kim",)),
    Cohort("evening-2", EVENING, "Steady evenings", "substance-use", (0, 2, 3), ("Theo Brandt",), ("Theo Brandt",)),
    Cohort("evening-3", EVENING, "Grupo de la tarde", "co-occurring", (1, 2, 3), ("Lucía Ferrer",),
           ("Lucía Ferrer",), language="es"),
    Cohort("evening-4", EVENING, "Evening group by video", "mental-health", (0, 2, 4), ("Noor Haddad",),
           ("Noor Haddad",), modality="virtual"),
    Cohort("day-1", DAY, "Morning group", "mental-health", (0, 1, 2, 3), ("Theo Brandt", "Noor Haddad"),
           ("Dana Kim", "Theo Brandt", "Dana Kim", "Theo Brandt", "Noor Haddad")),
    Cohort("day-2", DAY, "New mornings", "substance-use", (0, 1, 3, 4), ("Ruth Okafor", "Lucía Ferrer"),
           ("Ruth Okafor", "Lucía Ferrer")),
    Cohort("day-3", DAY, "Morning group, Aurora", "co-occurring", (1, 2, 3, 4), ("Helen Cho", "Ruth Okafor"),
           ("Helen Cho", "Ruth Okafor"), site="Aurora"),
    Cohort("teen-1", TEEN, "After-school group", "mental-health", (0, 1, 3), ("Andre Dupont",), ("Andre Dupont",),
           site="Aurora"),
    Cohort("teen-2", TEEN, "After-school group 2", "co-occurring", (1, 2, 4),
           ("Dana Kim", "Andre Dupont", "Ruth Okafor"), ("Andre Dupont", "Ruth Okafor", "Ruth Okafor"), site="Aurora"),
)  # fmt: skip
MEET_EVERY_DAY = ("evening-1", "day-1", "teen-1")


def cohorts_on(weekday: int) -> tuple[Cohort, ...]:
    """The cohorts, with the first of each program meeting on `weekday` too, so that today is never empty."""
    return tuple(
        replace(each, days=_with(each.days, weekday)) if each.key in MEET_EVERY_DAY else each for each in COHORTS
    )


def _with(days: tuple[int, ...], weekday: int) -> tuple[int, ...]:
    return days if weekday in days else tuple(sorted((*days[:-1], weekday)))
