"""Files as programs write them, and as attackers do; all made here."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
#: SOI, APP0, a frame of 2 by 2 pixels, a scan, EOI.
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9"
)
_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def png(width=2, height=2, *, extra=b"", idat=None) -> bytes:
    """A grey image; `extra` chunks stand before its pixels."""
    pixels = zlib.compress(b"\x00" * ((width + 1) * height)) if idat is None else idat
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def chunk(kind, data) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def office(kind="docx", parts=None, *, types=_TYPES, comment=b"") -> bytes:
    """An Office document with `parts` beside what every one has."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(MAIN[kind], "<document/>")
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
        archive.comment = comment
    return kept.getvalue()


def archive(parts, compression=zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return kept.getvalue()


def bomb(megabytes=300) -> bytes:
    """A workbook of a few hundred kilobytes that would unpack to hundreds of megabytes."""
    return office("xlsx", {f"xl/worksheets/sheet{number}.xml": b"0" * 50_000_000 for number in range(megabytes // 50)})


def lying(content: bytes, name: bytes, size: int) -> bytes:
    """An archive whose directory says that a part unpacks to `size`."""
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(name))
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def encrypted(content: bytes) -> bytes:
    """An archive whose directory says that its last part is encrypted."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 8] + b"\x01\x00" + content[at + 10 :]
