"""The pages of the timetable: the student's own week, the whole week, and proposals."""
