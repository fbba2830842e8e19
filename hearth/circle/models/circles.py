"""The circle of a program: who is in it, what they write, and everything that hosts do about it."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.models import Episode
from hearth.circle import rules
from hearth.people.models import Patient, Population
from hearth.program import pack
from hearth.program.models import Program


def usual_hours() -> list[dict[str, object]]:
    """When hosts read, until they say otherwise."""
    return [dict(one) for one in rules.HOURS]


class Circle(OrganisationRow):
    """The community of one program, and so of one age band; or of those who completed one of its tracks."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="circles")
    is_alumni = models.BooleanField(default=False)
    track = models.CharField(max_length=40, blank=True, help_text="Of alumni: the track they completed.")
    population = models.CharField(max_length=10, choices=Population)
    hours = models.JSONField(default=usual_hours, help_text='When hosts read: [{"day": 0-6, "from": "09:00", "to": …}]')
    reads_first = models.BooleanField(default=True, help_text="A host reads every post before the others do.")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program"], condition=Q(is_alumni=False), name="a_program_has_one_circle_of_its_students"
            ),
            models.UniqueConstraint(
                fields=["program", "track"], condition=Q(is_alumni=True), name="a_track_has_one_circle_of_its_alumni"
            ),
            models.CheckConstraint(
                condition=Q(is_alumni=False, track="") | (Q(is_alumni=True) & ~Q(track="")),
                name="a_circle_of_alumni_is_of_one_track",
            ),
        ]

    @property
    def name(self) -> str:
        """The program's name; for alumni with their track."""
        if not self.is_alumni:
            return self.program.name
        try:
            track = pack.in_language(pack.get(self.program.pack).track(self.track).name, get_language() or "en")
        except LookupError:  # a pack that no longer ships
            track = self.track
        return _t("Alumni of %(program)s, %(track)s") % {"program": self.program.name, "track": track}


class Host(OrganisationRow):
    """A facilitator or peer specialist who hosts a circle. Supervisors host every one."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="hosts")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hosted_circles")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "member"], condition=Q(ended_at=None), name="a_host_is_named_once_for_a_circle"
            ),
        ]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def open_at(self, at: datetime) -> Self:
        """Places that open something: of students in their stay, and of alumni."""
        return self.filter(Q(circle__is_alumni=False, episode__ended_at=None) | _is_of_alumni(at))

    def of_alumni(self, at: datetime) -> Self:
        """Places of alumni who stayed, are in no program again and are of their circle's age band still."""
        return self.filter(_is_of_alumni(at))


class Membership(OrganisationRow):
    """A student's place in the circle of their stay, which opens nothing once the stay has ended; or an alumnus's,
    which opens nothing while they are in a program again."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="memberships")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="circle_memberships")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="circle_memberships")
    population = models.CharField(max_length=10, choices=Population)
    joined_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When they read the rule on contact outside.")
    left_at = models.DateTimeField(null=True, blank=True, help_text="When an alumnus left the circle.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "episode"], name="a_stay_has_one_place_in_a_circle"),
            ExclusionConstraint(
                name="adults_and_adolescents_never_share_a_circle",
                expressions=[("circle", RangeOperators.EQUAL), ("population", RangeOperators.NOT_EQUAL)],
            ),
        ]
        indexes = [models.Index(fields=["patient"], name="circles_of_a_patient")]


def _is_of_alumni(at: datetime) -> Q:
    grown = rules.born_by(at.date(), rules.ADULT_AT)
    again = Episode.objects.filter(
        Q(ended_at=None) | Q(admitted_at__gt=OuterRef("episode__admitted_at")), patient=OuterRef("patient")
    )
    return Q(
        Q(population=Population.ADULT, patient__birth_date__lte=grown)
        | Q(population=Population.ADOLESCENT, patient__birth_date__gt=grown),
        ~Exists(again),
        circle__is_alumni=True,
        left_at=None,
        episode__end_reason=Episode.EndReason.COMPLETED,
        patient__has_died=False,
        patient__user__is_active=True,
    )


class PostQuerySet(models.QuerySet["Post"]):
    def shown(self) -> Self:
        """Those that the circle reads, leaving aside quiet hours."""
        return self.filter(state=Post.State.SHOWN)

    def waiting(self) -> Self:
        """Those that wait for a host."""
        return self.filter(waits_since__isnull=False)


class Post(OrganisationRow):
    """Something a student wrote to the circle, or a question to its staff alone."""

    class Kind(models.TextChoices):
        POST = "post", _("Something on my mind")
        GRATITUDE = "gratitude", _("Something I am grateful for")
        PROMPT = "prompt", _("My answer to today's question")
        MILESTONE = "milestone", _("A milestone")
        QUESTION = "question", _("A question to staff alone")

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        HELD = "held", _("waits for a host")
        RETURNED = "returned", _("back with its writer")
        HIDDEN = "hidden", _("hidden")
        TAKEN_BACK = "taken_back", _("taken back by its writer")
        STAFF_ONLY = "staff_only", _("for staff alone")

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="posts")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="posts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="circle_posts")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    prompt = models.CharField(max_length=60, blank=True, help_text="The lesson whose question it answers.")
    is_anonymous = models.BooleanField(default=False, help_text="The others see no name; staff do.")
    state = models.CharField(max_length=10, choices=State)
    written_at = models.DateTimeField()
    appears_at = models.DateTimeField(help_text="When the others may see it, if it is shown: never in quiet hours.")
    waits_since = models.DateTimeField(null=True, blank=True, help_text="Since when a host should look at it.")
    answer = models.TextField(blank=True, help_text="What staff answered to a question.")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    form_token = models.UUIDField(
        unique=True, editable=False, help_text="Made with the page: a form sent twice is stored once."
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="question", state__in=["staff_only", "taken_back"])
                | (~Q(kind="question") & ~Q(state="staff_only")),
                name="a_question_is_for_staff_alone_and_nothing_else_is",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False, kind="question") & ~Q(answer="")),
                name="an_answer_has_words_and_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(waits_since__isnull=False), name="a_held_post_waits_for_a_host"
            ),
        ]
        indexes = [
            models.Index(
                fields=["circle", "-appears_at", "-id"], condition=Q(state="shown"), name="circle_newest_first"
            ),
            models.Index(fields=["circle", "-written_at", "-id"], name="posts_of_a_circle"),
            models.Index(
                fields=["circle", "waits_since"], condition=Q(waits_since__isnull=False), name="posts_that_wait"
            ),
            models.Index(fields=["membership", "-written_at"], name="posts_of_a_member"),
        ]

    @property
    def is_question(self) -> bool:
        return self.kind == self.Kind.QUESTION

    @property
    def is_with_writer(self) -> bool:
        """Whether its writer may write it again."""
        return self.state in (self.State.HELD, self.State.RETURNED)


class Wording(OrganisationRow):
    """One wording of a post and what the rules found in it. Never changed."""

    append_only = True

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="wordings")
    text = models.TextField()
    reasons = models.JSONField(default=list, help_text="The rules it met, by id.")
    severity = models.CharField(max_length=10, blank=True, help_text="Of the concern that was raised; empty for none.")
    at = models.DateTimeField()


class Encouragement(OrganisationRow):
    """A word from one student to another's post. Nobody counts them."""

    class Word(models.TextChoices):
        WITH_YOU = "with_you", _("I am with you")
        THANK_YOU = "thank_you", _("Thank you for this")
        PROUD = "proud", _("Proud of you")
        ME_TOO = "me_too", _("I know this too")
        STRENGTH = "strength", _("Strength to you")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="encouragements")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=10, choices=Word)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "patient"], name="a_student_gives_a_post_one_word"),
        ]


class Report(OrganisationRow):
    """Somebody thinks that a host should look at a post. Its writer never learns who."""

    append_only = True

    class Why(models.TextChoices):
        WORRIED = "worried", _("I am worried about this person")
        CONTACT = "contact", _("It is about contact outside")
        HARD = "hard", _("It is hard to read for me")
        UNKIND = "unkind", _("It is unkind")
        OTHER = "other", _("Something else")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reports")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Words may be longer than an index holds.
            models.UniqueConstraint(
                F("post"), F("by"), F("why"), MD5(F("words")), name="a_person_reports_a_post_once_in_the_same_words"
            ),
        ]


class Decision(OrganisationRow):
    """One step of a host or its writer about a post, with what was said. Only added to."""

    append_only = True

    class What(models.TextChoices):
        RELEASE = "release", _("released")
        KEEP = "keep", _("looked at: it stays")
        RETURN = "return", _("asked to write it another way")
        HIDE = "hide", _("hidden")
        RESTORE = "restore", _("shown again")
        STRIKE = "strike", _("spoken about kindly, and counted")
        APPEAL = "appeal", _("asked for somebody else to look again")
        UPHOLD = "uphold", _("looked at again: it stays as decided")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=10, choices=What)
    words = models.TextField(blank=True, help_text="To the writer; an appeal's are the writer's own.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["release", "keep", "restore"]) | ~Q(words=""),
                name="a_decision_against_a_post_says_why",
            ),
        ]
        indexes = [models.Index(fields=["post", "at"], name="decisions_of_a_post")]
