"""What students practise and write down with the skills tools, and the lessons staff hand them."""

from functools import reduce
from operator import and_

from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.safety.plan_rules import Helper
from hearth.skills import support_map
from hearth.skills.habits import MOST


class Tool(models.TextChoices):
    """A tool for hard moments, as people read it."""

    BREATHING = "breathing", _("Breathe slowly")
    SENSES = "senses", _("Five senses: here and now")
    MUSCLES = "muscles", _("Let go, one muscle at a time")


def up_to_ten(*names: str) -> Q:
    """Each of these columns is empty or at most 10."""
    return reduce(and_, (Q((name, None)) | Q((f"{name}__lte", 10)) for name in names))


class Assignment(OrganisationRow):
    """A lesson handed to a student. It is done once they have practised it since."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="lessons_assigned")
    lesson = models.CharField(max_length=60, help_text="A lesson of the program's pack.")
    due_on = models.DateField()
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "lesson"],
                condition=Q(done_at=None),
                name="a_lesson_is_handed_to_a_student_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["patient", "due_on"], condition=Q(done_at=None), name="lessons_to_do")]


class Practice(OrganisationRow):
    """“I practised”: which lesson, how strong it was before and after, and a note that is private unless shared."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="practices")
    lesson = models.CharField(max_length=60)
    before = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")
    after = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")
    note = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False, help_text="Whether the care team may read the note.")
    practised_at = models.DateTimeField()
    form_token = models.UUIDField(
        null=True, unique=True, editable=False, help_text="Made with the page: a form sent twice is stored once."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(before=None) | Q(before__lte=10)) & (Q(after=None) | Q(after__lte=10)),
                name="practice_is_rated_from_0_to_10",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-practised_at"], name="practices_newest_first")]

    @property
    def eased(self) -> int | None:
        """Points by which it became lighter; negative where it grew. None if it was not rated."""
        return None if self.before is None or self.after is None else self.before - self.after


class Versioned(models.Model):
    """Written on more than one device, now and then without a connection (late.py)."""

    version = models.PositiveIntegerField(default=1)
    heard = models.JSONField(default=dict, help_text="By key of what came late: the version it made, 0 for none.")
    beside = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="What was written in between on another device, where both are kept.",
    )

    class Meta:
        abstract = True


class ThoughtRecord(OrganisationRow, Versioned):
    """One thought looked at from both sides. The student's own; the care team reads it only if shared."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="thought_records")
    situation = models.TextField()
    feelings = models.JSONField(default=list, help_text='[{"name": text, "before": 0-100, "after": 0-100 or null}]')
    thought = models.TextField()
    evidence_for = models.TextField(blank=True)
    evidence_against = models.TextField(blank=True)
    balanced = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    form_token = models.UUIDField(
        null=True, unique=True, editable=False, help_text="Made with the page: a form sent twice is stored once."
    )

    class Meta:
        indexes = [models.Index(fields=["patient", "-written_at"], name="thought_records_newest_first")]


class OwnRow(OrganisationRow):
    """What a student keeps for themselves alone: rows exist only inside `tenancy.rows_of(owner)`, for nobody else."""

    private_to = "owner_id"

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form_token = models.UUIDField(
        null=True, editable=False, help_text="Made with the page: a form sent twice is stored once."
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["owner", "form_token"], name="%(class)s_sent_twice_is_stored_once"),
        ]


class Helped(OwnRow):
    """A tool for hard moments that its student says helped, with how strong it was before and after if they like."""

    tool = models.CharField(max_length=20, choices=Tool)
    before = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")
    after = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.CheckConstraint(condition=up_to_ten("before", "after"), name="what_helped_is_rated_from_0_to_10"),
        ]

    @property
    def eased(self) -> int | None:
        """Points by which it became lighter; negative where it grew. None if it was not rated."""
        return None if self.before is None or self.after is None else self.before - self.after


class CopingPlan(OwnRow):
    """A student's plan for hard days, one for each, one thing a line. `at` is when it was last changed."""

    triggers = models.TextField(blank=True)
    warning_signs = models.TextField(blank=True)
    situations = models.TextField(blank=True)
    what_i_do = models.TextField(blank=True)
    people = models.JSONField(default=list, help_text='Whom to call: [{"name": text, "phone": text}]')
    version = models.PositiveIntegerField(default=1)

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.UniqueConstraint(fields=["owner"], name="a_student_has_one_coping_plan"),
        ]

    @property
    def helpers(self) -> list[Helper]:
        return [Helper(**one) for one in self.people]


class Card(OwnRow):
    """A coping card: in the student's own words, or of a `source` that they kept or put away."""

    words = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=80, blank=True, help_text="As cards.py names it; empty for own words.")
    is_away = models.BooleanField(default=False)

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner", "source"], condition=~Q(source=""), name="a_source_makes_one_coping_card"
            ),
            models.CheckConstraint(condition=~Q(words="", source=""), name="a_coping_card_says_something"),
        ]


class SharedPlan(OrganisationRow):
    """What a student lets their care team read of their plan for hard days. Gone once they no longer do."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="shared_plan")
    content = models.JSONField(help_text="The parts of the plan, the people, and the cards in own words.")
    shared_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    @property
    def helpers(self) -> list[Helper]:
        return [Helper(**one) for one in self.content["people"]]


class MapEntry(OwnRow):
    """Somebody, or some place, on their student's support map. `at` is when it was put there."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=support_map.Kind)
    ring = models.PositiveSmallIntegerField(choices=support_map.Ring, help_text="1 is closest.")
    knows = models.CharField(max_length=6, choices=support_map.Knows)
    effect = models.CharField(max_length=6, choices=support_map.Effect)
    note = models.CharField(max_length=300, blank=True)

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.CheckConstraint(condition=Q(ring__gte=1, ring__lte=3), name="a_support_map_has_three_rings"),
        ]


class SharedMap(OrganisationRow):
    """The support map of a student who lets their care team see it. Gone once they no longer do."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="shared_map")
    entries = models.JSONField(help_text="[{name, kind, ring, knows, effect, note}], closest first.")
    shared_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Urge(OwnRow):
    """An urge or craving that came, how strong it was, and what helped. `at` is when it came."""

    about = models.CharField(max_length=80, blank=True)
    strength = models.PositiveSmallIntegerField(help_text="0 to 10")
    after = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")
    trigger = models.CharField(max_length=300, blank=True)
    helped = models.CharField(max_length=300, blank=True)

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.CheckConstraint(condition=up_to_ten("strength", "after"), name="an_urge_is_rated_from_0_to_10"),
        ]

    @property
    def eased(self) -> int | None:
        """Points by which it fell; negative where it grew. None if it was not rated again."""
        return None if self.after is None else self.strength - self.after


class Activity(OwnRow):
    """A small thing to do, and how its student felt before and after. `at` is when it was planned."""

    what = models.CharField(max_length=120)
    on = models.DateField()
    before = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Mood, 0 to 10, 10 is best")
    after = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Mood, 0 to 10, 10 is best")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.CheckConstraint(condition=up_to_ten("before", "after"), name="a_mood_is_rated_from_0_to_10"),
        ]

    @property
    def lifted(self) -> int | None:
        """Points by which the mood rose; negative where it sank. None if it was not rated twice."""
        return None if self.before is None or self.after is None else self.after - self.before


class Habit(OwnRow):
    """A tiny thing to do every day, anchored to a time or place. Without a `place` it is paused."""

    what = models.CharField(max_length=120)
    anchor = models.CharField(max_length=120, help_text="The time or place it follows, in the student's words.")
    place = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 4: there are five at once.")

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "place"], name="one_habit_at_each_of_a_students_places"),
            models.CheckConstraint(condition=Q(place=None) | Q(place__lt=MOST), name="five_habits_at_once_are_enough"),
        ]

    @property
    def is_paused(self) -> bool:
        return self.place is None


class HabitDay(OwnRow):
    """A day, in the student's own zone, on which they did it. `at` is when they said so."""

    habit = models.ForeignKey(Habit, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.UniqueConstraint(fields=["habit", "on"], name="a_habit_is_done_once_a_day"),
        ]


class WeekHours(OwnRow):
    """Hours that come again every week in a student's life outside the program."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("School")
        WORK = "work", _("Work")
        FAMILY = "family", _("Family")
        OWN = "own", _("My own time")

    kind = models.CharField(max_length=10, choices=Kind)
    what = models.CharField(max_length=60, blank=True)
    days = models.JSONField(help_text="Weekdays in order; Monday is 0.")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="hours_of_a_week_end_after_they_begin"),
        ]

    @property
    def title(self) -> str:
        return self.what or str(self.get_kind_display())

    @property
    def day_names(self) -> list[str]:
        return [str(WEEKDAYS[day]) for day in self.days]


class Night(OwnRow):
    """When a student went to bed and got up, and what helped. `on` is the day on which they got up."""

    on = models.DateField()
    bed = models.TimeField()
    up = models.TimeField()
    rested = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10, 10 is best")
    helped = models.CharField(max_length=300, blank=True)

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "on"], name="a_student_gets_up_once_a_day"),
            models.CheckConstraint(condition=up_to_ten("rested"), name="a_night_is_rated_from_0_to_10"),
        ]


class SleepRoutine(OwnRow):
    """How a student wants to end their day, one for each. `at` is when it was last changed."""

    up = models.TimeField(null=True, blank=True, help_text="When they get up, most days.")
    evening = models.TextField(blank=True, help_text="What they do in the last hour, one thing a line.")

    class Meta(OwnRow.Meta):
        constraints = [
            *OwnRow.Meta.constraints,
            models.UniqueConstraint(fields=["owner"], name="a_student_has_one_sleep_routine"),
        ]


class Sheet(OwnRow, Versioned):
    """A working sheet that its student fills in, of a kind in sheets.toml. `at` is when it was begun."""

    kind = models.CharField(max_length=30)
    kind_version = models.PositiveSmallIntegerField(help_text="As sheets.toml stood when it was last written.")
    answers = models.JSONField(default=dict, help_text='By field; what comes again under "steps".')
    changed_at = models.DateTimeField()


class SharedSheet(OrganisationRow):
    """What a student lets their care team read of one sheet. Gone once they no longer do."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="shared_sheets")
    sheet = models.UUIDField(unique=True, help_text="The sheet of the student's own that this is kept in step with.")
    kind = models.CharField(max_length=30)
    answers = models.JSONField()
    shared_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-changed_at"], name="shared_sheets_newest_first")]
