"""What a file is, by what is in it: the types that are taken, and hostile files, none of which are."""

import io
import struct
import time
import tracemalloc

import pytest

from gates.filing import safe_name
from gates.sniffing import MAX_CHUNKS, UnfitError, sniff
from gates.states import FileType
from tests.gates.evidence.files import JPEG, PDF, archive, bomb, chunk, encrypted, lying, office, png

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF_JS = b"GIF89a/*\x00\x00\x00*/=1;alert(1)"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("report.pdf", PDF, FileType.PDF),
        ("REPORT.PDF", PDF, FileType.PDF),
        ("letter.docx", office("docx"), FileType.DOCX),
        ("table.xlsx", office("xlsx", {"xl/printerSettings/printerSettings1.bin": b"x"}), FileType.XLSX),
        ("pack.pptx", office("pptx", {"ppt/embeddings/Microsoft_Excel_Sheet.xlsx": b"x"}), FileType.PPTX),
        ("screen.png", png(), FileType.PNG),
        ("screen.png", png(extra=chunk(b"tEXt", b"Software\x00A camera")), FileType.PNG),
        ("photo.jpg", JPEG, FileType.JPEG),
        ("photo.jpeg", JPEG, FileType.JPEG),
        ("letters.csv", b"Letters;Minutes\r\n9;34\r\n", FileType.TEXT),
        ("letters.csv", "\ufeffÜber;Fälle\r\n".encode(), FileType.TEXT),
        ("old.csv", "Über;Fälle\r\n".encode("cp1252"), FileType.TEXT),
        ("notes.txt", b"BMW claims: 3 < 4, and 5 > 4.\f\n", FileType.TEXT),
        ("notes.md", b"# Notes\n\n- one\n- `two`\n", FileType.TEXT),
    ],
)
def test_what_is_taken(name, content, found):
    assert sniff(io.BytesIO(content), name) == found


HOSTILE = {
    # what is never taken, whatever it holds
    "svg": ("drawing.svg", SVG),
    "html": ("page.html", HTML),
    "xhtml": ("page.xhtml", HTML),
    "xml": ("data.xml", b"<?xml version='1.0'?><a/>"),
    "script": ("run.js", b"alert(1)"),
    "program": ("setup.exe", b"MZ\x90\x00" + b"\0" * 64),
    "program without a type": ("setup", b"\x7fELF" + b"\0" * 64),
    "archive": ("all.zip", archive({"a.txt": b"a"})),
    "old word": ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "macro workbook": ("table.xlsm", office("xlsx")),
    "rich text": ("letter.rtf", b"{\\rtf1 hello}"),
    "gif": ("image.gif", GIF_JS),
    "webp": ("image.webp", b"RIFF\0\0\0\0WEBP"),
    "mail": ("mail.eml", b"Subject: x\r\n\r\n<script>"),
    # names that say something else
    "double ending": ("report.pdf.exe", PDF),
    "double ending, web page": ("report.pdf.html", PDF),
    "ending behind a null": ("report.exe\x00.pdf\x00.exe", PDF),
    "ending behind a blank": ("report.pdf .exe", PDF),
    "turned around by a sign": ("report\u202efdp.exe", PDF),
    "only an ending": (".pdf", PDF),
    # content that is not what the name says
    "svg as png": ("drawing.png", SVG),
    "svg as text": ("drawing.txt", SVG),
    "svg as csv, behind blanks": ("drawing.csv", b"\xef\xbb\xbf \r\n\t" + SVG),
    "html as pdf": ("page.pdf", HTML),
    "html as text": ("page.txt", HTML),
    "html as markdown": ("page.md", b"Hello <ScRiPt src=x>"),
    "html behind a comment": ("page.txt", b"<!-- a --><html>"),
    "xml as text": ("data.txt", b"<?xml version='1.0'?><a/>"),
    "php as text": ("page.txt", b"x <?php system($_GET['c']); ?>"),
    "shell script as text": ("run.txt", b"#!/bin/sh\nrm -rf /\n"),
    "program as pdf": ("setup.pdf", b"MZ\x90\x00" + b"\0" * 64),
    "program as text": ("setup.txt", b"MZ\x90\x00" + b"\0" * 64),
    "null in text": ("notes.txt", b"hello\x00world"),
    "terminal codes in text": ("notes.txt", b"\x1b]0;title\x07"),
    "text in utf-16": ("letters.csv", "Über;Fälle".encode("utf-16")),
    "postscript as text": ("page.txt", b"%!PS-Adobe"),
    "rich text as text": ("page.txt", b"{\\rtf1\\object}"),
    "pdf as text": ("page.txt", PDF),
    "png as jpeg": ("screen.jpg", png()),
    "jpeg as png": ("photo.png", JPEG),
    "gif as png": ("image.png", GIF_JS),
    "gif and script as text": ("image.txt", b"GIF89a=1;alert(1)"),
    "archive as document": ("letter.docx", archive({"a.txt": b"a"})),
    "workbook as document": ("letter.docx", office("xlsx")),
    "old or encrypted document": ("letter.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64),
    # two things at once
    "pdf behind html": ("page.pdf", b"<html>" + PDF),
    "pdf with html in its head": ("page.pdf", PDF[:9] + b"%<script>alert(1)</script>\n" + PDF[9:]),
    "pdf before html": ("page.pdf", PDF + HTML),
    "pdf before archive": ("page.pdf", PDF + archive({"a.txt": b"a"})),
    "png before html": ("screen.png", png() + HTML),
    "png before archive": ("screen.png", png() + archive({"a.txt": b"a"})),
    "png with html inside": ("screen.png", png(extra=chunk(b"tEXt", b"Comment\x00" + HTML))),
    "jpeg before script": ("photo.jpg", JPEG + b"*/=alert(1)"),
    "jpeg before archive": ("photo.jpg", JPEG + archive({"a.txt": b"a"}) + b"\xff\xd9"),
    "jpeg with html inside": ("photo.jpg", JPEG[:2] + b"\xff\xfe\x00\x37" + HTML + JPEG[2:]),
    "program before document": ("letter.docx", b"MZ" + office("docx")),
    "html before document": ("letter.docx", HTML + office("docx")),
    "document before html": ("letter.docx", office("docx") + HTML),
    "document with html as comment": ("letter.docx", office("docx", comment=HTML)),
    # active content
    "macros": ("letter.docx", office("docx", {"word/vbaProject.bin": b"x"})),
    "macros by another name": (
        "letter.docx",
        office("docx", types=b"<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"),
    ),
    "template from elsewhere": (
        "letter.docx",
        office("docx", {"word/_rels/settings.xml.rels": b'<a Type="attachedTemplate" TargetMode="External"/>'}),
    ),
    "active x": ("table.xlsx", office("xlsx", {"xl/activeX/activeX1.bin": b"x"})),
    "embedded package": ("letter.docx", office("docx", {"word/embeddings/oleObject1.bin": b"x"})),
    "embedded program": ("pack.pptx", office("pptx", {"ppt/media/setup.exe": b"x"})),
    "embedded program by another name": ("pack.pptx", office("pptx", {"ppt/media/image1.png": b"MZ\x90\x00"})),
    "embedded archive": ("letter.docx", office("docx", {"word/media/all.zip": b"x"})),
    "pdf with a script": ("page.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /JavaScript (x) >>")),
    "pdf that starts a program": ("page.pdf", PDF.replace(b"/Catalog", b"/Catalog /Launch")),
    "pdf with a file in it": ("page.pdf", PDF.replace(b"/Catalog", b"/EmbeddedFile")),
    # bombs
    "workbook bomb": ("table.xlsx", bomb()),
    "workbook that lies about its size": ("table.xlsx", lying(office("xlsx"), b"xl/workbook.xml", 2**31)),
    "many parts": ("table.xlsx", office("xlsx", {f"xl/{number}.xml": b"" for number in range(2100)})),
    "image of too many pixels": ("screen.png", png(40_000, 40_000, idat=b"x")),
    "image of no pixels": ("screen.png", png(0, 2, idat=b"x")),
    "image of endless chunks": ("screen.png", png(extra=chunk(b"tEXt", b"") * MAX_CHUNKS)),
    "photo of too many pixels": ("photo.jpg", JPEG.replace(b"\x08\x00\x02\x00\x02", b"\x08\xff\xff\xff\xff")),
    # damage, and names within
    "empty": ("report.pdf", b""),
    "empty text": ("notes.txt", b""),
    "cut pdf": ("report.pdf", PDF[:40]),
    "cut png": ("screen.png", png()[:-14]),
    "png with a wrong checksum": ("screen.png", png()[:-1] + b"\x00"),
    "png of only a head": ("screen.png", png()[:33]),
    "cut jpeg": ("photo.jpg", JPEG[:-2]),
    "cut document": ("letter.docx", office("docx")[:-40]),
    "encrypted document": ("letter.docx", encrypted(office("docx"))),
    "parts outside": ("letter.docx", office("docx", {"../../etc/cron.d/x": b"x"})),
    "part at the root": ("letter.docx", office("docx", {"/etc/passwd": b"x"})),
    "archive without an end": ("letter.docx", b"PK\x03\x04" + b"\0" * 100),
    "archive of a huge directory": (
        "letter.docx",
        b"PK\x03\x04" + b"\0" * 40 + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 2**31, 0, 0),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.requirement(27, page="/pilots/P-0001/evidence/add/")
def test_hostile_files_are_refused_within_a_second_and_in_little_memory(case):
    name, content = HOSTILE[case]
    stream = io.BytesIO(content)
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(UnfitError) as refused:
            sniff(stream, name)
        took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.value.reason
    assert refused.value.way_out
    assert took < 1
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("Report v1.2 (final).PDF", "Report v1.2 (final).pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\report.pdf", "report.pdf"),
        ("report.exe.pdf", "report-exe.pdf"),
        ("report\u202egnp.pdf", "report gnp.pdf"),
        ("line\r\nSet-Cookie: a=b.pdf", "line Set-Cookie a=b.pdf"),
        ("a\x00b.pdf", "a b.pdf"),
        ('say "hi"; x%0a.pdf', "say hi x 0a.pdf"),
        ("Prüfung März.pdf", "Prüfung März.pdf"),
        ("...", "evidence"),
        ("", "evidence"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(sent, kept):
    assert safe_name(sent) == kept
