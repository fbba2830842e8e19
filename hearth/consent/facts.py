"""What higher floors may hear of consents."""

from django.dispatch import Signal

consent_signed = Signal()  # consent_id, patient_id, kind, at
consent_revoked = Signal()  # consent_id, patient_id, kind, at
paper_answered = Signal()  # answer_id, at: put off or declined, with words or without
