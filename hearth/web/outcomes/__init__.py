"""What became of the people who came, for those who lead: shares and means with their intervals, nothing of few."""
