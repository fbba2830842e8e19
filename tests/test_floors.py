"""What the imports cannot show: no foreign key points up a floor."""

from django.apps import apps

FLOORS = (
    {"web"},
    {"bereavement"},
    {"letters"},
    {"aftercare"},
    {"circle", "family"},
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
