"""Write the one-to-ones of a board into its program."""

from collections.abc import Iterator

from hearth.timetable.board import MODALITIES, SLOT, Individual, Patient, Staff
from hearth.timetable.solver.program import What
from hearth.timetable.solver.sheet import Sheet
from hearth.timetable.solver.sorts import first_slot, slots_of, starts
from hearth.timetable.tables import SLOTS_A_DAY


def add_ones(sheet: Sheet) -> None:
    """A column for each one-to-one that could be: those that stay, those wanted, and those that stand."""
    for one in sheet.scope.pinned.individual:
        _add_one(sheet, one, lower=1)
    for who, patient in enumerate(sheet.people):
        for kind in ("individual", "family"):
            for one in _possible(sheet, who, patient, kind):
                if one not in sheet.one:
                    _add_one(sheet, one)
    for one in sheet.scope.stands.individual:
        if one not in sheet.one:
            _add_one(sheet, one)


def _possible(sheet: Sheet, who: int, patient: Patient, kind: str) -> Iterator[Individual]:
    part, wants = patient.dose.part(kind), sheet.scope.wants
    if not part.count or not part.minutes or who not in sheet.scope.free:
        return
    if wants is not None and (who, kind) not in wants:
        return
    slots = slots_of(part.minutes)
    for staff in sheet.tables.counselors(patient):
        if staff.id in sheet.tables.apart.get(patient.id, ()):
            continue
        free = sheet.scope.free[who] & sheet.scope.shift.get(sheet.place[staff.id], 0)
        if kind == "family":
            free &= sheet.tables.family[patient.id]
        if part.minutes > min(staff.max_minutes_run, staff.max_minutes_week):
            continue
        for first in starts(free, slots):
            day, start = first // SLOTS_A_DAY, first % SLOTS_A_DAY * SLOT
            for way in _ways(sheet, patient, staff):
                if way == "in_person" and sheet.tables.closed.get(staff.site, 0) >> first & 1:
                    continue
                yield Individual(kind, patient.id, staff.id, way, day, start, part.minutes)


def _ways(sheet: Sheet, patient: Patient, staff: Staff) -> list[str]:
    """`either` is decided when the week is read, but for where a week stands whose seats have a modality."""
    if patient.state not in staff.states:
        return ["in_person"] if patient.modality != "virtual" else []
    if patient.modality != "either":
        return [patient.modality]
    is_told_apart = sheet.tables.board.current or sheet.tables.ways or sheet.tables.closed
    return list(MODALITIES) if is_told_apart else ["either"]


def _add_one(sheet: Sheet, one: Individual, lower: int = 0) -> None:
    who, staff = sheet.person[one.patient], sheet.place[one.staff]
    first, slots = first_slot(one.day, one.start), slots_of(one.minutes)
    column = sheet.new(What.ONE, lower=lower, person=who, staff=staff, first=first, dose=one.minutes)
    sheet.one[one] = column
    for slot in range(first, first + slots):
        sheet.led[staff, slot].append(column)
    sheet.attend(who, column, first, slots, one.kind, one.modality)
    if one.modality == "in_person":
        for each in (one.patient, one.staff):
            sheet.meet_at(each, first, slots, None, [column], sheet.staff[staff].site)
