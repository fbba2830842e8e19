"""What others may hear of first contact."""

from django.dispatch import Signal

inquiry_received = Signal()
"""Somebody asked for help: `inquiry_id`, `at`."""

referral_accepted = Signal()
"""A referral was taken over into a chart: `referral_id`, `patient_id`, `at`."""

way_ended = Signal()
"""Somebody's way in ended before an admission: `inquiry_id` or `patient_id` (else None), `by_id`, `at`."""

way_reopened = Signal()
"""An ending was taken back: `inquiry_id` or `patient_id` (else None), `ended_at` it was, `by_id`, `at`."""

WAYS_IN = "ways-in"
"""The channel (`lib.live`) that is told whenever somebody's place on the way in may have changed."""
