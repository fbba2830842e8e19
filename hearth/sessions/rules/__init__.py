"""What holds of sessions: attendance, dose, notes, names. No Django, no clock."""
