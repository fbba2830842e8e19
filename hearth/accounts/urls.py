from django.urls import URLPattern, URLResolver, path

from hearth.accounts.pages import demo, invitations, me, organisation, second_factor, sign_in

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.sign_in_page, name="sign-in"),
    path("sign-in/link/", sign_in.ask_for_link, name="ask-for-link"),
    path("sign-in/link/<str:text>/", sign_in.link, name="link"),
    path("sign-in/text/", sign_in.ask_for_text, name="ask-for-text"),
    path("sign-in/text/code/", sign_in.texted_code, name="texted-code"),
    path("sign-in/card/", sign_in.printed_code, name="printed-code"),
    path("sign-in/where-to/", sign_in.which_house, name="which-house"),
    path("sign-in/passkey/", sign_in.passkey, name="passkey"),
    path("sign-in/passkey/question/", sign_in.passkey_question, name="passkey-question"),
    path("sign-in/new-password/<str:text>/", sign_in.new_password, name="new-password"),
    path("sign-in/second-step/", second_factor.challenge, name="second-factor"),
    path("sign-in/second-step/set-up/", second_factor.set_up, name="set-up-second-factor"),
    path("sign-in/second-step/passkey/", second_factor.add_passkey, name="add-passkey"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("signed-out/", sign_in.signed_out, name="signed-out"),
    path("give-back/", sign_in.give_back, name="give-back"),
    path("still-here/", sign_in.still_here, name="still-here"),
    path("invitation/<str:text>/", invitations.accept, name="accept"),
    path("me/", me.me, name="me"),
    path("me/password/", me.change_password, name="change-password"),
    path("me/browsers/", me.browsers, name="browsers"),
    path("me/recovery-codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("me/second-step/<int:number>/remove/", second_factor.remove, name="remove-second-factor"),
    path("staff/invite/", invitations.invite_staff, name="invite-staff"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/sites/new/", organisation.site, name="new-site"),
    path("organisation/sites/<uuid:pk>/", organisation.site, name="site"),
    path("demo/", demo.people, name="demo-people"),
    path("demo/codes/", demo.codes, name="demo-codes"),
    path("demo/<uuid:pk>/", demo.become, name="demo-become"),
]
