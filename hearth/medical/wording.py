"""Substances, steps and signs in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from hearth.medical.rules import Result, Stage, Step, Why

SUBSTANCES = {
    "alcohol": _("Alcohol"),
    "amphetamines": _("Amphetamines"),
    "benzodiazepines": _("Benzodiazepines"),
    "buprenorphine": _("Buprenorphine"),
    "cannabis": _("Cannabis"),
    "cocaine": _("Cocaine"),
    "fentanyl": _("Fentanyl"),
    "methadone": _("Methadone"),
    "opiates": _("Opiates"),
    "oxycodone": _("Oxycodone"),
}
RESULTS = {
    Result.NEGATIVE: _("not found"),
    Result.POSITIVE: _("found"),
    Result.UNCLEAR: _("unclear"),
}
STEPS = {
    Step.ORDERED: _("Ordered"),
    Step.DECLINED: _("The student said no"),
    Step.COLLECTED: _("Collected"),
    Step.RESULTED: _("Result"),
    Step.CONFIRMED: _("Confirmed by a laboratory"),
    Step.TALKED: _("Talked about with the student"),
    Step.CANCELLED: _("Called off"),
}
STAGES = {
    Stage.COLLECTION: _("to be collected"),
    Stage.RESULT: _("waits for its result"),
    Stage.CONFIRMATION: _("unexpected: to be confirmed"),
    Stage.TALK: _("to be talked about"),
    Stage.DONE: _("done"),
}
WHY = {
    Why.START: _("The list was never compared with its sources."),
    Why.CHANGED: _("The list has changed since it was compared."),
    Why.LONG_AGO: _("The list was last compared more than 90 days ago."),
}
STOPPED = {
    "alcohol": _("Alcohol"),
    "benzodiazepines": _("Benzodiazepines, such as Xanax or Valium"),
    "opioids": _("Opioids: heroin, fentanyl, pain pills, methadone, buprenorphine"),
    "other": _("Something else"),
}
SIGNS = {
    "seizure": _("A seizure, or passing out"),
    "seeing": _("Seeing, hearing or feeling things that others do not"),
    "confused": _("Very confused; not sure where you are or what day it is"),
    "heart": _("Chest pain, a racing heart, or hard to breathe"),
    "overdose": _("Took more than usual today and feel very sleepy"),
    "shaking": _("Shaking hands, sweating through your clothes"),
    "vomiting": _("Throwing up or diarrhea; nothing stays down"),
    "fever": _("A fever"),
    "seizure_before": _("No seizure now, but had one before when stopping"),
    "pregnant": _("You are or may be pregnant"),
    "restless": _("No sleep, restless, aching, goosebumps, cravings"),
}
CONCERN = gettext_noop("Signs of withdrawal were told in a check.")
WHERE = gettext_noop("It stands beside a medication they wrote down.")
