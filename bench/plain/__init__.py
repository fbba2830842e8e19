"""Plain models of the timetable for the bench: they read boards themselves and share no code with the engine."""
