"""How django-allauth works here: nobody signs up by themself, and a second factor marks the session."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Accounts begin with an invitation or an admission, never with a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
