"""No tables. Django sends `post_migrate`, which row_security hears, only to apps that have this module."""
