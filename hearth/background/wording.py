"""The words for what the assessment says of itself: where something was told, and why a person must look."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

WOULD_RATHER_NOT = _("I would rather not say")

SOURCES: dict[str, str | Promise] = {
    "check": _("You told us in the self-check"),
    "inquiry": _("You wrote to us"),
    "referral": _("Your referral told us"),
    "before": _("You told us last time"),
}
STAFF_SOURCES: dict[str, str | Promise] = {
    "check": _("Self-check"),
    "inquiry": _("Their inquiry"),
    "referral": _("Referral"),
    "before": _("The version before"),
}

ABOUT = gettext_noop("In the assessment:")
REASONS = {
    "words": gettext_noop("Wrote words that tell of danger: read them and speak with them today."),
    "danger.thoughts": gettext_noop("Has thoughts of dying or of self-harm: a brief safety assessment today."),
    "danger.attempt": gettext_noop("Tried to die or hurt themselves badly in the past month: assess safety today."),
    "danger.plan": gettext_noop("Thinks of how or when to die: stay with the person and get help at once."),
    "danger.took": gettext_noop("Took too much of something or something poisonous: get medical help at once."),
    "danger.now": gettext_noop("Is not safe right now: stay with the person and get help at once."),
    "others.thoughts": gettext_noop("Has thoughts of seriously hurting somebody else: talk today."),
    "others.plan": gettext_noop("Thinks of how or when to hurt somebody else: a clinician acts at once."),
    "home.unsafe": gettext_noop("Is not safe where they live: ask how to reach them safely, and talk today."),
    "home.none": gettext_noop("Has no place to sleep: find one with them today."),
    "stopping.seizure": gettext_noop("Had a seizure when stopping a substance: medical advice before the first day."),
    "stopping.seeing": gettext_noop("Was confused or saw things when stopping: medical advice before the first day."),
    "overdose.past_year": gettext_noop("Overdosed in the past year: talk about naloxone and safety today."),
}
"""Why a person must look, by `rules.Alert.reason`; a concern keeps these lines and words them when shown."""
