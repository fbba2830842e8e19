"""Hearth runs an Intensive Outpatient Program, from the first look to aftercare."""
