"""The account: an email address that may sign in. Who stands behind it is `organization.Person`."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Accounts are found by email address, in whatever case it is typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this address."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a new account; without a password it can sign in only after a reset."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store an account that may do everything; for the first minutes of an installation."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who may sign in."""

    email = models.EmailField(_("email address"), unique=True)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch this off instead of deleting the account: records keep naming it."),
    )
    date_joined = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    language = models.CharField(
        _("language"),
        max_length=5,
        blank=True,
        choices=[("ja", _("Japanese")), ("en", _("English"))],
    )
    uses_wareki = models.BooleanField(_("Japanese era dates on papers"), default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message=_("An account with this email address exists already."),
            )
        ]
        permissions = [("use_admin", _("Can use the administration pages"))]

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens for this account; asked by Django's admin under this name."""
        return self.has_perm("accounts.use_admin")
