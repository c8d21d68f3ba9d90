"""What is delivered outside the request."""

from django.conf import settings
from django.core.mail import send_mail
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from pms.accounts.invitations import password_path
from pms.accounts.models import User


@task
def deliver_invitation(user_id: int) -> None:
    """Mail an account's owner the link under which they set their password."""
    user = User.objects.select_related("person").get(pk=user_id)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        facts = {
            "name": str(getattr(user, "person", user)),
            "url": settings.BASE_URL.rstrip("/") + password_path(user),
            "reset_url": settings.BASE_URL.rstrip("/") + password_path(),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        send_mail(
            _("Your account of the personal information protection system"),
            render_to_string("emails/organization/invitation.txt", facts),
            None,
            [user.email],
        )
