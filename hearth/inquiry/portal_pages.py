"""The referral portal for professionals: asking for a link, the page behind it, and a referral partner's own list."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import public, signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.accounts.throttle import address_of
from hearth.inquiry import portal, portal_files
from hearth.inquiry.bundle import LARGEST_BYTES, Unreadable
from hearth.inquiry.portal_forms import AskForm, DangerForm, FileForm, ReferForm
from hearth.inquiry.portal_models import Danger, ReferralLink
from hearth.inquiry.portal_queries import access_own_link, own_links
from hearth.inquiry.portal_status import status_shown
from hearth.inquiry.public_pages import too_many
from hearth.inquiry.queries import promise
from hearth.inquiry.referral_store import read_label
from hearth.inquiry.services import TooMany
from hearth.inquiry.wording import in_words

A_PAGE = 50


@require_http_methods(["GET", "POST"])
@public
def ask(request: Request) -> HttpResponse:
    """Ask for a link by e-mail."""
    form = AskForm(request.POST or None)
    if form.is_valid():
        try:
            if portal.ask_for_link(email=form.cleaned_data["email"], address=address_of(request), at=request.now):
                return redirect("inquiry:portal-asked")
            form.add_error("email", _enough(request.organisation.phone))
        except TooMany:
            form.add_error(None, too_many(request.organisation.phone))
    context = {"form": form, "promise": _promise(request)}
    return render(request, "inquiry/portal_ask.html", context, status=422 if form.errors else 200)


def _enough(phone: str) -> str:
    said = gettext(
        "%(most)s links went to this address within the last hour, and no more was sent. Use the newest of them; look "
        "among unwanted mail, too. In an hour you can ask again."
    ) % {"most": portal.MOST_TO_ONE_MAILBOX}
    return said + " " + gettext("Or call us: %(phone)s.") % {"phone": phone} if phone else said


TAKEN = _(
    "This link has taken its referral already. If it was this one, nothing is left to do. "
    "If this is about somebody else, nothing of it was sent: copy what you wrote, "
    "ask for a new link, and send it there."
)


@require_safe
@public
def asked(request: Request) -> HttpResponse:
    """What to do now, whatever the address."""
    return render(request, "inquiry/portal_asked.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def refer(request: Request, text: str) -> HttpResponse:
    """What a link opens: first whether somebody is in danger, then the referral; and later what became of it."""
    link = portal.find_link(text=text, at=request.now)
    if link is None:
        return _quiet(render(request, "inquiry/portal_over.html", status=410))
    step = request.POST.get("step", "")
    if step in ("form", "file"):
        return _quiet(_send(request, link, step))
    if link.used_at:
        return _quiet(_status(request, link))
    first = DangerForm(request.POST if step == "danger" else None)
    if not first.is_valid():
        context = {"form": first, "link": link, "promise": _promise(request)}
        return _quiet(render(request, "inquiry/portal_danger.html", context, status=422 if step else 200))
    danger = first.cleaned_data["danger"]
    if danger == Danger.YES and "seen" not in request.POST:
        return _quiet(render(request, "inquiry/portal_help.html", {"danger": danger}))
    return _quiet(_writing(request, link, danger, _refer_form(request), FileForm(auto_id="file_%s")))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.REFERRER)
def own(request: Request) -> HttpResponse:
    """A referral partner's home: whom they referred, and a way to refer somebody. A post opens one."""
    if request.method == "POST":
        return redirect("inquiry:portal", portal.open_link(by=request.user, at=request.now))
    page = Paginator(own_links(viewer=request.user, at=request.now), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, read_label(one.referral).name) for one in page if one.referral]
    return render(request, "inquiry/own_referrals.html", {"page": page, "rows": rows})


@require_safe
@signed_in(Role.REFERRER)
def own_status(request: Request, link: UUID) -> HttpResponse:
    """What a referral partner may hear of one of theirs: the same as by a link."""
    return _status(request, access_own_link(viewer=request.user, pk=link, at=request.now))


def _send(request: Request, link: ReferralLink, step: str) -> HttpResponse:
    danger = request.POST.get("danger", "")
    danger = danger if danger in Danger.values else Danger.UNSURE
    form = _refer_form(request, sent=step == "form")
    file = FileForm(request.POST, request.FILES, auto_id="file_%s") if step == "file" else FileForm(auto_id="file_%s")
    try:
        if (step == "form" and form.is_valid() and _sent_form(request, link, form, danger)) or (
            step == "file" and file.is_valid() and _sent_file(request, link, file, danger)
        ):
            return redirect(request.path)
    except portal.AlreadyUsed:  # a second tap, or somebody else by the same link: whoever sent it knows which
        (form if step == "form" else file).add_error(None if step == "form" else "file", TAKEN)
    return _writing(request, link, danger, form, file)


def _sent_form(request: Request, link: ReferralLink, form: ReferForm, danger: str) -> bool:
    try:
        files = [portal_files.checked(one.name or "", one.read()) for one in form.cleaned_data["papers"]]
    except portal_files.Unusable as refused:
        form.refuse(refused.name, refused.why)
        return False
    portal.send_form(link=link, told=form.told() | {"danger": danger}, files=files, at=request.now)
    return True


def _sent_file(request: Request, link: ReferralLink, form: FileForm, danger: str) -> bool:
    file = form.cleaned_data["file"]
    data = file.read(LARGEST_BYTES + 1)  # one more tells that it is too large
    try:
        portal.send_file(link=link, data=data, file_name=file.name or "", danger=danger, at=request.now)
    except Unreadable as refused:
        for said in refused.problems:
            form.add_error("file", in_words(said))
        return False
    return True


def _refer_form(request: Request, *, sent: bool = False) -> ReferForm:
    today = timezone.localdate(request.now, request.organisation.zone)
    return ReferForm(request.POST, request.FILES, today=today) if sent else ReferForm(today=today)


def _writing(request: Request, link: ReferralLink, danger: str, form: ReferForm, file: FileForm) -> HttpResponse:
    context = {"form": form, "file": file, "danger": danger, "link": link}
    return render(request, "inquiry/portal_form.html", context, status=422 if form.is_bound or file.is_bound else 200)


def _status(request: Request, link: ReferralLink) -> HttpResponse:
    promised = promise(house=request.organisation, at=link.used_at or request.now)
    context = {"link": link, "promise": promised, "status": status_shown(link, at=request.now)}
    return render(request, "inquiry/portal_status.html", context)


def _promise(request: Request) -> object:
    return promise(house=request.organisation, at=request.now)


def _quiet(response: HttpResponse) -> HttpResponse:
    """Nothing of a link's page is found by search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
