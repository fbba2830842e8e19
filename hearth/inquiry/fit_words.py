"""The self-check in words: its questions, its choices, what reasons and next steps say."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.inquiry.fit import Answers, Suggestion, as_values

QUESTIONS: dict[str, Promise] = {
    "who": _("Who is this about?"),
    "age": _("How old are you, or they?"),
    "danger": _("How safe is it right now?"),
    "body": _("Is any of this so? Choose all that fit."),
    "what": _("What is going on? Choose all that fit."),
    "daily": _("How is daily life: work, school, home, sleep?"),
    "home": _("How is it at home?"),
    "support": _("Is there someone to lean on?"),
    "before": _("What was there before?"),
    "times": _("When could sessions work? Choose all that fit."),
    "how": _("In our rooms, or by video?"),
}

HINTS: dict[str, Promise] = {
    "danger": _("We ask this first because nothing else matters more."),
    "body": _("Some things need a doctor before they need a program. Leave it empty if nothing fits."),
    "times": _("A guess is enough; we plan around the hours you have."),
}

CHOICES: dict[str, dict[str, Promise]] = {
    "who": {"me": _("Me"), "other": _("Someone I care about")},
    "age": {"adult": _("18 or older"), "teen": _("12 to 17")},
    "danger": {
        "no": _("Safe"),
        "thoughts": _("There are thoughts of dying or of self-harm, but it is safe right now"),
        "now": _("Not safe: someone is hurt, took too much, or may act on it now"),
    },
    "body": {
        "alcohol": _(
            "Daily alcohol, or pills such as Xanax or Valium, with shaking, sweating or a seizure when stopping"
        ),
        "opioids": _("Heroin, fentanyl or pain pills, and feeling sick without them"),
        "pregnant": _("Pregnant, and using alcohol or other drugs"),
        "medical": _("Seizures, fainting, chest pain, or hardly eating for days"),
        "senses": _("Hearing or seeing what others do not, or days without sleep and full of energy"),
    },
    "what": {
        "depression": _("Low mood, emptiness"),
        "anxiety": _("Worry, fear, panic"),
        "ocd": _("Thoughts or rituals that will not stop"),
        "substances": _("Alcohol or other drugs"),
        "grief": _("Loss and grief"),
        "trauma": _("Something terrible that happened"),
        "stress": _("Stress that has lasted too long"),
        "other": _("Something else"),
    },
    "daily": {
        "holds": _("It mostly holds"),
        "slipping": _("Some parts are slipping"),
        "hard": _("Most days are hard, but parts of them work"),
        "stopped": _("It has stopped: getting up, washing or eating is too much"),
    },
    "home": {
        "safe": _("Safe to sleep and to be"),
        "shaky": _("Safe, but hard: tension, or others who drink or use"),
        "unsafe": _("Not safe, or there is no home"),
    },
    "support": {"some": _("Yes"), "little": _("A little"), "nobody": _("Nobody just now")},
    "before": {
        "nothing": _("No treatment yet"),
        "weekly": _("Weekly therapy, now or before"),
        "hospital": _("A hospital or residential stay, just ended or ending"),
        "released": _("Jail or prison, just ended or ending"),
    },
    "times": {
        "morning": _("Mornings"),
        "afternoon": _("Afternoons"),
        "evening": _("Evenings"),
        "weekend": _("Weekends"),
    },
    "how": {"in_person": _("In person"), "virtual": _("By video"), "either": _("Either")},
}

TITLES = {
    Suggestion.WEEKLY: _("Weekly therapy may be enough for now"),
    Suggestion.IOP: _("An intensive outpatient program may fit"),
    Suggestion.HIGHER: _("Something stronger should come first"),
    Suggestion.EMERGENCY: _("Help now, before anything else"),
}

LEADS = {
    Suggestion.WEEKLY: _("One good hour a week with someone who listens can carry a lot when life mostly holds."),
    Suggestion.IOP: _("Several sessions a week, while you keep living at home, fit what you told us."),
    Suggestion.HIGHER: _(
        "What you told us needs more, or faster, help than a few sessions a week. A program like this can come after."
    ),
    Suggestion.EMERGENCY: _("You did right to say it. Please do one of these now; everything else can wait."),
}

REASONS: dict[str, Promise] = {
    "danger_now": _("Somebody is not safe at this moment."),
    "alcohol": _(
        "Stopping alcohol or such pills suddenly can be dangerous for the body. A doctor should watch over it."
    ),
    "pregnant": _("In a pregnancy two people are cared for, and sudden stopping can harm both."),
    "medical": _("The body needs to be looked at first."),
    "senses": _("Such days can be a medical emergency, and they can be treated."),
    "home_unsafe": _("Treatment at home needs a place where you can sleep safely."),
    "daily_stopped": _("When getting through a day is too much, care around the clock can hold you until it is not."),
    "thoughts": _("Thoughts of dying are a sign that once a week is too little, and that someone should know."),
    "opioids": _("There are medicines that end being sick and protect your life. A program goes well with them."),
    "daily_hard": _("Most days are hard, and you still manage parts of them: that is what this care is made for."),
    "stepping_down": _(
        "After a hospital or residential stay, several sessions a week keep the ground from giving way."
    ),
    "coming_home": _("Coming home after incarceration is a lot at once. Regular support helps it hold."),
    "weekly_not_enough": _("Weekly therapy was there, and parts of life are slipping all the same."),
    "substances_slipping": _("Alcohol or drugs are in the picture and parts of life are slipping."),
    "thin_support": _("There is little to lean on at home, and a group can be that."),
    "several_at_once": _("Several things weigh at once, and they are best treated together."),
    "life_holds": _("From what you told us, daily life mostly holds."),
}

NEXT_STEPS: dict[str, Promise] = {
    "call_911": _("Call 911 if someone is hurt, took too much, or may act now. Stay with them."),
    "call_988": _("Call or text 988 at any hour. It is free, and someone trained listens."),
    "come_back": _("When it is safe again, come back or call us. We would like to hear from you."),
    "medical_withdrawal": _(
        "Do not stop suddenly. Call a doctor or a detox unit today. With fever, confusion or a seizure, call 911."
    ),
    "pregnancy_care": _("Call your maternity clinic or doctor today and tell them. You will be helped, not judged."),
    "doctor_today": _("See a doctor or go to an emergency room today. With chest pain or a seizure, call 911."),
    "psychiatric_today": _("Call 988, or go to an emergency room with someone you trust, today."),
    "safe_place": _(
        "If somebody at home hurts or threatens you: 1-800-799-7233, any hour. For a place to sleep: call 211."
    ),
    "find_higher": _("Ask 988, or SAMHSA's helpline 1-800-662-4357, about residential or day treatment near you."),
    "opioid_medicine": _(
        "Ask a doctor about buprenorphine or methadone, and keep naloxone at hand. SAMHSA's helpline knows who"
        " offers it: 1-800-662-4357."
    ),
    "talk_bridge": _("Tell us, too. A person here helps you find that place, and keeps in touch until you are there."),
    "talk_iop": _("Talk to us. A named person answers, and together you find out whether it really fits."),
    "find_weekly": _("Look for a weekly therapist: your insurance has a list, and so has findtreatment.gov."),
    "talk_anyway": _("You may still talk to us. If weekly is not enough, or you simply want to ask, you are welcome."),
    "other_state": _("We may not be licensed where you live. Talk to us all the same: we help you find who is."),
    "teen_guardian": _(
        "For a young person, a parent or guardian usually takes part in the beginning. If that is a problem, tell us."
    ),
    "ask_them": _(
        "If you can, ask the person how they see it. You can write to us either way; we never confirm who is in care."
    ),
}


def told(answers: Answers) -> list[tuple[Promise, list[Promise]]]:
    """What was answered, as (question, choices) in words; skipped questions are left out."""
    values = as_values(answers)
    found = []
    for question, words in QUESTIONS.items():
        given = values.get(question)
        if given:
            chosen = [given] if isinstance(given, str) else given
            found.append((words, [CHOICES[question][one] for one in chosen]))
    return found
