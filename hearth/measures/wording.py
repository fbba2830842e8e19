"""What bands and measures are called: in the clinic's words for staff, in kind words for the person who answered."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

Words = Promise | str

BANDS: Mapping[str, Words] = {
    "minimal": _("minimal"),
    "mild": _("mild"),
    "moderate": _("moderate"),
    "moderately-severe": _("moderately severe"),
    "severe": _("severe"),
    "low": _("low"),
    "reduced": _("reduced"),
    "good": _("good"),
    "none": _("none"),
    "low-risk": _("low risk"),
    "hazardous": _("hazardous"),
    "harmful": _("harmful"),
    "possible-dependence": _("possible dependence"),
    "substantial": _("substantial"),
    "significant": _("significant"),
    "high": _("high"),
    "negative": _("screen negative"),
    "positive": _("screen positive"),
    "acute-positive": _("positive, thoughts right now"),
    "non-acute-positive": _("positive, not right now"),
}

KIND_BANDS: Mapping[str, Words] = {
    "minimal": _("little"),
    "mild": _("some"),
    "moderate": _("more"),
    "moderately-severe": _("heavy"),
    "severe": _("very heavy"),
    "reduced": _("some"),
    "low-risk": _("little"),
    "hazardous": _("some"),
    "harmful": _("more"),
    "possible-dependence": _("heavy"),
    "substantial": _("heavy"),
    "significant": _("some"),
    "none": _("none"),
}

LICENCES: Mapping[str, Words] = {
    "free": _("free to use"),
    "non-commercial": _("free where no money is made with it"),
    "permission": _("only with its holder's permission"),
    "ours": _("our own, not tested in research"),
}

TITLES: Mapping[str, Words] = {
    "phq-9": _("Your mood"),
    "phq-a": _("Your mood"),
    "audit": _("Drinking, the longer look"),
    "dast-10": _("Drugs in the past year"),
    "bam": _("Your recovery this month"),
    "core-10": _("How the last week was"),
    "gad-7": _("Worry and tension"),
    "who-5": _("Your wellbeing"),
    "audit-c": _("Drinking"),
    "pcl-5": _("After hard events"),
    "asq": _("Five questions about safety"),
    "follow-up": _("How things are now"),
    "session-check-out": _("Before you go"),
    "weekly-check": _("How was your week?"),
    "connection": _("You and other people"),
    "caregiver-week": _("How do you see this week?"),
    "confidence": _("How sure you feel"),
    "functioning": _("Everyday life"),
}

KIND: Mapping[tuple[str, str], Words] = {
    ("phq-9", "minimal"): _("Your answers show few signs of low mood in the last two weeks."),
    ("phq-9", "mild"): _("Your answers show some low mood in the last two weeks."),
    ("phq-9", "moderate"): _("Your answers show that low mood has taken a real share of the last two weeks."),
    ("phq-9", "moderately-severe"): _("Your answers show that the last two weeks have been heavy."),
    ("phq-9", "severe"): _("Your answers show that the last two weeks have been very heavy."),
    ("core-10", "low"): _("Your answers show a week with few burdens."),
    ("core-10", "mild"): _("Your answers show a week with some burdens."),
    ("core-10", "moderate"): _("Your answers show that the last week has been heavy."),
    ("core-10", "moderately-severe"): _("Your answers show that the last week has been heavy."),
    ("core-10", "severe"): _("Your answers show that the last week has been very heavy."),
    ("audit", "low-risk"): _("Your answers show little or no drinking."),
    ("audit", "hazardous"): _("Your answers show drinking that is worth talking about."),
    ("audit", "harmful"): _(
        "Your answers show drinking that has begun to cost you something. You are in the right place."
    ),
    ("audit", "possible-dependence"): _(
        "Your answers show drinking that has a hold on you. Please do not stop alone: your team helps you do it safely."
    ),
    ("gad-7", "minimal"): _("Your answers show little worry in the last two weeks."),
    ("gad-7", "mild"): _("Your answers show some worry in the last two weeks."),
    ("gad-7", "moderate"): _("Your answers show that worry has taken a real share of the last two weeks."),
    ("gad-7", "severe"): _("Your answers show that worry has been with you most of the time."),
    ("who-5", "low"): _("Your answers show that good moments have been rare lately."),
    ("who-5", "reduced"): _("Your answers show some good moments, and room for more."),
    ("who-5", "good"): _("Your answers show that good moments are there most days."),
    ("audit-c", "negative"): _("Your answers show little or no drinking."),
    ("audit-c", "positive"): _("Your answers show drinking that is worth talking about."),
}

MOVED: Mapping[str, Words] = {
    "better": _("That is clearly better than when you began. You did that."),
    "worse": _("That is harder than when you began. It is good that you said so: we look at it together."),
    "steady": _("That is about the same as when you began."),
}

WHY: Mapping[str, Words] = {
    "admission": _("To know where you begin"),
    "repeat": _("Your regular check-in"),
    "individual": _("Before you talk alone with your counselor"),
    "completion": _("To see how far you came"),
    "after": _("To hear how you are doing now"),
}


RHYTHMS: Mapping[str, Words] = {
    "weekly": _("Every week"),
    "two_weeks": _("Every two weeks"),
    "four_weeks": _("Every four weeks"),
    "individual": _("Before each talk alone"),
}


def rhythm(every_days: int | None, *, before_individual: bool) -> str:
    """How often something is asked, besides at the start and at the end."""
    if before_individual:
        return gettext("before each talk alone")
    if not every_days:
        return gettext("only at the start, at the end or afterward")
    if every_days % 7:
        return gettext("every %(days)s days") % {"days": every_days}
    weeks = every_days // 7
    return ngettext("every week", "every %(weeks)s weeks", weeks) % {"weeks": weeks}


def band_words(name: str) -> Words:
    """What staff call this band."""
    return BANDS.get(name, name)


def kind_band_words(name: str) -> Words:
    """What this band is called for the person who answered."""
    return KIND_BANDS.get(name) or band_words(name)


def title_of(instrument_id: str, name: str) -> Words:
    """What this measure is called for the person who answers it; `name` where we have no words of our own."""
    return TITLES.get(instrument_id, name)


def kind_words(instrument_id: str, band: str) -> Words:
    """A result in a sentence for the person who answered."""
    instrument_id = "phq-9" if instrument_id == "phq-a" else instrument_id
    return KIND.get((instrument_id, band), _("Thank you. Your answers are with your counselor."))


def moved(points: int, *, least: int) -> str:
    """How far a total moved, and whether that counts: `least` points are real change."""
    if not points:
        return gettext("The same as before.")
    n = abs(points)
    way = ngettext("%(n)s point lower", "%(n)s points lower", n)
    if points > 0:
        way = ngettext("%(n)s point higher", "%(n)s points higher", n)
    counts = gettext("%(moved)s: less than the %(least)s that count.")
    if n >= least:
        counts = gettext("%(moved)s: at least the %(least)s that count as real change.")
    return counts % {"moved": way % {"n": n}, "least": least}


ALERTS = (
    gettext_noop("A guardian worried that they might hurt themselves or no longer want to live: review the same day."),
    gettext_noop("A guardian worried that somebody might hurt them, or they somebody: review the same day."),
    gettext_noop(
        "A guardian worries right now that they might hurt themselves or no longer want to live: call at once."
    ),
    gettext_noop("A guardian would like a call."),
    gettext_noop(
        "A total of 20 or more: ask a clinician about dependence and safe withdrawal; never advise stopping alone."
    ),
    gettext_noop(
        "A question was not answered, which counts as a positive screen: ask it, and a brief safety assessment today."
    ),
    gettext_noop("A total of 6 or more: a clinician looks at the level of care."),
    gettext_noop("A yes on the C-SSRS screener: a brief safety assessment today."),
    gettext_noop(
        "A yes to question 4, 5 or the past three months of 6 on the C-SSRS screener: stay with the person and get "
        "help at once."
    ),
    gettext_noop("Considerable or extreme cravings: talk about what helps (our own limit)."),
    gettext_noop("Cravings of 8 or more in the past week: call the person."),
    gettext_noop("Has felt that others would be better off: a brief safety assessment today."),
    gettext_noop("Has been in a car with somebody under the influence at the wheel: talk about a safe way home."),
    gettext_noop("Has had thoughts of suicide in the past week: a brief safety assessment today."),
    gettext_noop("Has made plans to end their life: review the same day."),
    gettext_noop("Has tried to end their life before: a brief safety assessment today."),
    gettext_noop("Has used alcohol or drugs in the past 30 days: talk about it, without consequences."),
    gettext_noop("Has wished to be dead in the past weeks: a brief safety assessment today."),
    gettext_noop("Is thinking of suicide right now: stay with the person and get help at once."),
    gettext_noop("Says things are very hard these days (2 or less): call the person."),
    gettext_noop("Serious thoughts of ending their life in the past month: a brief safety assessment today."),
    gettext_noop("Takes many risks or does things that could cause harm: ask about it (our own rule)."),
    gettext_noop("Thoughts of being better off dead or of self-harm: review the same day."),
    gettext_noop("Wellbeing is very low (28 or less): ask how the person is."),
    gettext_noop("Would like a call."),
    gettext_noop("Would like to talk with someone before leaving."),
)
"""What the instruments' alerts say, for the translators: a concern keeps these lines and words them when shown."""
