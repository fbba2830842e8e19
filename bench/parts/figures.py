"""The goals, as ratios over all parts that were measured. A goal whose parts are missing is not met."""

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median

from parts.report import Json, figure

PROFILES = ("balanced", "evening", "scarce", "virtual")
_figure = partial(figure, places=4)
GAPS = {100: 0.03, 200: 0.02, 400: 0.03}  # the most of the dose that may lie between the week and its bound


def figures_of(parts: dict[str, list[Json]]) -> dict[str, Json]:
    """All figures, by name. `value` is None for what was not run."""
    boards = parts["board"]
    hundred = _of(boards, 100)
    least_closed = min((_closed(one) for one in hundred), default=None)
    first = [one for one in hundred if one["told"]]
    found = {
        "weeks_with_a_broken_rule": _figure(_broken(parts), "weeks", 0),
        "bounds_above_a_week": _figure(_bounds_above(parts), "boards", 0),
        "closed_of_the_way_to_the_bound_median_100": _figure(
            _worst(hundred, _closed, min), "ratio", 0.75, better="more"
        ),
        "closed_of_the_way_to_the_bound_worst_100": _figure(least_closed, "ratio", 0.60, better="more"),
        "closed_of_the_way_to_the_linear_bound_median_100": _figure(
            _worst(hundred, _closed_linear, min), "ratio", None, better="more"
        ),
    }
    for people, goal in GAPS.items():
        found[f"gap_of_coverage_{people}"] = _figure(_worst(_of(boards, people), _gap, max), "ratio", goal)
    found |= {
        "unmet_against_hinted_cp_sat_100": _figure(_against(parts, "cp_sat"), "ratio", 1.0),
        "unmet_against_highs_100": _figure(_against(parts, "highs"), "ratio", 1.0),
        "unmet_against_greedy": _figure(_against_greedy(boards), "ratio", 1.0),
        "idle_gaps_against_greedy_100": _figure(_worst(hundred, _idle, max), "ratio", 0.5),
        "memory_400": _figure(max((one["memory"] for one in _of(boards, 400)), default=None), "MB", 800),
        "time_to_equal_gap_100_to_400": _figure(_growth(boards), "times", 6),
        "first_answer_no_worse_than_greedy_100": _figure(max(map(_first, first), default=None), "s", 3),
    }
    for people in (100, 400):
        found |= _repairs(_of(parts["repair"], people), people)
    seconds = [each for one in parts["places"] for each in one["seconds"]]
    slowest = None if not seconds or None in seconds else max(seconds)
    found["places_for_a_newcomer_400"] = _figure(slowest, "s", 1)
    return found


def _of(parts: list[Json], people: int) -> list[Json]:
    return [one for one in parts if one["people"] == people]


def _worst(
    boards: list[Json], ask: Callable[[Json], float], choose: Callable[[Iterable[float]], float]
) -> float | None:
    """The worst profile's median over its boards; None unless every profile was measured."""
    by_profile = {name: [ask(one) for one in boards if one["profile"] == name] for name in PROFILES}
    if not all(by_profile.values()):
        return None
    return choose([median(values) for values in by_profile.values()])


def _closed(one: Json) -> float:
    """The share of the way from greedy's unmet dose to the engine's proven bound (or the linear, if that is higher)."""
    return _share(one, max(one["engine"]["unmet_bound"], one["linear_bound"]))


def _closed_linear(one: Json) -> float:
    return _share(one, one["linear_bound"])


def _share(one: Json, bound: int) -> float:
    greedy, engine = one["greedy"]["unmet_minutes"], one["engine"]["unmet_minutes"]
    return 1.0 if greedy <= bound else float((greedy - engine) / (greedy - bound))


def _gap(one: Json) -> float:
    engine = one["engine"]
    bound = max(engine["unmet_bound"], one["linear_bound"])
    return float((engine["unmet_minutes"] - bound) / max(1, engine["dose_minutes"]))


def _idle(one: Json) -> float:
    """Idle gaps, of greedy's; a week that has less dose than greedy's cannot count."""
    greedy, engine = one["greedy"], one["engine"]
    if engine["unmet_minutes"] > greedy["unmet_minutes"]:
        return 1.0
    return float(engine["gaps"] / max(1, greedy["gaps"]))


def _against(parts: dict[str, list[Json]], method: str) -> float | None:
    """The engine's unmet dose by that of the rival, on the board where it comes off worst."""
    ours = {one["profile"]: one["engine"]["unmet_minutes"] for one in _of(parts["board"], 100) if one["seed"] == 1}
    pairs = [(ours[one["profile"]], one[method]["unmet_minutes"]) for one in parts["rivals"]]
    return max((_ratio(*pair) for pair in pairs), default=None)


def _against_greedy(boards: list[Json]) -> float | None:
    return max((_ratio(one["engine"]["unmet_minutes"], one["greedy"]["unmet_minutes"]) for one in boards), default=None)


def _ratio(ours: float, theirs: float) -> float:
    return 1.0 if ours == theirs else ours / max(1, theirs)


def _first(one: Json) -> float:
    """Seconds from the process's start to the first answer that is no worse than greedy's."""
    goal = one["greedy"]["unmet_minutes"]
    return float(next((seconds for seconds, unmet in one["told"] if unmet <= goal), one["wall"]))


def _growth(boards: list[Json]) -> float | None:
    """How many times as long 400 take as 100 to come as near to the bound: the median over like boards.

    As near as both come in the end; a second is the least that is told apart.
    """
    small = {(one["profile"], one["seed"]): one for one in _of(boards, 100)}
    ratios = []
    for large in _of(boards, 400):
        like = small.get((large["profile"], large["seed"]))
        if like is not None:
            gap = max(_gap(like), _gap(large))
            ratios.append(_reached(large, gap) / _reached(like, gap))
    return median(ratios) if ratios else None


def _reached(one: Json, gap: float) -> float:
    bound = max(one["engine"]["unmet_bound"], one["linear_bound"])
    most = bound + gap * one["engine"]["dose_minutes"] + 1e-6
    return float(max(1.0, next((seconds for seconds, unmet in one["told"] if unmet <= most), one["wall"])))


def _broken(parts: dict[str, list[Json]]) -> int | None:
    weeks = [one["engine"] for one in parts["board"]]
    weeks += [case for one in parts["repair"] for case in (*one["admission"], *one["away"])]
    return sum(week["broken"] > 0 for week in weeks) if weeks else None


def _bounds_above(parts: dict[str, list[Json]]) -> int | None:
    """Boards on which anyone's week leaves less than anyone's bound."""
    weeks: dict[tuple[str, int, int], list[Json]] = {}
    linear: dict[tuple[str, int, int], int] = {}
    for one in parts["board"]:
        key = one["profile"], one["people"], one["seed"]
        weeks[key], linear[key] = [one["greedy"], one["engine"]], one["linear_bound"]
    for one in parts["rivals"]:
        weeks[one["profile"], one["people"], 1] += [one["cp_sat"], one["highs"]]
    above = sum(
        max(linear[key], *(week["unmet_bound"] for week in found)) > min(week["unmet_minutes"] for week in found)
        for key, found in weeks.items()
    )
    return above if weeks else None


def _repairs(parts: list[Json], people: int) -> dict[str, Json]:
    """Admissions and leaves, the worst of each; leaves' dose in the median."""
    admissions = [case for one in parts for case in one["admission"]]
    away = [case for one in parts for case in one["away"]]
    still = [case["still"] for case in away]
    newly = [case["newly"] for case in away]
    worst_unmet = max((_ratio(case["unmet"], case["could"]) for case in admissions), default=None)
    return {
        f"admission_share_of_full_time_{people}": _figure(_most(admissions, "share"), "ratio", 0.03),
        f"admission_others_moved_{people}": _figure(_most(admissions, "moved"), "seats", 0),
        f"admission_unmet_of_what_could_be_{people}": _figure(worst_unmet, "ratio", 1.0),
        f"away_share_of_full_time_{people}": _figure(_most(away, "share"), "ratio", 0.10),
        f"away_unmet_with_nobody_moved_{people}": _figure(
            None if not still or None in still else max(still), "ratio", 1.0
        ),
        f"away_newly_unmet_with_few_moved_{people}": _figure(
            None if not newly or None in newly else max(newly), "ratio", 0.7
        ),
    }


def _most(cases: list[Json], key: str) -> float | None:
    return max((case[key] for case in cases), default=None)
