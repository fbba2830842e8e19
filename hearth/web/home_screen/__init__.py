"""Hearth on a phone's home screen, under the name and icon that its person chose."""
