from django.urls import path

from hearth.inquiry import pages, portal_pages, portal_staff_pages, public_pages, referral_pages

app_name = "inquiry"
urlpatterns = [
    path("talk/", public_pages.talk, name="talk"),
    path("talk/thanks/", public_pages.thanks, name="thanks"),
    path("talk/time/", public_pages.choose_time, name="choose-time"),
    path("check/", public_pages.self_check, name="self-check"),
    path("refer/", portal_pages.ask, name="portal-ask"),
    path("refer/asked/", portal_pages.asked, name="portal-asked"),
    path("refer/own/", portal_pages.own, name="own-referrals"),
    path("refer/own/<uuid:link>/", portal_pages.own_status, name="own-referral"),
    path("refer/<str:text>/", portal_pages.refer, name="portal"),
    path("inquiries/", pages.inquiry_list, name="list"),
    path("inquiries/hours/", pages.intake_hours, name="intake-hours"),
    path("inquiries/<uuid:inquiry>/", pages.inquiry, name="inquiry"),
    path("inquiries/<uuid:inquiry>/admission/", pages.start_admission, name="start-admission"),
    path("referrals/", referral_pages.inbox, name="referrals"),
    path("referrals/send-in/", referral_pages.send_in, name="send-in"),
    path("referrals/links/", portal_staff_pages.send_link, name="send-link"),
    path("referrals/papers/<uuid:attachment>/", portal_staff_pages.attachment, name="attachment"),
    path("referrals/<uuid:referral>/status/", portal_staff_pages.share, name="share-status"),
    path("referrals/<uuid:referral>/", referral_pages.referral, name="referral"),
]
