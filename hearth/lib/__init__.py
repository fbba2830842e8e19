"""Small named modules that know nothing of the program."""
