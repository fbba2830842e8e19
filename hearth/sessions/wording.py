"""What the rules' codes are called on the screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.sessions.private_notes import Kind
from hearth.sessions.rules.formats import Heading
from hearth.sessions.rules.ledger import Why
from hearth.sessions.rules.notes import Gap, Lack
from hearth.sessions.rules.pointers import Points

LACKS: dict[Lack, Promise] = {
    Lack.NOT_OVER: _("end the session"),
    Lack.TOPIC: _("today's topic"),
    Lack.SHARED_TEXT: _("what was done, for all"),
    Lack.INTERVENTIONS: _("at least one intervention"),
    Lack.PLAN: _("what comes next is missing"),
    Lack.STATUS: _("here or not?"),
    Lack.TEXT: _("own line: keep it or write"),
    Lack.TOOK_PART: _("took part missing"),
    Lack.RISK: _("risk line missing"),
    Lack.RISK_TEXT: _("say what the risk is"),
    Lack.GOAL: _("goal missing"),
    Lack.PROGRESS: _("progress missing"),
    Lack.LOCATION: _("where they are is missing"),
    Lack.TWO_TEXTS: _("choose between two texts"),
}

GAPS: dict[Gap, Promise] = {
    Gap.DIAGNOSIS: _("no problem noted in the chart"),
    Gap.GOALS: _("no goal agreed yet"),
    Gap.CONSENT: _("no consent to video on file"),
}

POINTS: dict[Points, Promise] = {
    Points.INITIALS: _("“%(words)s” may be another's initials"),
    Points.RELATIVE: _("“%(words)s”: is the name needed?"),
    Points.DESCRIBED: _("“%(words)s” may show who is meant"),
    Points.ONLY_ONE: _("“%(words)s” fits only one person here"),
}

RISKS: dict[str, Promise] = {
    "none": _("No risk seen or said"),
    "known": _("Known risk, unchanged"),
    "new": _("New or higher risk"),
}

PROGRESS: dict[str, Promise] = {
    "forward": _("A step forward"),
    "same": _("As before"),
    "back": _("A step back"),
}

FEELINGS: dict[str, Promise] = {
    "calm": _("calm"),
    "hopeful": _("hopeful"),
    "grateful": _("grateful"),
    "proud": _("proud"),
    "content": _("content"),
    "curious": _("curious"),
    "tired": _("tired"),
    "tense": _("tense"),
    "restless": _("restless"),
    "sad": _("sad"),
    "lonely": _("lonely"),
    "ashamed": _("ashamed"),
    "angry": _("angry"),
    "afraid": _("afraid"),
    "numb": _("numb"),
    "overwhelmed": _("overwhelmed"),
}

PRIVATE_KINDS: list[tuple[Kind, Promise]] = [
    (Kind.PSYCHOTHERAPY, _("Psychotherapy note (45 CFR 164.501)")),
    (Kind.SUD_COUNSELING, _("SUD counseling note (42 CFR 2.11)")),
]

HEADINGS: dict[Heading, Promise] = {
    Heading.DATA: _("Data"),
    Heading.SUBJECTIVE: _("Subjective"),
    Heading.OBJECTIVE: _("Objective"),
    Heading.BEHAVIOR: _("Behavior"),
    Heading.GOAL: _("Goal"),
    Heading.INTERVENTION: _("Intervention"),
    Heading.RESPONSE: _("Response"),
    Heading.ASSESSMENT: _("Assessment"),
    Heading.PLAN: _("Plan"),
}

WHYS: dict[str, Promise] = {
    Why.NOT_SCHEDULED: _("not scheduled"),
    Why.CANCELLED: _("cancelled by us"),
    Why.ABSENT: _("absent without word"),
    Why.EXCUSED: _("excused"),
    Why.KEPT_OUT: _("came, and could not be let in"),
    Why.LATE: _("came late"),
    Why.LEFT_EARLY: _("left early"),
    Why.AWAY: _("away for a while"),
    Why.MADE_UP: _("missed, made up on"),
    Why.SHORTENED: _("session ended early"),
    Why.NOT_RECORDED: _("attendance not written down"),
    Why.TOO_SHORT: _("too few minutes on that day to bill"),
    Why.NOT_AUTHORISED: _("not authorized on that day"),
    Why.USED_UP: _("authorization used up"),
}

MY_WHYS: dict[str, Promise] = {
    Why.NOT_SCHEDULED: _("We had no time for you in this week. That is ours to mend."),
    Why.CANCELLED: _("We called a session off."),
    Why.ABSENT: _("You missed a session."),
    Why.EXCUSED: _("You could not come, and told us."),
    Why.KEPT_OUT: _("You came, and we could not let you in. That is ours to mend."),
    Why.LATE: _("You came later."),
    Why.LEFT_EARLY: _("You left earlier."),
    Why.AWAY: _("You were away for a while."),
    Why.MADE_UP: _("You made up for what you missed."),
    Why.SHORTENED: _("The session ended early."),
    Why.NOT_RECORDED: _("Nobody has written down yet whether you came."),
}
