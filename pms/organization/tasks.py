"""What is delivered outside the request."""

from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from pms.accounts.invitations import password_path
from pms.accounts.models import User
from pms.notifications.writing import new_message_id


@task
def deliver_invitation(user_id: int, message_id: str) -> None:
    """Mail an account's owner the link under which they set their password.

    A worker that is killed between the mail server's yes and the end of the task leaves the task
    to be done again: the second copy has the same number, by which mail programs know it. An
    account that was closed meanwhile is told nothing.

    Args:
        user_id: the account.
        message_id: the number of the mail, given when it was asked for.
    """
    user = User.objects.select_related("person").get(pk=user_id)
    if not user.is_active:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        facts = {
            "name": str(getattr(user, "person", user)),
            "url": settings.BASE_URL.rstrip("/") + password_path(user),
            "reset_url": settings.BASE_URL.rstrip("/") + password_path(),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        EmailMessage(
            _("Your account of the personal information protection system"),
            render_to_string("emails/organization/invitation.txt", facts),
            to=[user.email],
            headers={"Message-ID": message_id},
        ).send()


def invite_after_commit(user: User) -> None:
    """Have the invitation of `user` mailed once the transaction holds."""
    transaction.on_commit(partial(deliver_invitation.enqueue, user.pk, new_message_id()))
