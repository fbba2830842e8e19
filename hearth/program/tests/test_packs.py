import json
import re
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from hearth.program import pack, rules
from hearth.program.reading import reading_age

PACKS = pack.all_packs()


def by_id(one):
    return one.id


@pytest.fixture
def packs(tmp_path):
    """A copy of all packs, to be damaged."""
    return shutil.copytree(pack.FOLDER, tmp_path / "packs")


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(*args):
    out = StringIO()
    call_command("program", *args, stdout=out)
    return out.getvalue()


def test_the_three_programs_ship():
    assert [one.id for one in PACKS] == ["adolescent-after-school", "adult-day", "adult-evening"]
    assert pack.get("adult-evening").population == "adult"
    with pytest.raises(pack.UnknownPack):
        pack.get("adult-night")


@pytest.mark.parametrize("one", PACKS, ids=by_id)
def test_what_ships_is_sound(one):
    assert rules.problems(one) == ()


@pytest.mark.parametrize("one", PACKS, ids=by_id)
def test_every_track_has_sixteen_topics_and_asks_for_mood_and_worry(one):
    assert [track.id for track in one.tracks] == ["mental-health", "substance-use", "co-occurring"]
    for track in one.tracks:
        assert len(track.topics) == 16
        assert {"phq-9", "gad-7"} <= {rule.instrument for rule in one.due_for(track.id)}


@pytest.mark.parametrize("one", PACKS, ids=by_id)
def test_every_module_has_four_lessons_and_more_in_english_and_spanish(one):
    kinds = [module.kind for module in one.modules]
    assert (kinds.count("life-skills"), kinds.count("therapy")) == (5, 4)
    for module in one.modules:
        assert len(module.lessons) >= 4
        for lesson_id in module.lessons:
            for language in ("en", "es"):
                assert one.lesson(lesson_id, language).language == language
    assert one.lesson("ride-the-wave", "fr").language == "en"
    assert one.text("what-to-bring", "es-MX").title == "Qué traer"


@pytest.mark.parametrize("language", ["en", "es"])
def test_adolescents_hear_every_lesson_in_a_voice_of_their_own(language):
    young, adult = pack.get("adolescent-after-school"), pack.get("adult-day")
    for lesson_id in (lesson for module in young.modules for lesson in module.lessons):
        own, other = young.lesson(lesson_id, language), adult.lesson(lesson_id, language)
        assert own.file.is_relative_to(young.folder), lesson_id
        assert own.body != other.body
        assert own.module == other.module
        assert own.sources
        assert language == "en" or not re.search(r"\b(?:usted|su consejero|elija)\b", own.body)


@pytest.mark.parametrize("one", PACKS, ids=by_id)
def test_no_lesson_tells_anybody_to_stop_a_substance_or_a_medicine_alone(one):
    telling = re.compile(
        r"(?:^|[.!?:] )(?:just )?(?:stop|quit) (?:drinking|using|taking|all|your (?:pills|meds|medicine))"
        r"|cold turkey|(?:^|[.!?:] )(?:deje|deja) de (?:tomar|beber|consumir)",
        re.IGNORECASE | re.MULTILINE,
    )
    assert [lesson.file.name for lesson in one.lessons if telling.search(lesson.body)] == []


def test_the_skills_blocks_go_round_the_five_modules():
    evening = pack.get("adult-evening")
    heard = evening.life_skills()
    module = {one.id: one.module for one in evening.lessons}
    assert len({module[lesson] for lesson in heard[:5]}) == 5
    assert len(set(heard)) == len(heard) >= 20


@pytest.mark.parametrize("one", PACKS, ids=by_id)
def test_lessons_about_hard_things_never_ask_for_the_story_and_say_skip_and_stop(one):
    gentle = [lesson for lesson in one.lessons if one.is_gentle(lesson)]
    assert {lesson.module for lesson in gentle} == {"safety-first"}
    words = {"en": ("skip", "stop"), "es": ("saltar", "parar")}
    for language, said in words.items():
        first = one.lesson("you-set-the-pace", language)
        assert all(word in first.body.lower() for word in said)
    asking = re.compile(
        r"what happened to you\?|tell (?:us|your) (?:what happened|story)|cuente (?:qué|lo que) (?:le )?pasó", re.I
    )
    assert [lesson.id for lesson in gentle if asking.search(lesson.body)] == []


def test_product_defaults_say_that_they_are():
    settings = pack.get("adult-day").settings
    assert (settings["group_cap"].value, settings["group_cap_hard"].value) == (12, 15)
    assert (settings["plan_due_days"].value, settings["plan_review_days"].value) == (7, 30)
    assert (settings["note_due_hours"].value, settings["note_overdue_hours"].value) == (24, 72)
    assert {setting.status for setting in settings.values()} == {"product default"}


def test_a_dose_fits_the_timetable_board():
    assert pack.get("adult-evening").dose.as_board() == {
        "group": {"count": 3, "minutes": 150, "per_day": 1},
        "skills": {"count": 1, "minutes": 90},
        "individual": {"count": 1, "minutes": 60},
        "family": {"count": 0, "minutes": 60},
        "days": 3,
    }


@given(st.sampled_from(PACKS), st.integers(12, 16))
def test_phases_cover_every_week_once_and_keep_to_the_level_of_care(one, weeks):
    spans = one.spans(weeks)
    covered = [week for span in spans for week in range(span.first_week, span.last_week + 1)]
    assert covered == list(range(1, weeks + 1))
    for week in covered:
        assert rules.outside_level(one.dose_in_week(week, of=weeks), one.population) is None


def test_the_dose_steps_down_towards_the_end():
    evening = pack.get("adult-evening")
    assert [evening.dose_in_week(week, of=14).minutes for week in (1, 5, 14, 15)] == [660, 600, 540, 540]


def test_the_last_topic_closes_every_stay():
    track = pack.get("adult-day").track("mental-health")
    assert track.topic_in_week(11, of=12).week == 11
    assert track.topic_in_week(12, of=12).title["en"] == "Looking back and on"


@pytest.mark.parametrize("one", PACKS, ids=by_id)
def test_safety_comes_in_the_first_three_weeks(one):
    early = {topic.lesson for topic in one.strands if topic.week <= 3}
    assert {"you-set-the-pace", "feet-on-the-floor", "your-window", "after-a-slip"} <= early


@pytest.mark.parametrize("one", PACKS, ids=by_id)
@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_leads_reads_the_guides_as_easily_as_students_their_lessons(one, language):
    for guide in one.guides:
        words = " ".join(piece[language] for piece in (guide.open, guide.show, guide.work, guide.watch, guide.close))
        assert reading_age(words, language) <= 12, guide.lesson


EVENING = "adult-evening/pack.toml"
COMMON = "common/common.toml"
STRANDS = "common/topics/strands.toml"
GUIDES = "common/guides/cbt.toml"
LIMITS = "common/family/kind-limits.en.md"
WAVE = "common/lessons/ride-the-wave.en.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (EVENING, 'id = "adult-evening"', 'id = "adult-night"', "is not the folder's name"),
        (EVENING, 'population = "adult"', 'population = "elder"', "neither adult nor adolescent"),
        (EVENING, 'level_of_care = "2.1"', 'level_of_care = "2.5"', "is not an IOP"),
        (EVENING, "count = 3, minutes = 150", "count = 2, minutes = 150", "450 minutes a week are below the 540"),
        (EVENING, "count = 3, minutes = 150", "count = 3, minutes = 360", "above the 1140"),
        (EVENING, "count = 3, minutes = 150", "count = 3, minutes = 155", "half-hour grid"),
        (EVENING, "count = 3, minutes = 150, per_day = 1", "count = 4, minutes = 150, per_day = 1", "do not fit 3"),
        (EVENING, "days = 3", "days = 6", "6 days a week are not 1 to 5"),
        (EVENING, "weeks = { least = 6, most = 8 }", "weeks = { least = 5, most = 8 }", "cover 11 to 16 weeks"),
        (EVENING, "weeks = { least = 6, most = 8 }", "weeks = { least = 9, most = 8 }", "no more at least than"),
        (EVENING, "default = 14", "default = 18", "default length lies outside"),
        (EVENING, "within_days = 30\n", "", "“goals” says nothing of within_days"),
        (EVENING, 'kind = "goals_reviewed"', 'kind = "good_mood"', "“good_mood” is not known"),
        (EVENING, ', es = "Llegar"', "", "“Settle in” is missing in “es”"),
        (EVENING, 'id = "part2_tpo"', 'id = "part9"', "“part9” is none of those in hearth/consent/papers.toml"),
        (EVENING, 'tracks = ["substance-use", ', 'tracks = ["joy", ', "asked on a track “joy” that there is not"),
        (EVENING, 'es = "Este camino', 'xx = "Este camino', "is missing in “es”"),
        (EVENING, "[[papers]]\n", '[[papers]]\nid = "part2_tpo"\nwhy = {}\n\n[[papers]]\n', "asked twice on the track"),
        (EVENING, "why = { en", "whose = { en", "'why' is missing"),
        (EVENING, "topics/mental-health.toml", "topics/joy.toml", "“topics/joy.toml” does not exist"),
        (EVENING, 'group_topics = ["mental_health"]', "group_topics = []", "serves the track “mental-health”"),
        (EVENING, 'version = "1.0.0"', "", "'version' is missing"),
        (EVENING, "[length]", "[length", "This is not TOML"),
        (EVENING, "languages = [", "languages = 5 #", "wrong form"),
        (COMMON, 'lessons = ["ride-the-wave"', 'lessons = ["float", "ride-the-wave"', "“float” does not exist"),
        (COMMON, 'grounding = "feet-on-the-floor"', 'grounding = "ride-the-wave"', "is not one of “safety-first”"),
        (COMMON, 'kind = "therapy"', 'kind = "magic"', "“magic” is neither life-skills nor therapy"),
        (COMMON, "value = 12", "value = 0", "needs a positive value"),
        (COMMON, 'makes_up = ["absent"', 'makes_up = ["late"', "“late” is nothing that is made up"),
        (COMMON, 'id = "illness"', 'id = "work"', "each with an id of its own"),
        (COMMON, ', es = "Enfermedad"', "", "“Ill” is missing in “es”"),
        (
            COMMON,
            "billable_day_minutes = { value = 120",
            "billable_day_minutes = { value = 1440",
            "a day long or longer",
        ),
        (COMMON, "attended_from_minutes = { value = 1,", "attended_from_minutes = { value = 200,", "No session lasts"),
        (COMMON, 'kind = "skills"', 'kind = "dance"', "Nothing says how a session of “skills” goes"),
        (COMMON, 'kind = "skills"', 'kind = "dance"', "“dance” has no parts of its own"),
        (COMMON, "minutes = 55, title", "minutes = 54, title", "54 minutes is not a multiple of five"),
        (COMMON, ', es = "El tema de hoy"', "", "“Today's topic” is missing in “es”"),
        (STRANDS, "week = 7\nturn = 3", "week = 7\nturn = 2", "Group 3 of week 7 has 0 topics"),
        (STRANDS, 'lesson = "the-loop"', 'lesson = "the-knot"', "“the-knot” does not exist"),
        (STRANDS, ', es = "El círculo"', "", "“The loop” is missing in “es”"),
        (GUIDES, 'lesson = "the-loop"', 'lesson = "the-knot"', "how to lead a session on “the-loop”"),
        (GUIDES, "open = ", "opens = ", "wrong form"),
        ("common/topics/co-occurring.toml", "week = 7", "week = 17", "each of the weeks 1 to 16"),
        (WAVE, "## Try it", "## Try it, [see](gone.md)", "“gone.md” leads nowhere"),
        (WAVE, "## Try it", "## [Try it](javascript:alert(1))", "leads nowhere"),
        (WAVE, "## Think back", "## Musing", "“Think back” is missing or out of order"),
        (WAVE, "## Try it", "## <script>alert(1)</script>", "is HTML"),
        (WAVE, "## Try it", "## Stay clean", "“clean” is not a word we use"),
        (WAVE, "A craving, a rush", "An addict, a rush", "a person with a substance use disorder"),
        (WAVE, 'module = "coping-strategies"', 'module = "surfing"', "does not list this lesson"),
        (WAVE, 'id = "ride-the-wave"', 'id = "wave"', "name is not its id"),
        (WAVE, "minutes = 30", "", "says nothing of 'minutes'"),
        (WAVE, "+++\n", "---\n", "begins with TOML"),
        (COMMON, '"kind-limits"', '"kind-fences"', "families “kind-fences” is missing in “es”"),
        (COMMON, '"kind-limits", ', "", "The lessons for families do not list this one"),
        (LIMITS, "## Think back", "## Musing", "“Think back” is missing or out of order"),
        (LIMITS, "## Try it", "## An addict", "a person with a substance use disorder"),
        (WAVE, "minutes = 30", "minutes = ", "This is not TOML"),
    ],
)
def test_a_damaged_pack_is_told_with_its_place(packs, file, old, new, sentence):
    change(packs / file, old, new)
    found = rules.check(packs / "adult-evening")
    assert any(sentence in one.sentence for one in found), [str(one) for one in found]
    for one in found:
        assert one.line <= len(one.file.read_text().splitlines())


def test_a_problem_names_its_line(packs):
    change(packs / WAVE, "## Think back", "## Think back, addicts")
    (found,) = rules.check(packs / "adult-evening")
    assert (packs / WAVE).read_text().splitlines()[found.line - 1] == "## Think back, addicts"


def test_a_missing_translation_is_told(packs):
    (packs / "common/lessons/ride-the-wave.es.md").unlink()
    (packs / "common/texts/what-to-bring.en.md").unlink()
    sentences = [one.sentence for one in rules.check(packs / "adult-day")]
    assert "The lesson “ride-the-wave” is missing in “es”." in sentences
    assert "The text “what-to-bring” is missing in “en”." in sentences


def test_a_hard_text_is_told(packs):
    hard = "Institutional considerations necessitate comprehensive organisational methodologies. " * 40
    change(packs / WAVE, "## Try it", hard)
    assert any("reads at age" in one.sentence for one in rules.check(packs / "adult-day"))


def test_the_command_finds_what_ships_sound():
    assert told("check") == "3 packs checked: no problems.\n"
    assert told("check", str(pack.FOLDER / "adult-day")) == "1 pack checked: no problems.\n"


def test_the_report_lists_every_lesson_with_its_sources_and_a_reader_of_twelve_can_read_them():
    rows = json.loads(told("report", "--json"))
    assert {tuple(row) for row in rows} == {("module", "lesson", "language", "minutes", "reading_age", "sources")}
    assert list(dict.fromkeys(row["lesson"] for row in rows))[:2] == ["plan-your-week", "first-things-first"]
    assert all(row["reading_age"] <= 12 and row["minutes"] > 0 and row["sources"] for row in rows)
    for_families = [row for row in rows if row["module"] == "family"]
    assert len(for_families) == 2 * len(PACKS[0].family) >= 12
    assert len(rows) - len(for_families) == sum(len(one.lessons) for one in PACKS) - 2 * len(
        [lesson for lesson in PACKS[0].lessons if lesson.file.is_relative_to(PACKS[0].common)]
    )
    text = told("report", str(pack.FOLDER / "adult-day"))
    assert "ride-the-wave" in text.split("reading age", 1)[1]
    assert "VA CBT for Substance Use Disorders" in text


def test_a_report_on_what_cannot_be_read_says_why(packs):
    change(packs / EVENING, "[length]", "[length")
    with pytest.raises(CommandError, match="This is not TOML"):
        told("report", str(packs))


def test_the_command_says_each_shared_problem_once_and_ends_badly(packs):
    change(packs / WAVE, "## Try it", "## Try it, addicts")
    with pytest.raises(CommandError, match=re.escape("1 problem in 3 packs.")):
        told("check", str(packs))


def test_the_command_says_when_a_folder_holds_no_pack(tmp_path):
    with pytest.raises(CommandError, match="holds no program pack"):
        told("check", str(tmp_path))
