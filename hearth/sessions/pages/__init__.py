"""The pages of sessions: the staff's calendar and rosters, notes, and the student's own."""
