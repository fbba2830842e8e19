from django.urls import path

from hearth.circle.pages import alumni, challenges, staff, student, support_groups, thanks

app_name = "circle"
urlpatterns = [
    path("my/circle/", student.home, name="home"),
    path("my/circle/rule/", student.rule, name="rule"),
    path("my/circle/agree/", student.agree, name="agree"),
    path("my/circle/write/", student.write, name="write"),
    path("my/circle/posts/<uuid:post>/", student.own_post, name="own-post"),
    path("my/circle/posts/<uuid:post>/appeal/", student.appeal, name="appeal"),
    path("my/circle/posts/<uuid:post>/take-back/", student.take_back, name="take-back"),
    path("my/circle/posts/<uuid:post>/word/", student.encourage, name="encourage"),
    path("my/circle/posts/<uuid:post>/report/", student.report, name="report"),
    path("my/circle/reports/<uuid:report>/", student.told, name="told"),
    path("my/circle/alumni/", alumni.alumni, name="alumni"),
    path("my/circle/alumni/leave/", alumni.leave, name="leave"),
    path("my/circle/in-touch/", alumni.in_touch, name="in-touch"),
    path("my/circle/in-touch/way/", alumni.way, name="way"),
    path("my/circle/in-touch/nobody/", alumni.nobody, name="nobody"),
    path("my/circle/in-touch/<uuid:place>/", alumni.choose, name="choose"),
    path("my/circle/challenges/<uuid:challenge>/", challenges.take_part, name="take-part"),
    path("my/circle/challenges/<uuid:challenge>/days/", challenges.tick, name="tick"),
    path("my/sessions/<uuid:session>/thanks/", thanks.thank, name="thank"),
    path("thanks/", thanks.waiting, name="thanks"),
    path("thanks/<uuid:thanks>/", thanks.decide, name="decide-thanks"),
    path("my/support-groups/", support_groups.mine, name="my-support-groups"),
    path("support-groups/", support_groups.of_staff, name="support-groups"),
    path("support-groups/new/", support_groups.new, name="new-support-group"),
    path("support-groups/<uuid:group>/", support_groups.change, name="support-group"),
    path("circles/", staff.waiting, name="waiting"),
    path("circles/<uuid:circle>/", staff.circle, name="of-staff"),
    path("circles/<uuid:circle>/search/", staff.search, name="search"),
    path("circles/<uuid:circle>/people/", staff.people, name="people"),
    path("circles/<uuid:circle>/challenges/", challenges.of_circle, name="challenges"),
    path("circles/<uuid:circle>/hosts/", staff.hosts, name="hosts"),
    path("circles/posts/<uuid:post>/", staff.post, name="post"),
]
