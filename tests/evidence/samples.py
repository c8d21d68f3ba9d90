"""Small files of every kind, honest and dishonest, made on the spot."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
MAIN_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    """An upload, as a form hands it over."""
    return SimpleUploadedFile(name, content)


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


def office(kind: str = "docx", types: bytes = b"<Types/>", **more: bytes) -> bytes:
    """An Office file; `more` parts have "__" where a path has "/"."""
    parts = {name.replace("__", "/"): content for name, content in more.items()}
    return archive({"[Content_Types].xml": types, MAIN_PARTS[kind]: b"<main/>"} | parts)


def picture(
    picture_format: str = "JPEG", size: tuple[int, int] = (4, 2), **saving: object
) -> bytes:
    """A picture, red on its left half and blue on its right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    target = io.BytesIO()
    image.save(target, picture_format, **saving)
    return target.getvalue()


def photo_from_a_phone() -> bytes:
    """A JPEG taken sideways, which tells where it was taken and with whose camera."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right
    exif[0x010F] = "Kamera of Yamada"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (40, 20), exif=exif, comment=b"taken at home", quality=95)
