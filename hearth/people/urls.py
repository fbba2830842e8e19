from django.urls import URLPattern, URLResolver, path

from hearth.people import pages, supervision_pages

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", pages.staff, name="staff"),
    path("staff/<uuid:pk>/", pages.staff_member, name="staff-member"),
    path("staff/<uuid:pk>/account/", pages.account, name="staff-account"),
    path("staff/<uuid:pk>/licences/new/", pages.add_licence, name="add-licence"),
    path("staff/<uuid:pk>/licences/<uuid:licence>/end/", pages.end_licence, name="end-licence"),
    path("staff/<uuid:pk>/supervision/", supervision_pages.begin, name="supervision"),
    path("staff/<uuid:pk>/supervision/<uuid:supervision>/end/", supervision_pages.end, name="end-supervision"),
    path("students/<uuid:pk>/reach/", pages.safe_contact, name="safe-contact"),
    path("help-signing-in/", pages.sign_in_help, name="sign-in-help"),
    path("help-signing-in/<uuid:pk>/", pages.sign_in_of, name="sign-in-of"),
    path("help-signing-in/<uuid:pk>/code/", pages.printed_code, name="printed-code"),
    path("help-signing-in/<uuid:pk>/family/", pages.invite_family, name="invite-family"),
]
