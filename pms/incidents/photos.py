"""Photos that tell nothing of who took them."""

from io import BytesIO
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from pms.core.exceptions import DomainError

FORMATS: Final = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
MOST_PIXELS: Final = 60_000_000


def without_traces(file: UploadedFile) -> UploadedFile:
    """The picture drawn anew: without its name, place, time, device, and whatever else it carries.

    Other files hold their author in too many places; a report without a name takes pictures only.

    Raises:
        DomainError: it is no JPEG or PNG picture.
    """
    try:
        with Image.open(file) as picture:
            kind = picture.format or ""
            if kind not in FORMATS or picture.width * picture.height > MOST_PIXELS:
                raise DomainError({"files": _refusal()})
            upright = ImageOps.exif_transpose(picture)
            plain = Image.new("RGB", upright.size, "white")
            plain.paste(upright.convert("RGB"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise DomainError({"files": _refusal()}) from error
    ending, media_type = FORMATS[kind]
    content = BytesIO()
    plain.save(content, kind)
    return SimpleUploadedFile(f"photo.{ending}", content.getvalue(), media_type)


def _refusal() -> str:
    return _(
        "Without a name only JPEG and PNG pictures can be sent: other files tell who made them. "
        "Your text was not lost."
    )
