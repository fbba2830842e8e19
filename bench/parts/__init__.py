"""What `bench/timetable.py` measures, one part after the other; each is kept as a file so that a run can go on."""
