from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LibConfig(AppConfig):
    name = "hearth.lib"
    label = "lib"

    def ready(self) -> None:
        from hearth.lib import row_security

        post_migrate.connect(row_security.apply_after_migrate, dispatch_uid="row_security")
