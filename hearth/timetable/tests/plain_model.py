"""The least unmet dose of a small board by a plain CP-SAT model, to hold the engine's claims against.

Shares no code with the engine. Nothing is aggregated: every possible session, with its leader and room, is a choice
of its own, and so is every seat in it. It reads a board in its neutral form (`hearth.board/1`).
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ortools.sat.python import cp_model

Json = dict[str, Any]
Moment = tuple[int, int]  # day, minute


def optimum(board: Json, *, seconds: float = 120.0, workers: int = 2) -> int | None:
    """The least minutes that a week of this board leaves unmet; None if that was not proved in time."""
    model = cp_model.CpModel()
    away = set(board.get("absent") or ())
    staff = [one for one in board["staff"] if one["id"] not in away]
    busy: dict[tuple[str, Moment], list[Any]] = defaultdict(list)  # who or which room, when
    seats: dict[str, list[tuple[Any, str, int, str]]] = defaultdict(list)  # patient: literal, kind, day, modality

    def take(who: str, moments: Iterable[Moment], literal: Any) -> None:
        for moment in moments:
            busy[who, moment].append(literal)

    for one in staff:
        for section in _sections(board, one):
            opened = model.new_bool_var("")
            seated = []
            for person in section["people"]:
                literal = model.new_bool_var("")
                seated.append(literal)
                take(person["id"], section["moments"], literal)
                seats[person["id"]].append((literal, section["kind"], section["day"], section["modality"]))
            model.add(sum(seated) >= board["minimum"] * opened)
            model.add(sum(seated) <= section["seats"] * opened)
            take(one["id"], section["moments"], opened)
            if section["room"]:
                take(section["room"], section["moments"], opened)
        for person in board["patients"]:
            for kind, day, modality, moments in _meetings(person, one, away):
                literal = model.new_bool_var("")
                take(person["id"], moments, literal)
                take(one["id"], moments, literal)
                seats[person["id"]].append((literal, kind, day, modality))
    for literals in busy.values():
        model.add_at_most_one(literals)
    for one in staff:
        _limit_work(model, one, busy)
    unmet = [_limit_person(model, person, seats[person["id"]]) for person in board["patients"]]
    model.minimize(sum(unmet))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, workers
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None


def _moments(spans: list[Json]) -> set[Moment]:
    clock = {span["from"]: _minutes(span["from"]) for span in spans} | {
        span["to"]: _minutes(span["to"]) for span in spans
    }
    return {(s["day"], minute) for s in spans for minute in range(clock[s["from"]], clock[s["to"]], 30)}


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _block(day: int, start: int, minutes: int) -> list[Moment]:
    return [(day, minute) for minute in range(start, start + minutes, 30)]


def _sections(board: Json, one: Json) -> Iterable[Json]:
    """Every group this person could lead in every room, with those who could sit in it."""
    hours = _moments(one["hours"])
    places = [("virtual", None, board["capacity"])]
    places += [("in_person", room["id"], min(board["capacity"], room["seats"] - 1)) for room in board["rooms"]]
    for kind in ("group", "skills"):
        lengths = {p["dose"][kind]["minutes"] for p in board["patients"] if p["dose"][kind]["count"]}
        for topic in one["topics"] if kind == "group" else [None]:
            for population in one["populations"]:
                for language in one["languages"]:
                    for minutes in lengths:
                        for day, start in sorted(hours):
                            moments = _block(day, start, minutes)
                            if not hours.issuperset(moments):
                                continue
                            for modality, room, seats in places:
                                people = [
                                    p
                                    for p in board["patients"]
                                    if p["population"] == population
                                    and language in p["languages"]
                                    and p["dose"][kind]["count"]
                                    and p["dose"][kind]["minutes"] == minutes
                                    and (kind == "skills" or topic in p["topics"])
                                    and p["modality"] in (modality, "either")
                                    and (modality == "in_person" or p["state"] in one["states"])
                                    and _moments(p["available"]).issuperset(moments)
                                ]
                                if board["minimum"] <= min(len(people), seats):
                                    yield {
                                        "kind": kind, "day": day, "moments": moments, "modality": modality,
                                        "room": room, "seats": seats, "people": people,
                                    }  # fmt: skip


def _meetings(person: Json, one: Json, away: set[str]) -> Iterable[tuple[str, int, str, list[Moment]]]:
    """Every individual and family session these two could have."""
    stands_in = person["primary"] in away and set(person["languages"]) & set(one["languages"])
    if person["population"] not in one["populations"] or (one["id"] != person["primary"] and not stands_in):
        return
    for kind in ("individual", "family"):
        dose = person["dose"][kind]
        both = _moments(person["available"]) & _moments(one["hours"])
        if kind == "family":
            both &= _moments(person["family_available"])
        for day, start in sorted(both) if dose["count"] else []:
            moments = _block(day, start, dose["minutes"])
            for modality in ("in_person", "virtual"):
                licensed = modality == "in_person" or person["state"] in one["states"]
                if licensed and person["modality"] in (modality, "either") and both.issuperset(moments):
                    yield kind, day, modality, moments


def _limit_work(model: Any, one: Json, busy: dict[tuple[str, Moment], list[Any]]) -> None:
    at = {(day, minute): sum(busy[one["id"], (day, minute)]) for day in range(7) for minute in range(0, 1440, 30)}
    model.add(30 * sum(at.values()) <= one["max_minutes_week"])
    run = one["max_minutes_run"] // 30
    for day in range(7):
        for first in range(8 * 60, 21 * 60 - 30 * run, 30):  # breaks are asked for in the clinic's day alone
            model.add(sum(at[moment] for moment in _block(day, first, 30 * (run + 1))) <= run)


def _limit_person(model: Any, person: Json, seats: list[tuple[Any, str, int, str]]) -> Any:
    """The person's week; what is unmet of it, in minutes."""
    unmet = 0
    for kind in ("group", "skills", "individual", "family"):
        dose = person["dose"][kind]
        given = sum(literal for literal, each, _, _ in seats if each == kind)
        model.add(given <= dose["count"])
        unmet += dose["minutes"] * (dose["count"] - given)
    comes = []
    for day in range(7):
        present, online = model.new_bool_var(""), model.new_bool_var("")
        comes.append(present)
        for literal, _, each, modality in seats:
            if each == day:
                model.add_implication(literal, present)
                model.add_implication(literal, online if modality == "virtual" else online.negated())
        blocks = sum(literal for literal, kind, each, _ in seats if each == day and kind == "group")
        model.add(blocks <= person["dose"]["group"]["per_day"])
    model.add(sum(comes) <= 5)
    return unmet


# ---- random small boards


def small_board(seed: int) -> Json:
    """A random board of at most 14 people in which groups, licences, rooms, days or a leave may be what is short.

    On one in eight the one-to-ones last 45 minutes, on one in eight people meet outside opening hours, too.
    """
    rng = random.Random(f"small/{seed}")
    length = 45 if seed % 8 == 3 else 60
    day = (6, 23) if seed % 8 == 5 else (8, 21)
    count = rng.choice([rng.randint(4, 8), rng.randint(9, 14), 14])
    topics, states = ["grief", "ocd"], ["CO", "UT", "NM"]
    staff = [
        {
            "id": f"S{i + 1}",
            "populations": rng.choice([["adult"], ["adult", "adolescent"]]) if i else ["adult", "adolescent"],
            "topics": rng.choice([topics, topics[:1], topics[1:]]),
            "languages": ["en", "es"] if i == 0 or rng.random() < 0.3 else ["en"],
            "states": ["CO", *rng.sample(states[1:], rng.choice([0, 0, 1, 2]))],
            "hours": _some_hours(rng, day, days=rng.randint(3, 5), starts=[8, 12, 15], least=4, most=9),
            "max_minutes_week": 30 * rng.choice([14, 20, 40, 60]),
            "max_minutes_run": rng.choice([180, 240, 300]),
        }
        for i in range(rng.randint(2, 4))
    ]
    capacity = rng.choice([4, 6, 12])
    board: Json = {
        "format": "hearth.board/1",
        "slot_minutes": 30,
        "capacity": capacity,
        "minimum": min(capacity, rng.choice([2, 3, 4, 4])),
        "rooms": [{"id": f"R{i + 1}", "seats": rng.choice([4, 6, 14])} for i in range(rng.randint(0, 2))],
        "staff": staff,
        "patients": [_small_patient(f"P{i + 1}", staff, rng, day, length) for i in range(count)],
    }
    if rng.random() < 0.25:
        board["absent"] = [rng.choice(staff)["id"]]
    return board


def _some_hours(
    rng: random.Random, opening: tuple[int, int], *, days: int, starts: list[int], least: int, most: int
) -> list[Json]:
    found = []
    for day in sorted(rng.sample(range(6), days)):
        start = rng.choice([opening[0], *starts])
        end = min(opening[1], start + rng.randint(least, most))
        found.append({"day": day, "from": f"{start:02}:00", "to": f"{end:02}:00"})
    return found


def _small_patient(name: str, staff: list[Json], rng: random.Random, opening: tuple[int, int], one_to_one: int) -> Json:
    population = "adult" if rng.random() < 0.8 else "adolescent"
    count, length = rng.randint(1, 4), rng.choice([180, 180, 90]) if population == "adult" else 90
    return {
        "id": name,
        "population": population,
        "topics": rng.choice([["grief"], ["ocd"], ["grief", "ocd"], ["ocd", "grief"]]),
        "languages": rng.choice([["en"], ["en"], ["en"], ["es", "en"]]),
        "modality": rng.choice(["in_person", "virtual", "virtual", "either"]),
        "state": rng.choice(["CO", "CO", "UT", "NM"]),
        "available": _some_hours(rng, opening, days=rng.choice([3, 4, 5, 6]), starts=[9, 12, 16], least=5, most=11),
        "family_available": _some_hours(rng, opening, days=3, starts=[8, 12, 16], least=3, most=6),
        "primary": rng.choice([one["id"] for one in staff if population in one["populations"]]),
        "dose": {
            "group": {
                "count": count,
                "minutes": length,
                "per_day": rng.choice([1, 1, 2]),
            },
            "skills": {"count": rng.choice([0, 1]), "minutes": 90 if population == "adult" else 60},
            "individual": {"count": rng.choice([0, 1, 1, 2]), "minutes": one_to_one},
            "family": {"count": rng.choice([0, 0, 1]), "minutes": 60},
            "days": count,
        },
    }
