"""Row-level security and privileges of the three database roles, applied after every migrate.

Every table with an `organisation_id` column is closed by a policy: its rows are seen and written only while
`hearth.organisation` names their organisation. FORCE closes it to the owner too. Tables that sign-in
must read before the organisation is known say `open_before_sign_in = True` and hold no health information. Tables that
say `private_to` have a second policy that must hold too: their rows exist for one named person alone.
"""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models import Model

POLICY = "rows_of_this_organisation_only"
PRIVATE_POLICY = "rows_of_this_person_only"
PRIVATE_TO = "private_to"  # a model says whose its rows are: `private_to = "author_id"`; see tenancy.rows_of
APPEND_ONLY = "append_only"  # a model says so: `append_only = True` on the class
AUDITOR_ALONE = "written_by_auditor_alone"  # likewise: the web's and the worker's role may only read its rows


def models_of_an_organisation() -> list[type[Model]]:
    """Every managed model whose table has an `organisation_id` column and is not declared open."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not getattr(model, "open_before_sign_in", False)
        and any(field.column == "organisation_id" for field in model._meta.local_concrete_fields)
    ]


def apply_after_migrate(*, using: str, app_config: Any, **_: Any) -> None:
    """Close tables and grant privileges once, after the last app has migrated."""
    if app_config.label == "contenttypes":  # one app that is always there; all have migrated by then
        apply(using=using)


def apply(*, using: str) -> None:
    """Bring policies and privileges up to what the models say. Changes only what differs."""
    with connections[using].cursor() as cursor:
        existing = set(connections[using].introspection.table_names(cursor))
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [POLICY])
        closed = {row[0] for row in cursor.fetchall()}
        for model in models_of_an_organisation():
            table = model._meta.db_table
            if table in existing and table not in closed:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
                cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
                cursor.execute(
                    f'CREATE POLICY {POLICY} ON "{table}" USING (organisation_id ='
                    " nullif(current_setting('hearth.organisation', true), '')::uuid)"
                )
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [PRIVATE_POLICY])
        private = {row[0] for row in cursor.fetchall()}
        for model in models_of_an_organisation():
            table, column = model._meta.db_table, getattr(model, PRIVATE_TO, None)
            if column and table in existing and table not in private:
                cursor.execute(
                    f'CREATE POLICY {PRIVATE_POLICY} ON "{table}" AS RESTRICTIVE USING ("{column}" ='
                    " nullif(current_setting('hearth.person', true), '')::uuid)"
                )
        cursor.execute("GRANT USAGE ON SCHEMA public TO hearth_app, hearth_auditor")
        cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hearth_app")
        cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO hearth_app")
        cursor.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hearth_auditor")
        for model in apps.get_models():
            if getattr(model, APPEND_ONLY, False) and model._meta.db_table in existing:
                table = model._meta.db_table
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM hearth_app')
            if getattr(model, AUDITOR_ALONE, False) and model._meta.db_table in existing:
                cursor.execute(f'REVOKE INSERT ON "{model._meta.db_table}" FROM hearth_app')
            if model._meta.app_label == "audit" and model._meta.db_table in existing:
                cursor.execute(f'GRANT SELECT, INSERT ON "{model._meta.db_table}" TO hearth_auditor')
        cursor.execute("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM hearth_app")
