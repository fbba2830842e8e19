"""The organisation and its places."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts import forms, queries, services
from hearth.accounts.doors import signed_in
from hearth.accounts.models import Organisation, Site
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR)
def organisation(request: Request) -> HttpResponse:
    """Name, words, colour, phones; and the list of sites."""
    house = Organisation.objects.get(pk=request.organisation.pk)  # the form writes on this copy
    form = forms.OrganisationForm(request.POST or None, instance=house)
    if form.is_valid():
        services.change_organisation(organisation=house, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("accounts:organisation")
    sites = queries.sites_of(viewer=request.user)
    return render(request, "accounts/organisation.html", {"form": form, "sites": sites})


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR)
def site(request: Request, pk: UUID | None = None) -> HttpResponse:
    """Add a site, or change one."""
    found = get_object_or_404(queries.sites_of(viewer=request.user), pk=pk) if pk else None
    first = Site(time_zone=request.organisation.time_zone, state=request.organisation.state)
    form = forms.SiteForm(request.POST or None, instance=found or first)
    if form.is_valid():
        services.keep_site(site=form.save(commit=False), by=request.user, at=request.now)
        messages.success(request, _("Kept."))
        return redirect("accounts:organisation")
    return render(request, "accounts/site.html", {"form": form, "site": found})
