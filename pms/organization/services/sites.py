"""The company and its places of business."""

from typing import Any

from django.db import transaction

from pms.core.text import fold, fold_code
from pms.history.context import as_actor
from pms.organization.models import Company, Site


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


@transaction.atomic
@as_actor
def describe_company(*, actor: Any, **facts: Any) -> Company:
    """Say what stands at the head of the company's papers.

    Args:
        facts: fields of `Company`.

    Raises:
        ValidationError: a field is missing or out of range.
    """
    company = Company.objects.current()
    for name, value in facts.items():
        setattr(company, name, fold(value) if isinstance(value, str) else value)
    company.full_clean(validate_unique=company._state.adding is False)
    company.save()
    return company
