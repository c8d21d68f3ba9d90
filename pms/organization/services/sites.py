"""The places of business."""

from typing import Any

from django.db import transaction

from pms.core.text import fold, fold_code
from pms.history.context import as_actor
from pms.organization.models import Site


@transaction.atomic
@as_actor
def create_site(*, code: str, name: str, name_en: str = "", address: str = "", actor: Any) -> Site:
    """Register a place of business.

    Raises:
        ValidationError: a field is missing or the code is taken.
    """
    site = Site(code=fold_code(code), name=fold(name), name_en=fold(name_en), address=fold(address))
    site.full_clean()
    site.save()
    return site


@transaction.atomic
@as_actor
def update_site(
    site_id: int, *, code: str, name: str, name_en: str = "", address: str = "", actor: Any
) -> Site:
    """Change what is known of a place of business.

    Raises:
        ValidationError: a field is missing or the code is taken.
    """
    site = Site.objects.select_for_update().get(pk=site_id)
    site.code, site.name = fold_code(code), fold(name)
    site.name_en, site.address = fold(name_en), fold(address)
    site.full_clean()
    site.save()
    return site
