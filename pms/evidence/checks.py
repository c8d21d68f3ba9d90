"""Which files are accepted as evidence, and in which form they are kept.

The kind is taken from the ending of the name, and the content must agree: a browser or a desktop
that trusts either the one or the other then comes to the same result. Pictures are drawn anew, so
nothing but the picture is left: no place of taking, no owner of the camera, no second file hidden
behind the first.
"""

import codecs
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .exceptions import UnacceptableFileError

MAX_NAME: Final = 200
# The largest cameras of present phones take 50 million; four bytes each are held in memory.
MAX_PIXELS: Final = 64_000_000
MAX_MEMBERS: Final = 5_000
MAX_UNPACKED_BYTES: Final = 400_000_000
PIECE: Final = 1 << 20

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP: Final = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"#!")
# Controls that no text has, and the letters that Shift_JIS makes of bytes that are not its own.
_NOT_TEXT: Final = re.compile("[\\x00-\\x08\\x0e-\\x1a\\x1c-\\x1f\\x7f\\x80\\uf8f0-\\uf8f3]")
# Parts of office files that run by themselves when the file is opened.
_ACTIVE: Final = ("vbaproject", "vbadata", "/macrosheets/", "/activex/", "/oleobject")
# Whatever a decoder raises over bytes that are not a picture.
_UNREADABLE: Final = (
    ArithmeticError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file as it shall be kept.

    Attributes:
        name: what the user called it, without anything that could mislead.
        media_type: as it is served.
        content: the bytes to keep, at their beginning; for a picture not those that came.
    """

    name: str
    media_type: str
    content: IO[bytes]


def check(file: IO[bytes], name: str, *, size: int, max_bytes: int) -> Accepted:
    """Judge an uploaded file, and give it in the form in which it is kept.

    Args:
        file: the content, seekable.
        name: as the user's computer calls it.
        size: bytes of the content.
        max_bytes: how large it may be.

    Raises:
        UnacceptableFileError: naming the file and the cure.
    """
    name = clean_name(name)
    kind = check_outside(name, size=size, max_bytes=max_bytes)
    file.seek(0)
    content = kind.check(file, name)
    content.seek(0)
    return Accepted(name, kind.media_type, content)


def check_outside(name: str, *, size: int, max_bytes: int) -> "Kind":
    """Judge a file by name and size alone, which a form can do before anything is read."""
    if not size:
        raise UnacceptableFileError(
            _("“%(name)s” is empty. Please check the file and choose it again.") % {"name": name}
        )
    if size > max_bytes:
        raise UnacceptableFileError(
            _(
                "“%(name)s” is larger than %(limit)s. Please make it smaller or split it, then "
                "choose it again."
            )
            % {"name": name, "limit": filesizeformat(max_bytes)}
        )
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise UnacceptableFileError(
            _(
                "“%(name)s” is of a kind that is not accepted. Please save it as PDF, picture "
                "(JPEG, PNG), text, CSV or Office file (.docx, .xlsx, .pptx) and choose that file."
            )
            % {"name": name}
        )
    return kind


def clean_name(name: str) -> str:
    """The last part of `name` in composed letters, without what is invisible; its ending stays."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Control and format characters; among them those that let "fdp.exe" be read from the right.
    name = "".join(it for it in name if unicodedata.category(it) not in ("Cc", "Cf", "Cs"))
    path = PurePosixPath(name.strip(" .") or "-")
    return path.stem[: MAX_NAME - len(path.suffix)] + path.suffix


def _check_pdf(file: IO[bytes], name: str) -> IO[bytes]:
    head = file.read(8)
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - 1024))
    # Another file hung on behind would push the end mark out of the last kilobyte.
    if not head.startswith(b"%PDF-") or b"%%EOF" not in file.read():
        raise _not_what_it_says(name)
    return file


def _check_text(file: IO[bytes], name: str) -> IO[bytes]:
    start = file.read(512).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(_MARKUP):
        raise _not_what_it_says(name)
    if not any(_is_text(file, encoding) for encoding in ("utf-8", "cp932")):
        raise UnacceptableFileError(
            _(
                "“%(name)s” is not plain text. Please save it as UTF-8 or Shift_JIS text and "
                "choose that file."
            )
            % {"name": name}
        )
    return file


def _is_text(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if _NOT_TEXT.search(decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _check_office(main_part: str) -> Callable[[IO[bytes], str], IO[bytes]]:
    def check_office(file: IO[bytes], name: str) -> IO[bytes]:
        head = file.read(8)
        if head == _OLE:
            raise UnacceptableFileError(
                _(
                    "“%(name)s” is protected by a password or of an old Office format. Please "
                    "remove the password, save it in the present format and choose that file."
                )
                % {"name": name}
            )
        if not head.startswith(b"PK\x03\x04"):
            raise _not_what_it_says(name)
        try:
            with zipfile.ZipFile(file) as archive:
                _check_members(archive, main_part, name)
        # The last two: an encrypted part, and a compression that no Office program uses.
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise _damaged(name) from error
        return file

    return check_office


def _check_members(archive: zipfile.ZipFile, main_part: str, name: str) -> None:
    members = archive.infolist()
    parts = [member.filename for member in members]
    if len(parts) > MAX_MEMBERS or sum(it.file_size for it in members) > MAX_UNPACKED_BYTES:
        raise UnacceptableFileError(
            _(
                "“%(name)s” would unpack to more than an Office file should. Please remove "
                "large pictures, or save it as PDF and choose that file."
            )
            % {"name": name}
        )
    if main_part not in parts or "[Content_Types].xml" not in parts:
        raise _not_what_it_says(name)
    if len(set(parts)) < len(parts) or not all(_stays_inside(part) for part in parts):
        raise _damaged(name)
    with archive.open("[Content_Types].xml") as types:
        declared = types.read(PIECE).lower()
    active = any(mark in f"/{part.lower()}" for part in parts for mark in _ACTIVE)
    if active or b"macroenabled" in declared:
        raise UnacceptableFileError(
            _(
                "“%(name)s” contains macros or embedded programs. Please save it without them, "
                "or as PDF, and choose that file."
            )
            % {"name": name}
        )


def _stays_inside(part: str) -> bool:
    path = PurePosixPath(part)
    return not path.is_absolute() and ".." not in path.parts and not set(part) & set("\\:\0")


def _draw_anew(picture_format: str) -> Callable[[IO[bytes], str], IO[bytes]]:
    def draw_anew(file: IO[bytes], name: str) -> IO[bytes]:
        try:
            with Image.open(file, formats=[picture_format]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _too_many_pixels(name)
                # Phones put a preview behind a JPEG; what moves in another format is content.
                if picture_format != "JPEG" and getattr(picture, "is_animated", False):
                    raise _moves(name)
                return _redrawn(picture, picture_format)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels(name) from error
        except _UNREADABLE as error:
            raise _damaged(name) from error

    return draw_anew


def _redrawn(picture: Image.Image, picture_format: str) -> IO[bytes]:
    """The first picture of the file, turned as the camera says, and nothing else of the file."""
    upright = ImageOps.exif_transpose(picture)
    if picture_format != "PNG" and upright.mode not in ("L", "P", "RGB", "RGBA"):
        upright = upright.convert("RGB")
    upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
    content = io.BytesIO()
    upright.save(content, picture_format, **_SAVING.get(picture_format, {}))
    return content


_SAVING: Final[dict[str, dict[str, int]]] = {"JPEG": {"quality": 92}, "WEBP": {"quality": 92}}


def _not_what_it_says(name: str) -> UnacceptableFileError:
    return UnacceptableFileError(
        _(
            "The content of “%(name)s” does not fit the ending of its name. Please open the file, "
            "save it anew in the right format and choose that file."
        )
        % {"name": name}
    )


def _damaged(name: str) -> UnacceptableFileError:
    return UnacceptableFileError(
        _(
            "“%(name)s” cannot be read as what its name says. Please open the file, save it anew "
            "and choose that file."
        )
        % {"name": name}
    )


def _too_many_pixels(name: str) -> UnacceptableFileError:
    return UnacceptableFileError(
        _("The picture “%(name)s” has too many pixels. Please make it smaller and choose it again.")
        % {"name": name}
    )


def _moves(name: str) -> UnacceptableFileError:
    return UnacceptableFileError(
        _(
            "“%(name)s” is a moving picture. Please save what it shows as single pictures and "
            "choose those."
        )
        % {"name": name}
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it is served, and what judges its content."""

    media_type: str
    check: Callable[[IO[bytes], str], IO[bytes]]


_OFFICE = "application/vnd.openxmlformats-officedocument"

# Not here on purpose: archives and mails (nobody sees what travels inside), SVG and HTML (they
# are programs), Office files with macros or of the format before 2007.
KINDS: Final[dict[str, Kind]] = {
    ".pdf": Kind("application/pdf", _check_pdf),
    ".jpg": Kind("image/jpeg", _draw_anew("JPEG")),
    ".jpeg": Kind("image/jpeg", _draw_anew("JPEG")),
    ".png": Kind("image/png", _draw_anew("PNG")),
    ".gif": Kind("image/gif", _draw_anew("GIF")),
    ".webp": Kind("image/webp", _draw_anew("WEBP")),
    ".txt": Kind("text/plain", _check_text),
    ".csv": Kind("text/csv", _check_text),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", _check_office("word/document.xml")),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _check_office("xl/workbook.xml")),
    ".pptx": Kind(f"{_OFFICE}.presentationml.presentation", _check_office("ppt/presentation.xml")),
}
