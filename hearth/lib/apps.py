from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

PLANS = 500  # kept by each connection of the web and the worker, 0.1 MB a plan; 160 pages of four people need 375


class LibConfig(AppConfig):
    name = "hearth.lib"
    label = "lib"

    def ready(self) -> None:
        from hearth.lib import row_security

        post_migrate.connect(row_security.apply_after_migrate, dispatch_uid="row_security")
        connection_created.connect(_keep_plans, dispatch_uid="plans")


def _keep_plans(connection: Any, **_: Any) -> None:
    if connection.alias == "default":
        connection.connection.prepared_max = PLANS
