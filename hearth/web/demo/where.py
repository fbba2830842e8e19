"""Where the demo's people are for a session by video, and whom to call there. Every number is made up (555 01…)."""

from datetime import timedelta

from hearth.people.models import Modality
from hearth.safety import services
from hearth.sessions.models import Attendance
from hearth.sessions.rules.whereabouts import Address
from hearth.sessions.services import confirm_place
from hearth.web.demo.house import House, Scene

AREAS = (
    ("CO", "", "", "Statewide crisis team", "303 555 0150", ""),
    ("CO", "Denver", "80202 80203 80205", "Denver mobile crisis", "303 555 0152", "303 555 0153"),
    ("CO", "Arapahoe", "80012 80014", "", "", "303 555 0155"),
    ("CO", "Mesa", "81501 81505", "Grand Valley mobile crisis", "970 555 0156", "970 555 0157"),
    ("UT", "Grand", "84532", "Canyon country crisis team", "435 555 0158", "435 555 0159"),
)


def say_where_they_are(scene: Scene) -> None:
    """Whoever takes part by video now or in the next hours has said that they are at home."""
    soon = {"session__starts_at__lt": scene.at + timedelta(hours=3), "session__ends_at__gt": scene.at}
    rows = Attendance.objects.filter(modality=Modality.VIRTUAL, session__cancelled_at=None, **soon)
    for row in rows.filter(session__ended_at=None, patient__user__isnull=False).select_related("patient__user"):
        one = row.patient
        home = Address(one.street or "14 Elm Street", one.city or "Denver", one.state, one.postal_code)
        assert one.user
        confirm_place(attendance=row, address=home, by=one.user, at=scene.at - timedelta(minutes=8))


def keep_areas(scene: Scene, house: House) -> None:
    """The counties that somebody called in the last weeks; New Mexico is still to be looked up."""
    ruth = house.staff["Ruth Okafor"]
    for number, (state, county, codes, crisis_name, crisis_phone, dispatch_phone) in enumerate(AREAS):
        services.keep_area(
            area=None,
            by=ruth,
            at=scene.at,
            state=state,
            county=county,
            postal_codes=codes.split(),
            crisis_name=crisis_name,
            crisis_phone=crisis_phone,
            dispatch_phone=dispatch_phone,
            source="Called the dispatch center",
            checked_on=scene.today - timedelta(days=9 + 5 * number),
        )
