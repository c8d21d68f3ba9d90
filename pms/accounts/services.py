"""What an account decides for itself."""

from typing import Any

from django.db import transaction

from .models import User


@transaction.atomic
def change_settings(
    user_id: int, *, language: str | None = None, uses_wareki: bool | None = None
) -> User:
    """Store what somebody chose for their own account; the journal sees the change by itself.

    Args:
        user_id: whose account; it acts for itself.
        language: a code of settings.LANGUAGES, "" to follow the browser; None leaves it.
        uses_wareki: whether papers carry dates of the Japanese era; None leaves it.

    Returns:
        The account as stored.

    Raises:
        ValidationError: the language is not offered.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    chosen: dict[str, Any] = {"language": language, "uses_wareki": uses_wareki}
    changed = [name for name, value in chosen.items() if value is not None]
    for name in changed:
        setattr(user, name, chosen[name])
    user.full_clean(exclude=["password"])
    user.save(update_fields=changed)
    return user
