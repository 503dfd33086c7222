"""Which type a file is, by what is in it. Only types of the allow list; whatever is two things at once is refused."""

import codecs
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO

from gates.states import FileType

#: What may stand at the end of a file's name, and what must then be in it.
EXTENSIONS = {
    ".pdf": FileType.PDF,
    ".docx": FileType.DOCX,
    ".xlsx": FileType.XLSX,
    ".pptx": FileType.PPTX,
    ".png": FileType.PNG,
    ".jpg": FileType.JPEG,
    ".jpeg": FileType.JPEG,
    ".csv": FileType.TEXT,
    ".txt": FileType.TEXT,
    ".md": FileType.TEXT,
}
#: The same, for people.
TAKEN = "PDF, Word, Excel, PowerPoint (.docx, .xlsx, .pptx), CSV, text, Markdown, PNG or JPEG"

MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2_000
MAX_DIRECTORY = 1 << 20
#: Chunks of an image: more than any program writes.
MAX_CHUNKS = 10_000
MAX_PIXELS = 100_000_000
_CHUNK = 1 << 20
_TAIL = 1 << 16

_MARKUP = re.compile(
    rb"<\s*(!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed|img|meta|link|style|a\s)", re.IGNORECASE
)
_ZIP_END = b"PK\x05\x06"
_ZIP64 = b"PK\x06\x07"
#: Parts of an Office document that say whether it calls for macros, or for a template from elsewhere.
_TELLING = ("[Content_Types].xml", "word/_rels/settings.xml.rels")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_ACTIVE_PART = re.compile(
    r"(vbaproject|vbadata)|(^|/)activex/|embeddings/.*\.bin$"
    r"|\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|reg|sh|py|html?|zip|rar|7z|iso|docm|xlsm|pptm)$",
    re.IGNORECASE,
)
_MAIN_PART = {
    FileType.DOCX: "word/document.xml",
    FileType.XLSX: "xl/workbook.xml",
    FileType.PPTX: "ppt/presentation.xml",
}
#: How files begin that are no text, whatever their name says.
_BINARY_STARTS = (b"%PDF", b"%!PS", b"GIF8", b"{\\rtf", b"#!")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class UnfitError(ValueError):
    """A file cannot be taken; says why, and what to do about it."""

    def __init__(self, reason: str, way_out: str) -> None:
        self.reason, self.way_out = reason, way_out
        super().__init__(f"{reason} {way_out}")


def sniff(stream: IO[bytes], name: str) -> FileType:
    """Return the type of a file that is called `name`; UnfitError where name and content are not one allowed type."""
    extension = PurePosixPath(name.lower()).suffix
    claimed = EXTENSIONS.get(extension)
    if claimed is None:
        what = f"Files that end in {extension}" if extension else "Files whose name does not say their type"
        raise UnfitError(f"{what} are not taken.", f"Save it as {TAKEN}.")
    size = stream.seek(0, os.SEEK_END)
    if size == 0:
        raise UnfitError("It is empty.", "Choose the file again once something is in it.")
    head = _at(stream, 0, 1024)
    if claimed != FileType.TEXT and _MARKUP.search(head):
        raise _two_things(claimed)
    _CHECKS[claimed](stream, size)
    return claimed


def _check_pdf(stream: IO[bytes], size: int) -> None:
    tail = _at(stream, max(0, size - _TAIL), _TAIL)
    if not re.match(rb"%PDF-[12]\.\d", _at(stream, 0, 8)):
        raise _another(FileType.PDF)
    if b"%%EOF" not in tail[-2048:]:
        raise _cut_short(FileType.PDF)
    if _ZIP_END in tail or _MARKUP.search(tail[tail.rindex(b"%%EOF") :]):
        raise _two_things(FileType.PDF)
    if any(_ACTIVE_PDF.search(piece) for piece in _overlapping(stream)):
        raise UnfitError(
            "This PDF holds a script, a program or another file.", "Print it to a new PDF and choose that one."
        )


def _check_png(stream: IO[bytes], size: int) -> None:
    if _at(stream, 0, 16) != b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":
        raise _another(FileType.PNG)
    shape = _at(stream, 16, 8)
    _check_pixels(int.from_bytes(shape[:4], "big"), int.from_bytes(shape[4:], "big"))
    at = 8
    for _ in range(MAX_CHUNKS):
        if at >= size:
            raise _cut_short(FileType.PNG)
        length, kind = int.from_bytes(_at(stream, at, 4), "big"), _at(stream, at + 4, 4)
        if at + 12 + length > size or not _fits(stream, at + 4, length + 4):
            raise _cut_short(FileType.PNG)
        at += 12 + length
        if kind == b"IEND":
            break
    else:
        raise _cut_short(FileType.PNG)
    if at != size:
        raise _two_things(FileType.PNG)


def _fits(stream: IO[bytes], at: int, length: int) -> bool:
    """Whether the checksum behind a chunk of a PNG is that of the chunk."""
    stream.seek(at)
    checksum = 0
    while length:
        piece = stream.read(min(length, _CHUNK))
        checksum, length = zlib.crc32(piece, checksum), length - len(piece)
    return stream.read(4) == checksum.to_bytes(4, "big")


def _check_jpeg(stream: IO[bytes], size: int) -> None:
    if _at(stream, 0, 3) != b"\xff\xd8\xff":
        raise _another(FileType.JPEG)
    at = 2
    for _ in range(MAX_CHUNKS):
        marker = _at(stream, at, 4)
        if len(marker) < 4 or marker[0] != 0xFF or marker[1] == 0xDA:
            break
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in {0xC4, 0xC8, 0xCC}:
            shape = _at(stream, at + 5, 4)
            _check_pixels(int.from_bytes(shape[:2], "big"), int.from_bytes(shape[2:], "big"))
        at += 2 + int.from_bytes(marker[2:], "big")
    tail = _at(stream, max(0, size - _TAIL), _TAIL)
    if marker[:2] != b"\xff\xda" or b"\xff\xd9" not in tail:
        raise _cut_short(FileType.JPEG)
    if not tail.endswith(b"\xff\xd9") or _ZIP_END in tail:
        raise _two_things(FileType.JPEG)


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or not width or not height:
        raise UnfitError(f"The image is {width} by {height} pixels, too many to open safely.", "Save it smaller.")


def _check_office(claimed: FileType) -> Callable[[IO[bytes], int], None]:
    def check(stream: IO[bytes], size: int) -> None:
        if _at(stream, 0, 4) == b"\xd0\xcf\x11\xe0":
            raise UnfitError(
                "It is in an old or encrypted Office format.", f"Save it as .{claimed}, without a password."
            )
        if _at(stream, 0, 4) != b"PK\x03\x04":
            raise _another(claimed)
        _check_directory(stream, size, claimed)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_parts(archive, claimed)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            if isinstance(error, UnfitError):
                raise
            raise UnfitError("It is damaged and cannot be opened.", "Save it again and choose the new file.") from error

    return check


def _check_directory(stream: IO[bytes], size: int, claimed: FileType) -> None:
    """Refuse what is not one archive from end to end, or has a directory that is too much to read."""
    end = _at(stream, size - 22, 22)
    if not end.startswith(_ZIP_END) or end[20:] != b"\0\0":
        raise _two_things(claimed)
    parts, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if parts > MAX_PARTS or directory > MAX_DIRECTORY or _at(stream, size - 42, 4) == _ZIP64:
        raise _too_much()


def _check_parts(archive: zipfile.ZipFile, claimed: FileType) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if _MAIN_PART[claimed] not in names or "[Content_Types].xml" not in names:
        raise _another(claimed)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_much()
    if len(set(names)) != len(names) or any(_escapes(name) for name in names) or parts[0].header_offset:
        raise UnfitError(
            "Its parts have names that no Office program writes.", "Save it again from your Office program."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnfitError("It is encrypted.", "Save it without a password.")
    if any(_ACTIVE_PART.search(name) for name in names) or any(_is_active(archive, part) for part in parts):
        raise UnfitError("It holds macros, programs or embedded files.", "Save it without them, or as PDF.")


def _escapes(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/")


def _is_active(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part is a program, or one that calls for macros or for a template from elsewhere."""
    told = part.filename in _TELLING
    with archive.open(part) as content:
        start = content.read(_CHUNK if told else 4)
    if told:
        return b"macroEnabled" in start or (b"attachedTemplate" in start and b"External" in start)
    return start.startswith((b"MZ", b"\x7fELF", b"#!"))


def _check_text(stream: IO[bytes], _size: int) -> None:
    head = _at(stream, 0, 1024).removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnfitError("It is text in UTF-16.", "Save it as “CSV UTF-8” or as UTF-8 text.")
    if head.startswith(_BINARY_STARTS) or any(_CONTROL.search(piece) for piece in _overlapping(stream)):
        raise _another(FileType.TEXT)
    if head.startswith(b"<") or _MARKUP.search(head):
        raise UnfitError("It is a web page, a drawing or XML, not plain text.", "Save it as PDF.")


def _overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    """The whole file in pieces that overlap, so that no word is cut in two."""
    stream.seek(0)
    kept = b""
    while piece := stream.read(_CHUNK):
        yield kept + piece
        kept = piece[-32:]


def _at(stream: IO[bytes], offset: int, length: int) -> bytes:
    stream.seek(max(0, offset))
    return stream.read(length)


def _another(claimed: FileType) -> UnfitError:
    return UnfitError(f"Its name says {claimed.label}, but its content is something else.", f"Save it as {TAKEN}.")


def _too_much() -> UnfitError:
    what = f"It would unpack to more than {MAX_UNPACKED >> 20} MB or {MAX_PARTS:,} parts."
    return UnfitError(what, "Save a smaller one.")


def _cut_short(claimed: FileType) -> UnfitError:
    return UnfitError(f"The {claimed.label} is cut short or damaged.", "Save it again and choose the new file.")


def _two_things(claimed: FileType) -> UnfitError:
    return UnfitError(
        f"It is a {claimed.label} and something else at the same time.", "Save it again from the program that made it."
    )


_CHECKS: dict[FileType, Callable[[IO[bytes], int], None]] = {
    FileType.PDF: _check_pdf,
    FileType.PNG: _check_png,
    FileType.JPEG: _check_jpeg,
    FileType.TEXT: _check_text,
    **{one: _check_office(one) for one in _MAIN_PART},
}
