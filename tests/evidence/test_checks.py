"""Which files are accepted, and what is left of them."""

import io
import zipfile

import pytest
from PIL import Image

from pms.evidence import checks
from pms.evidence.checks import check, clean_name
from pms.evidence.exceptions import UnacceptableFileError

from .samples import EXE, HTML, PDF, SVG, archive, office, photo_from_a_phone, picture

LIMIT = 10_000_000


def judge(name, content, max_bytes=LIMIT):
    """The accepted file."""
    return check(io.BytesIO(content), name, size=len(content), max_bytes=max_bytes)


def refusal(name, content, max_bytes=LIMIT):
    """What the user is told, which always names the file."""
    with pytest.raises(UnacceptableFileError) as error:
        judge(name, content, max_bytes)
    (message,) = error.value.messages
    assert name in message
    return message


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


class TestAccepts:
    @pytest.mark.parametrize(
        ("name", "content", "media_type"),
        [
            ("report.pdf", PDF, "application/pdf"),
            ("REPORT.PDF", PDF, "application/pdf"),
            ("list.csv", "番号,氏名\r\n1,髙橋".encode("cp932"), "text/csv"),
            ("memo.txt", "受講済み\n".encode("utf-8-sig"), "text/plain"),
            ("letter.docx", office("docx"), checks.KINDS[".docx"].media_type),
            ("list.xlsx", office("xlsx"), checks.KINDS[".xlsx"].media_type),
            ("slides.pptx", office("pptx"), checks.KINDS[".pptx"].media_type),
        ],
    )
    def test_keeps_documents_byte_for_byte(self, name, content, media_type):
        accepted = judge(name, content)

        assert accepted.name == name
        assert accepted.media_type == media_type
        assert accepted.content.read() == content

    @pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_draws_pictures_anew_in_their_own_format(self, picture_format):
        accepted = judge(f"photo.{picture_format.lower()}", picture(picture_format))

        with Image.open(accepted.content) as image:
            assert image.format == picture_format
            assert image.size == (4, 2)
        assert accepted.media_type == f"image/{picture_format.lower()}"

    def test_turns_a_photo_as_the_camera_says_and_forgets_the_rest(self):
        original = photo_from_a_phone()
        assert b"Yamada" in original

        content = judge("photo.jpg", original).content.read()

        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (20, 40)
            assert not image.getexif()
            red, _, blue = image.getpixel((10, 5))
            assert red > 200 > 100 > blue, "the left half of the picture is its top now"
        for trace in (b"Exif", b"Yamada", b"taken at home"):
            assert trace not in content

    def test_keeps_transparency(self):
        image = Image.new("RGBA", (2, 2), (255, 0, 0, 0))
        target = io.BytesIO()
        image.save(target, "PNG")

        with Image.open(judge("stamp.png", target.getvalue()).content) as kept:
            assert kept.getpixel((0, 0))[3] == 0

    def test_loses_a_second_file_behind_a_picture(self):
        hidden = archive({"evil.exe": EXE})

        content = judge("photo.png", picture("PNG") + hidden).content

        assert not zipfile.is_zipfile(content)


class TestRefusesByTheOutside:
    @pytest.mark.parametrize(
        "name",
        [
            "run.exe",
            "page.html",
            "logo.svg",
            "all.zip",
            "macro.docm",
            "mail.eml",
            "noending",
            "a.js",
        ],
    )
    def test_kinds_that_are_not_on_the_list(self, name):
        assert "not accepted" in refusal(name, PDF)

    def test_more_than_the_limit_and_says_what_it_is(self):
        content = PDF + b" " * 3_000_000

        assert "larger than 2.0" in refusal("big.pdf", content, max_bytes=2 * 1024 * 1024)

    def test_an_empty_file(self):
        assert "empty" in refusal("nothing.pdf", b"")


class TestRefusesByTheContent:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("renamed.pdf", EXE),
            ("renamed.docx", EXE),
            ("page.pdf", HTML + PDF),
            ("page.txt", b"\xef\xbb\xbf \r\n" + HTML),
            ("logo.txt", SVG),
            ("script.csv", b"#!/bin/sh\nrm"),
            ("archive.docx", archive({"a.txt": b"a"})),
            ("letter.xlsx", office("docx")),
            ("hidden.docx", PDF + office("docx")),
            (
                "hidden.pdf",
                PDF + archive({"evil.exe": EXE * 10_000, "random": bytes(range(256)) * 9}),
            ),
        ],
    )
    def test_what_does_not_fit_its_name(self, name, content):
        assert "does not fit the ending" in refusal(name, content)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("renamed.png", EXE),
            ("logo.png", SVG),
            ("page.jpg", HTML),
            ("other.png", picture("JPEG")),
            ("cut.jpg", picture("JPEG", (200, 200))[:-300]),
            ("cut.docx", office("docx")[:-10]),
        ],
    )
    def test_what_cannot_be_read(self, name, content):
        assert "cannot be read" in refusal(name, content)

    @pytest.mark.parametrize(
        "content", [EXE, b"a\0b", b"\x81\x82\xff\xfe", "番号".encode("utf-16")]
    )
    def test_text_that_is_none(self, content):
        assert "UTF-8 or Shift_JIS" in refusal("list.csv", content)

    @pytest.mark.parametrize(
        "content",
        [
            office("docx", word__vbaProject=b"macro"),
            office("docx", word__activeX__activeX1=b"x"),
            office("docx", word__embeddings__oleObject1=b"x"),
            office("xlsx", xl__macrosheets__sheet1=b"x"),
            office("docx", types=b'<Override ContentType="application/x.macroEnabled.main+xml"/>'),
        ],
    )
    def test_office_files_that_would_run_something(self, content):
        name = "form.xlsx" if b"xl/workbook.xml" in content else "form.docx"

        assert "macros or embedded programs" in refusal(name, content)

    def test_office_files_with_a_password(self):
        assert "password" in refusal(
            "secret.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        )

    def test_a_zip_bomb_without_unpacking_it(self, monkeypatch):
        monkeypatch.setattr(checks, "MAX_UNPACKED_BYTES", 1_000_000)
        bomb = office("docx", word__media__image1=b"\0" * 1_000_001)
        assert len(bomb) < 10_000

        assert "unpack to more" in refusal("bomb.docx", bomb)

    def test_an_archive_of_too_many_parts(self, monkeypatch):
        monkeypatch.setattr(checks, "MAX_MEMBERS", 3)

        assert "unpack to more" in refusal("bomb.docx", office("docx", a=b"", b=b""))

    @pytest.mark.parametrize("part", ["..__..__etc__passwd", "__etc__passwd", "C:\\evil.dll"])
    def test_parts_that_would_leave_the_folder(self, part):
        assert "cannot be read" in refusal("form.docx", office("docx", **{part: b"x"}))

    def test_a_picture_that_would_fill_the_memory(self, monkeypatch):
        monkeypatch.setattr(checks, "MAX_PIXELS", 7)

        assert "too many pixels" in refusal("bomb.png", picture("PNG"))

    @pytest.mark.parametrize("library_limit", [5, 3])
    def test_a_picture_that_the_library_finds_too_large(self, monkeypatch, library_limit):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", library_limit)

        assert "too many pixels" in refusal("bomb.png", picture("PNG"))

    @pytest.mark.parametrize("picture_format", ["GIF", "PNG", "WEBP"])
    def test_a_moving_picture_of_which_only_the_first_would_stay(self, picture_format):
        more = [Image.new("RGB", (4, 2), colour) for colour in ("green", "white")]
        content = picture(picture_format, save_all=True, append_images=more)

        assert "moving picture" in refusal(f"film.{picture_format.lower()}", content)


class TestCleanName:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("C:\\Users\\yamada\\受講票.pdf", "受講票.pdf"),
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("か\u3099くせい.pdf", "がくせい.pdf"),
            ("report\u202efdp.exe", "reportfdp.exe"),
            ("a\r\nb\0.pdf", "ab.pdf"),
            (" .pdf", "pdf"),
            ("...", "-"),
            ("髙" * 300 + ".pdf", "髙" * 196 + ".pdf"),
        ],
    )
    def test_leaves_nothing_that_misleads(self, given, kept):
        assert clean_name(given) == kept
