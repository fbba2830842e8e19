"""Enough people on the way in that every column of the intake board shows some, and where those admitted came from."""

from datetime import datetime, timedelta

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.inquiry import ways_out
from hearth.inquiry.interviews import book_interview, free_times
from hearth.inquiry.models import Inquiry, InquiryContact, WayOut
from hearth.inquiry.services import log_contact, receive_inquiry, take_inquiry
from hearth.people.models import Patient
from hearth.program.models import Program
from hearth.program.services import say_block_grant
from hearth.timetable.board import Span
from hearth.timetable.models import InterimSupport, WaitlistEntry
from hearth.timetable.newcomer_needs import Needs
from hearth.timetable.services import join_waitlist, offer_support, say_what_counts
from hearth.web.demo.house import House, Scene

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKENDS = (Span(5, 9 * 60, 17 * 60), Span(6, 9 * 60, 17 * 60))
COME = (
    ("Rowan", "me", "", 4, "new"),
    ("Tobias", "me", "I finished residential on Monday.", 2, "answered"),
    ("Yolanda", "other", "Mi hermana necesita ayuda, y las tardes le quedan mejor.", 6, "answered"),
    ("Greta", "me", "Mornings are hard. I would come by video.", 3, "booked"),
    ("Ansel", "work", "A student of ours has stopped coming to class.", 1, "booked"),
    ("Imani", "me", "", 5, "waits"),
    ("Wes", "me", "", 9, "waits"),
    ("Lorna", "other", "He shakes in the mornings.", 8, "elsewhere"),
    ("Felix", "me", "", 12, "followed"),
    ("Nadine", "me", "", 7, "closed"),
)
"""Who asked, for whom, in which words, how many days ago, and where they stand by now."""
QUARTER = 90


def come_in(scene: Scene, house: House) -> None:
    """As the services do it, day by day; and where those came from who were admitted in the last quarter."""
    ines, ruth = house.staff["Inés Alvarado"], house.staff["Ruth Okafor"]
    program = house.programs["adult-day"]
    say_block_grant(program=program, has_it=True, by=ines, at=scene.at - 30 * DAY)
    for number, (name, asked_for, words, days, step) in enumerate(COME):
        asked = {
            "first_name": name, "asked_for": asked_for, "reach": "call", "words": words, "phone": f"303 555 013{number}"
        }  # fmt: skip
        at = scene.at - days * DAY
        inquiry = receive_inquiry(asked=asked, address=f"198.51.100.{number + 1}", at=at)
        if step != "new":
            _answer(inquiry, by=ruth if asked_for == "work" else ines, at=at + HOUR)
        _go_on(scene, inquiry, step, by=ines)
        if step == "waits":
            _wait(scene, inquiry, program, by=ines, at=at + 2 * HOUR)
    _tell_where_from(scene, ines)


def _answer(inquiry: Inquiry, *, by: User, at: datetime) -> None:
    take_inquiry(inquiry=inquiry, by=by, at=at)
    way, result = InquiryContact.Way.CALL, InquiryContact.Result.REACHED
    log_contact(inquiry=inquiry, way=way, result=result, note="We talked about what a week is like.", by=by, at=at)


def _go_on(scene: Scene, inquiry: Inquiry, step: str, *, by: User) -> None:
    at = scene.at - 5 * HOUR
    if step == "booked":
        book_interview(inquiry_pk=inquiry.pk, starts_at=next(iter(free_times(at=at))), at=at, by=by)
    elif step in ("elsewhere", "followed"):
        reason = WayOut.Reason.OTHER_LEVEL
        to = "Jo Adler, Cedar Street Detox" if step == "elsewhere" else "Dr. Paloma Rey, weekly therapy"
        made = ways_out.hand_over(
            who=inquiry, to_whom=to, reason=reason, note="We called together.", by=by, at=at - 2 * DAY
        )
        if step == "followed":
            ways_out.follow_through(way_out=made, followed=WayOut.Followed.ARRIVED, by=by, at=at)
    elif step == "closed":
        ways_out.close(who=inquiry, reason=WayOut.Reason.NOT_NOW, note="Will write in spring.", by=by, at=at - DAY)


def _wait(scene: Scene, inquiry: Inquiry, program: Program, *, by: User, at: datetime) -> None:
    """Imani goes first, by the order that the grant asks for; both were offered something for the time of waiting."""
    is_imani = inquiry.first_name == "Imani"
    needs = Needs("adult-day", "substance-use", ("en",), "either", "CO", WEEKENDS)
    entry = join_waitlist(program=program, needs=needs, inquiry=inquiry.pk, by=by, at=at)
    if is_imani:
        say_what_counts(
            entry=entry, is_pregnant=True, injects=False, risk=WaitlistEntry.Risk.RAISED, by=by, at=at + HOUR
        )
    kind = InterimSupport.Kind.HEALTH if is_imani else InterimSupport.Kind.CHECK_INS
    offer_support(entry=entry, kind=kind, is_wanted=True, note="Tuesdays by phone.", by=by, at=at + HOUR)


def _tell_where_from(scene: Scene, by: User) -> None:
    """First contacts of most who were admitted in the last quarter, in bulk, as the services would have left them."""
    since = scene.at - QUARTER * DAY
    admitted = Episode.objects.filter(admitted_at__gte=since + 10 * DAY).order_by("admitted_at", "pk")
    people: list[tuple[Patient, Episode]] = [(one.patient, one) for one in admitted.select_related("patient")]
    rows = []
    for number, (patient, stay) in enumerate(people):
        if number % 4 == 3:  # whose chart was opened without one
            continue
        at = stay.admitted_at - (3 + number % 5) * DAY
        rows.append(
            Inquiry(
                first_name=patient.chosen_name,
                asked_for=("me", "me", "other")[number % 4],
                reach=Inquiry.Reach.CALL,
                phone="303 555 0117",
                received_at=at,
                promised_by=at + 4 * HOUR,
                status=Inquiry.Status.CLOSED,
                taken_by=by,
                taken_at=at + HOUR,
                answered_by=by,
                answered_at=at + HOUR,
                closed_at=stay.admitted_at,
                patient=patient,
            )
        )
    Inquiry.objects.bulk_create(rows)
