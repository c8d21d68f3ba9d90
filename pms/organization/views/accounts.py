"""Accounts of people."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pms.core.pages import ConfirmView
from pms.organization import services
from pms.organization.forms import ReasonForm

from .people import PersonFormView


class AccountConfirmView(PersonFormView, ConfirmView):
    """Something about somebody's account, after a look at whose it is.

    An account has no rights but those of its person's posts, so whoever keeps the roster may
    open and close them.
    """

    permission_required = "organization.change_person"
    is_calm = True


class AccountOpenView(AccountConfirmView):
    """Somebody is to sign in."""

    title = gettext_lazy("Open an account")
    submit_label = gettext_lazy("Open the account")
    consequence = gettext_lazy(
        "A mail with a link for setting the password is sent there. The account can be closed "
        "again at any time."
    )
    success_message = gettext_lazy("The account has been opened and the mail is on its way.")

    def get_text(self) -> str:
        return _("%(person)s can sign in with the address %(email)s.") % {
            "person": self.person,
            "email": self.person.email or "–",
        }

    def carry_out(self, form: Any) -> None:
        services.open_account(self.person.pk, actor=self.request.user)


class AccountInviteView(AccountConfirmView):
    """Somebody has lost the mail with the way in."""

    title = gettext_lazy("Send the invitation again")
    submit_label = gettext_lazy("Send the email")
    success_message = gettext_lazy("The mail is on its way.")

    def get_text(self) -> str:
        return _("%(person)s gets a mail with a link for setting the password.") % {
            "person": self.person
        }

    def carry_out(self, form: Any) -> None:
        services.invite(self.person.pk, actor=self.request.user)


class AccountCloseView(AccountConfirmView):
    """Somebody is not to sign in any more."""

    form_class = ReasonForm
    is_calm = False
    title = gettext_lazy("Close the account")
    submit_label = gettext_lazy("Close the account")
    consequence = gettext_lazy(
        "Open sessions end at once. Records keep naming the person, and the account can be opened "
        "again."
    )
    success_message = gettext_lazy("The account has been closed.")

    def get_text(self) -> str:
        return _("%(person)s can no longer sign in.") % {"person": self.person}

    def carry_out(self, form: Any) -> None:
        services.close_account(self.person.pk, **form.cleaned_data, actor=self.request.user)


class AccountReopenView(AccountConfirmView):
    """Somebody may sign in again."""

    form_class = ReasonForm
    title = gettext_lazy("Open the account again")
    submit_label = gettext_lazy("Open it again")
    success_message = gettext_lazy("The account is open again.")

    def get_text(self) -> str:
        return _("%(person)s can sign in again, with the former password.") % {
            "person": self.person
        }

    def carry_out(self, form: Any) -> None:
        services.reopen_account(self.person.pk, **form.cleaned_data, actor=self.request.user)
