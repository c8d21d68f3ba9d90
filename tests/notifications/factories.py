"""Notifications at every step of their mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from pms.notifications.choices import MailState as S
from pms.notifications.models import Notification
from tests.accounts.factories import UserFactory

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

# What the database wants to know of a notification in each state of its mail.
FACTS: dict[str, dict[str, Any]] = {
    S.NOT_WANTED: {},
    S.WAITING: {"next_try_at": NOW},
    S.SENDING: {
        "claimed_at": NOW,
        "attempts": 1,
        "gives_up_at": NOW + timedelta(days=3),
    },
    S.SENT: {"sent_at": NOW, "attempts": 1},
    S.FAILED: {"last_error": "550 No such mailbox", "attempts": 1},
    S.BOUNCED: {"sent_at": NOW, "last_error": "5.1.1 No such mailbox", "attempts": 1},
}


class NotificationFactory(DjangoModelFactory):
    """News of today, whose mail waits; `mail_state=` brings what belongs to that state."""

    recipient = factory.SubFactory(UserFactory)
    kind = "tests.news"
    key = factory.Sequence("news:{}".format)
    subject = factory.Sequence("News {}".format)
    body = "Something is new.\n"
    url = "/search/"
    created_at = NOW
    message_id = factory.Sequence("<{}@pms.example>".format)

    class Meta:
        model = Notification

    @classmethod
    def _create(cls, model_class: type[Notification], *args: Any, **kwargs: Any) -> Notification:
        state = kwargs.setdefault("mail_state", S.WAITING)
        return super()._create(model_class, *args, **FACTS[state] | kwargs)
