"""Hearth's own video room: who may come in, the relay between browsers and Janus, and what those who lead may do."""
