"""The intake board: everyone on the way in, in the column where they stand, with what comes next."""
