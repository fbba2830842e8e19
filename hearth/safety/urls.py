from django.urls import URLPattern, URLResolver, path

from hearth.safety import area_pages, on_call_pages, pages

app_name = "safety"
urlpatterns: list[URLPattern | URLResolver] = [
    path("concerns/", pages.concerns, name="concerns"),
    path("concerns/<uuid:pk>/", pages.concern, name="concern"),
    path("concerns/<uuid:pk>/take/", pages.take, name="take"),
    path("concerns/areas/", area_pages.areas, name="areas"),
    path("concerns/areas/<uuid:pk>/", area_pages.area, name="area"),
    path("concerns/on-call/", on_call_pages.on_call, name="on-call"),
    path("concerns/on-call/<uuid:pk>/drop/", on_call_pages.drop, name="drop-on-call"),
    path("students/<uuid:pk>/concern/", pages.raise_by_hand, name="raise"),
]
