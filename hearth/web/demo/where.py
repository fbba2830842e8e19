"""Whom to call where the demo's people live. Every number is made up (555 01…)."""

from datetime import timedelta

from hearth.safety import services
from hearth.web.demo.house import House, Scene

AREAS = (
    ("CO", "", "", "Statewide crisis team", "303 555 0150", ""),
    ("CO", "Denver", "80202 80203 80205", "Denver mobile crisis", "303 555 0152", "303 555 0153"),
    ("CO", "Arapahoe", "80012 80014", "", "", "303 555 0155"),
    ("CO", "Mesa", "81501 81505", "Grand Valley mobile crisis", "970 555 0156", "970 555 0157"),
    ("UT", "Grand", "84532", "Canyon country crisis team", "435 555 0158", "435 555 0159"),
)


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
