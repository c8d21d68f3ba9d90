"""Mails outside the request."""

from django.tasks import task
from django.utils import timezone

from . import delivery


@task()
def deliver_mail(notification_ids: list[int]) -> None:
    """Send the mails of these notifications; what is put off is taken up when its time comes."""
    result = delivery.deliver(notification_ids, now=timezone.now())
    later = deliver_mail.using(run_after=result.next_try_at) if result.next_try_at else None
    if later and later.get_backend().supports_defer:
        later.enqueue(list(result.put_off))
