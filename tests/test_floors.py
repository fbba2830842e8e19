"""What the imports cannot show: no foreign key points up a floor; documents name every floor, and a word once."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]

FLOORS = (
    {"web"},
    {"bereavement"},
    {"letters"},
    {"aftercare"},
    {"circle", "family", "trauma"},
    {"care_sessions"},
    {"skills", "notebook"},
    {"timetable"},
    {"plan", "medical"},
    {"admission"},
    {"background"},
    {"inquiry"},
    {"measures"},
    {"safety"},
    {"program"},
    {"consent"},
    {"people"},
    {"accounts"},
    {"audit", "outbox"},
    {"fhir"},
    {"lib"},
)
HEIGHT = {label: -floor for floor, labels in enumerate(FLOORS) for label in labels}


def ours():
    return [config for config in apps.get_app_configs() if config.name.startswith("hearth.")]


def test_every_folder_stands_on_a_floor():
    assert {config.label for config in ours()} == set(HEIGHT)


def pointed_at(model):
    """The app labels of ours that the model's own foreign keys point to, with the field's name."""
    fields = [field for field in model._meta.get_fields() if field.is_relation and field.concrete]
    return [(field.name, field.related_model._meta.app_label) for field in fields]


def test_no_foreign_key_points_up_a_floor_or_to_a_sibling():
    wrong = [
        f"{model._meta.label}.{name} points to {label}"
        for config in ours()
        for model in config.get_models()
        for name, label in pointed_at(model)
        if label in HEIGHT and label != config.label and HEIGHT[label] >= HEIGHT[config.label]
    ]
    assert wrong == []


def test_audit_and_outbox_point_at_nobody():
    models = [model for label in ("audit", "outbox") for model in apps.get_app_config(label).get_models()]
    assert [target for model in models for target in pointed_at(model) if target[1] in HEIGHT] == []


def test_the_architecture_has_a_row_for_every_folder_from_high_to_low():
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Floors")[1].split("\n## ")[0]
    named = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    labels = {config.name.removeprefix("hearth."): config.label for config in ours()}
    assert sorted(named) == sorted(labels)
    heights = [HEIGHT[labels[name]] for name in named]
    assert heights == sorted(heights, reverse=True)


def test_the_glossary_says_each_word_once_in_alphabetical_order():
    rows = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").split("|---|---|\n")[1].splitlines()
    words = [re.sub(r"[^a-z0-9 ,]", "", row.split(" | ")[0].casefold().replace("-", " ")).strip() for row in rows]
    assert words == sorted(set(words))
