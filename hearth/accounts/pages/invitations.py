"""Inviting, and accepting an invitation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hearth.accounts import forms, services, sign_in
from hearth.accounts.doors import public, signed_in
from hearth.accounts.pages.entering import let_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role

Kind = sign_in.Kind


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def accept(request: Request, text: str) -> HttpResponse:
    """Say one's name, choose a password, and come in; staff go on to their second factor."""
    invited = sign_in.holder(kind=Kind.INVITATION, text=text, at=request.now)
    if invited is None:
        return render(request, "accounts/invitation_over.html", status=410)
    first = {"name": invited.name, "pronouns": invited.pronouns, "language": invited.language}
    form = forms.AcceptForm(request.POST or None, user=invited, initial=first)
    if form.is_valid():
        user = services.accept_invitation(text=text, at=request.now, **form.cleaned_data)
        if user:
            return let_in(request, user, way="invitation")
    return render(request, "accounts/accept.html", {"form": form, "invited": invited})


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def invite_staff(request: Request) -> HttpResponse:
    """Invite somebody to the staff by e-mail."""
    form = forms.InviteStaffForm(request.POST or None, inviter=request.user)
    if form.is_valid():
        try:
            user = services.invite(by=request.user, at=request.now, **form.cleaned_data)
        except services.AddressInUse:
            form.add_error("email", _("This address cannot be used. Is this person here already?"))
        else:
            messages.success(request, _("%(name)s gets an invitation by mail.") % {"name": user.name})
            return redirect("people:staff")
    return render(request, "accounts/invite_staff.html", {"form": form})
