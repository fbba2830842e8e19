"""The roles of the program. A person may hold several."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do here; shown as written on screens."""

    COORDINATOR = "intake_coordinator", _("Intake coordinator")
    COUNSELOR = "counselor", _("Counselor")
    FACILITATOR = "group_facilitator", _("Group facilitator")
    PEER = "peer_specialist", _("Certified peer specialist")
    CASE_MANAGER = "case_manager", _("Case manager")
    SUPERVISOR = "clinical_supervisor", _("Clinical supervisor")
    MEDICAL = "medical_provider", _("Medical provider")
    NURSE = "nurse", _("Nurse")
    BILLER = "biller", _("Biller")
    DIRECTOR = "program_director", _("Program director")
    PRIVACY = "privacy_officer", _("Privacy officer")
    ADVOCATE = "patient_advocate", _("Patient advocate")
    ADMINISTRATOR = "administrator", _("Organization administrator")
    STUDENT = "student", _("Student")
    FAMILY = "family", _("Family member or guardian")
    ALUMNUS = "alumnus", _("Alumnus")
    REFERRER = "referral_partner", _("Referral partner")
    INTERPRETER = "interpreter", _("Interpreter")


CARE = frozenset(
    {
        Role.COUNSELOR,
        Role.FACILITATOR,
        Role.PEER,
        Role.CASE_MANAGER,
        Role.SUPERVISOR,
        Role.MEDICAL,
        Role.NURSE,
    }
)
"""Those who care for people directly."""

CLINICIANS = frozenset({Role.COUNSELOR, Role.SUPERVISOR, Role.MEDICAL})
"""Those whose licence lets them decide a level of care and sign clinical notes."""

STAFF = CARE | {
    Role.COORDINATOR,
    Role.BILLER,
    Role.DIRECTOR,
    Role.PRIVACY,
    Role.ADVOCATE,
    Role.ADMINISTRATOR,
}
"""Everyone employed by the organisation: they need a second factor to sign in."""
