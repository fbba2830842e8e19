"""What others may hear of first contact."""

from django.dispatch import Signal

inquiry_received = Signal()
"""Somebody asked for help: `inquiry_id`, `at`."""

referral_accepted = Signal()
"""A referral was taken over into a chart: `referral_id`, `patient_id`, `at`."""
