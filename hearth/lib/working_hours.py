"""When a house is at work where it says nothing else: a product default."""

from datetime import time

OPENS, CLOSES = time(9), time(17)
WORKDAYS = range(5)  # Monday to Friday
