"""The tables of an empty database, made at once as the migrations leave them in the end.

Step by step Django works out all models anew for each change of one: half a minute for a database in which there is
nothing to change.
"""

from django.apps import apps
from django.contrib.postgres.operations import CreateExtension
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation

OF_MODELS = (ModelOperation, FieldOperation, IndexOperation)
AFTERWARDS = (operations.RunSQL, operations.RunPython)


def make(connection: BaseDatabaseWrapper) -> bool:
    """Make every table of ours where no migration was applied yet. Whether it did: else Django goes step by step."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    own = {each.label for each in apps.get_app_configs() if each.name.startswith("hearth.")}
    leaves = [node for node in graph.leaf_nodes() if node[0] in own]
    steps = [step for step, _backwards in executor.migration_plan(leaves)]
    if executor.loader.applied_migrations or not all(_is_known(step, own) for step in steps):
        return False
    # What others bring that knows nothing of us goes step by step while there is little to work out anew.
    executor.migrate(
        [node for node in graph.leaf_nodes() if not {app for app, _name in graph.forwards_plan(node)} & own]
    )
    _make(connection, executor, leaves, steps)
    return True


def _is_known(step: Migration, own: set[str]) -> bool:
    known = (*OF_MODELS, *AFTERWARDS, CreateExtension)
    return step.app_label in own and all(isinstance(each, known) for each in step.operations)


def _make(
    connection: BaseDatabaseWrapper, executor: MigrationExecutor, leaves: list[tuple[str, str]], steps: list[Migration]
) -> None:
    state = executor.loader.project_state(leaves)

    def carry_out(kinds: tuple[type[Operation], ...]) -> None:
        for step in steps:
            for each in step.operations:
                if isinstance(each, kinds):
                    each.database_forwards(step.app_label, editor, state, state)

    with transaction.atomic(using=connection.alias):
        with connection.schema_editor(atomic=False) as editor:
            carry_out((CreateExtension,))
            for model in state.apps.get_models():
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        with connection.schema_editor(atomic=False) as editor:
            carry_out(AFTERWARDS)
        executor.recorder.ensure_schema()
        for step in steps:
            executor.recorder.record_applied(step.app_label, step.name)
