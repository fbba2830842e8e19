"""How the programs are set up, and days off."""
