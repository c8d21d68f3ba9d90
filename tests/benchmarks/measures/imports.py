"""Files read in: our machinery, and the import of django-import-export in a plain admin."""

import json
import re
from pathlib import Path
from typing import Any

from django.utils import timezone

from pms.accounts.models import User
from pms.organization.models import Department
from pms.training.models import Campaign
from pms.transfer import engine, services

from .common import HR, clock, idle_megabytes, office, peak_megabytes, root


def departments() -> list[str]:
    """Codes of the departments that have no others below them."""
    return list(Department.objects.filter(children=None).values_list("code", flat=True))


def numbers(campaign: int) -> list[str]:
    """Employee numbers of who is open in a campaign."""
    rows = Campaign.objects.get(pk=campaign).records.open()
    return list(rows.order_by("employee_number").values_list("employee_number", flat=True))


def ours(path: str, importer: str, options: dict[str, Any]) -> dict[str, Any]:
    """Upload, check, look at the preview, confirm, write: seconds, memory, size of the preview."""
    user = User.objects.get(person__employee_number=HR)
    client = office()
    today, now = timezone.localdate(), timezone.now()
    client.get("/")
    idle = idle_megabytes()
    begun = clock()
    with Path(path).open("rb") as file:
        run = services.upload(
            file,
            name=Path(path).name,
            importer=importer,
            options=options,
            actor=user,
            today=today,
            now=now,
            in_background=False,
        )
    engine.check(run.pk, today=today)
    checked = clock()
    preview = client.get(run.get_absolute_url())
    run.refresh_from_db()
    confirmed = clock()
    services.confirm(
        run.pk, digest=run.plan_digest, actor=user, today=today, now=now, in_background=False
    )
    engine.write(run.pk, today=today)
    ended = clock()
    run.refresh_from_db()
    if run.status != "done":
        raise AssertionError(json.dumps(run.preview, ensure_ascii=False)[:3_000] + run.failure)
    return {
        "check": checked - begun,
        "write": ended - confirmed,
        "seconds": checked - begun + ended - confirmed,
        "counts": run.counts,
        "preview_bytes": len(preview.content),
        "memory": peak_megabytes() - idle,
    }


def plain(path: str, model: str) -> dict[str, Any]:
    """The two pages of the admin's import: upload with its dry run, then the confirmation."""
    client = root()
    kind = Path(path).suffix[1:]
    idle = idle_megabytes()
    begun = clock()
    with Path(path).open("rb") as file:
        response = client.post(
            f"/admin/{model}/import/",
            {"import_file": file, "format": _format(client, model, kind), "resource": ""},
        )
    page = response.content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    if "import_file_name" not in sent:
        raise AssertionError(page[:20_000])
    middle = clock()
    answer = client.post(f"/admin/{model}/process_import/", sent)
    ended = clock()
    if answer.status_code != 302:
        raise AssertionError(answer.content.decode()[:20_000])
    return {
        "check": middle - begun,
        "write": ended - middle,
        "seconds": ended - begun,
        "preview_bytes": len(response.content),
        "memory": peak_megabytes() - idle,
    }


def _format(client: Any, model: str, kind: str) -> str:
    """The number of a format in the select of the page."""
    page = client.get(f"/admin/{model}/import/").content.decode()
    return re.search(rf'<option value="(\d+)"[^>]*>{kind}</option>', page)[1]
