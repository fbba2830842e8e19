"""What benches share: the parts of the timetable's, a house that is served, and figures as every bench tells them."""
