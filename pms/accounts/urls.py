"""The doors of the sign-in library that are open here.

Left out is what would let somebody change their own address or sign in without a password: an
account belongs to the office that made it. The closed sign-up stays, because the library links it.
"""

from allauth.account.urls import urlpatterns as offered

LEFT_OUT = {
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
}

urlpatterns = [door for door in offered if door.name not in LEFT_OUT]
