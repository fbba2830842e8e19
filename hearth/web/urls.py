from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from hearth.web import outbox, pages, styleguide, way_pages
from hearth.web.home_screen import pages as home_screen
from hearth.web.intake import pages as intake
from hearth.web.offline import pages as offline
from hearth.web.outcomes import pages as outcomes
from hearth.web.site import pages as site

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.front, name="front"),
    path("about/<slug:slug>/", site.about, name="about"),
    path("<slug:language>/about/<slug:slug>/", site.page, name="site-page"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("robots.txt", site.robots, name="robots"),
    path("site/", site.site, name="site-list"),
    path("site/versions/<uuid:version>/", site.version, name="site-version"),
    path("site/<slug:language>/<slug:slug>/", site.edit, name="site-edit"),
    path("outbox/", outbox.messages, name="outbox"),
    path("outbox/<uuid:pk>/", outbox.message, name="outbox-message"),
    path("check/groups/", pages.groups_with_places, name="groups-with-places"),
    path("check/places/", pages.places_that_fit, name="places-that-fit"),
    path("today/", pages.today, name="today"),
    path("today/students/", pages.today_students, name="today-students"),
    path("today/figures/", pages.today_figures, name="today-figures"),
    path("how-it-works/", pages.guide, name="guide"),
    path("students/", pages.students, name="students"),
    path("students/<uuid:patient>/", pages.chart, name="chart"),
    path("my/first-day/", pages.my_first_day, name="first-day"),
    path("my/line/<slug:instrument>/", pages.my_line, name="my-line"),
    path("my/week/whole/", pages.my_whole_week, name="my-whole-week"),
    path("my/way/", way_pages.way, name="my-way"),
    path("my/way/paper/", way_pages.way_paper, name="my-way-paper"),
    path("my/way/certificate/", way_pages.certificate, name="my-certificate"),
    path("intake/", intake.board, name="intake"),
    path("intake/live/", intake.ear, name="intake-live"),
    path("intake/figures/", intake.quarter, name="intake-figures"),
    path("intake/take/<str:kind>/<uuid:pk>/", intake.take, name="intake-take"),
    path("intake/ended/<uuid:way_out>/", intake.ended, name="intake-ended"),
    path("intake/<slug:kind>/<uuid:pk>/<slug:to>/", intake.move, name="intake-move"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/outcomes.csv", outcomes.download, name="outcomes-file"),
    path("incidents/figures/", pages.incidents_by_month, name="incident-figures"),
    path("help-now/", pages.help_now, name="help-now"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("offline/key/", offline.key, name="offline-key"),
    path("me/phone/", home_screen.choose, name="home-screen"),
    path("me/phone/lock/", home_screen.lock, name="lock"),
    path("app/<slug:language>/<slug:name>.webmanifest", home_screen.manifest, name="app-manifest"),
    path("app/<slug:name>.svg", home_screen.icon, name="app-icon"),
    path("app/<slug:name>-<int:size>.png", home_screen.picture, name="app-picture"),
    path("theme/", pages.theme, name="theme"),
    path("language/", set_language, name="language"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/<str:room>/", styleguide.room, name="styleguide-room"),
]
