"""What takes place: sessions, who was there, and the notes."""

from hearth.sessions.models.attending import Attendance, Presence
from hearth.sessions.models.authorising import Authorisation, HoursPicture
from hearth.sessions.models.contacts import ContactNote, ContactNoteVersion
from hearth.sessions.models.cosigning import CoSignature, CoSignatureAsked, CoSignatureRead, SentBack
from hearth.sessions.models.families import FamilyPresence
from hearth.sessions.models.handing_out import Handout, HandoutReceipt
from hearth.sessions.models.making_up import MakeUp
from hearth.sessions.models.marking import Mark
from hearth.sessions.models.meeting import CAPACITY, WITH_FAMILY, Session, SessionKind, SessionQuerySet
from hearth.sessions.models.noting import Addendum, GroupNote, GroupNoteVersion, ProgressNote
from hearth.sessions.models.outside import StandingLink, VideoChoice
from hearth.sessions.models.private_notes import PrivateNote, PrivateNoteRelease
from hearth.sessions.models.quiet import QuietStep, QuietWord
from hearth.sessions.models.reaching_out import Outreach, OutreachAttempt
from hearth.sessions.models.refusing import RefusalCount
from hearth.sessions.models.showing import RoundAnswer, Shown, Stroke
from hearth.sessions.models.video import SideRoom, SpentTicket, VideoPlace, VideoRoom, VideoServer
from hearth.sessions.models.whereabouts import NumbersWanted, Whereabouts

__all__ = [
    "CAPACITY",
    "WITH_FAMILY",
    "Addendum",
    "Attendance",
    "Authorisation",
    "CoSignature",
    "CoSignatureAsked",
    "CoSignatureRead",
    "ContactNote",
    "ContactNoteVersion",
    "FamilyPresence",
    "GroupNote",
    "GroupNoteVersion",
    "Handout",
    "HandoutReceipt",
    "HoursPicture",
    "MakeUp",
    "Mark",
    "NumbersWanted",
    "Outreach",
    "OutreachAttempt",
    "Presence",
    "PrivateNote",
    "PrivateNoteRelease",
    "ProgressNote",
    "QuietStep",
    "QuietWord",
    "RefusalCount",
    "RoundAnswer",
    "SentBack",
    "Session",
    "SessionKind",
    "SessionQuerySet",
    "Shown",
    "SideRoom",
    "SpentTicket",
    "StandingLink",
    "Stroke",
    "VideoChoice",
    "VideoPlace",
    "VideoRoom",
    "VideoServer",
    "Whereabouts",
]
