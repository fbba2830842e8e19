"""No tables. Django sends `post_migrate`, which row_security waits for, only to apps that have this module."""
