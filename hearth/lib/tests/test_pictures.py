"""What is kept of a picture, and what is no picture."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib import pictures
from hearth.lib.testing import a_jpeg, a_png

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def refused(data):
    with pytest.raises(pictures.NotAPicture) as caught:
        pictures.read(data)
    return caught.value.why


def segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def noted(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def archive():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as one:
        one.writestr("a.html", "<script>")
    return held.getvalue()


def exif(order, *, turned, place=b"39.7392,-104.9903"):
    mark = b"II" if order == "<" else b"MM"
    head = struct.pack(f"{order}2sHIH", mark, 42, 8, 1)
    return b"Exif\0\0" + head + struct.pack(f"{order}HHIHHI", 0x0112, 3, 1, turned, 0, 0) + place


def test_a_plain_jpeg_and_png_are_kept_with_their_size():
    for data, kind in ((a_jpeg(), "image/jpeg"), (a_png(40, 25), "image/png")):
        found = pictures.read(data)
        assert found.kind == kind
        assert pictures.read(found.data) == found
    assert (pictures.read(a_png(40, 25)).width, pictures.read(a_png(40, 25)).height) == (40, 25)


def test_places_comments_and_thumbnails_are_left_behind():
    data = noted(a_jpeg(), segment(0xE1, exif(">", turned=1)), segment(0xFE, b"<script>"), segment(0xED, b"Photoshop"))
    kept = pictures.read(data).data
    for word in (b"39.7392", b"script", b"Photoshop", b"Exif"):
        assert word not in kept
    png = a_png(4, 4, (b"tEXt", b"Comment\0<script>"), (b"eXIf", b"39.7392"))
    assert pictures.read(png).data == pictures.read(a_png(4, 4)).data


def test_what_is_packed_into_a_note_of_colours_is_left_behind():
    plain = (b"pHYs", bytes(9))
    kept = pictures.read(a_png(4, 4, plain, (b"sRGB", b"\0" + archive()), (b"pHYs", bytes(9) + EICAR))).data
    assert kept == pictures.read(a_png(4, 4, plain)).data
    assert b"pHYs" in kept


@pytest.mark.parametrize("order", ["<", ">"])
def test_how_the_camera_was_held_is_all_that_is_kept_of_its_notes(order):
    kept = pictures.read(noted(a_jpeg(), segment(0xE1, exif(order, turned=6)))).data
    assert b"39.7392" not in kept
    assert exif(">", turned=6, place=b"") in kept
    assert pictures.read(kept).data == kept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        EICAR,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"%PDF-1.7",
        archive(),
    ],
)
def test_anything_else_is_no_picture_whatever_it_is_called(data):
    assert refused(data) == "kind"


@pytest.mark.parametrize("more", [archive(), EICAR, b"<script>alert(1)</script>", b"\0"])
def test_something_behind_the_picture_is_refused(more):
    assert refused(a_jpeg() + more) == "more"
    assert refused(a_png(4, 4) + more) == "more"


def test_something_behind_the_packed_pixels_is_refused():
    assert refused(a_png(4, 4, packed=zlib.compress(bytes(4 * 13)) + archive())) == "more"


def test_a_small_file_that_unpacks_to_very_much_is_refused():
    assert refused(a_png(4, 4, packed=zlib.compress(bytes(50_000_000)))) == "broken"
    assert refused(a_png(60_000, 60_000)) == "large"
    frame = struct.pack(">BHHB", 8, 65_000, 65_000, 1) + b"\x01\x11\x00"
    assert refused(b"\xff\xd8" + segment(0xC0, frame) + b"\xff\xd9") == "large"


def test_pixels_that_are_missing_are_refused():
    assert refused(a_png(4, 4, packed=zlib.compress(bytes(10)))) == "broken"
    assert refused(b"\xff\xd8\xff\xd9") == "broken"


def test_a_changed_check_sum_and_an_unknown_part_that_shows_something_are_refused():
    png = bytearray(a_png(4, 4))
    png[20] ^= 1
    assert refused(bytes(png)) == "broken"
    assert refused(a_png(4, 4, (b"ABCD", b""))) == "broken"
    assert refused(noted(a_jpeg(), segment(0xC9, b"arithmetic"))) == "broken"


@given(st.integers(0, 400), st.binary(min_size=1, max_size=6))
def test_a_damaged_picture_is_refused_or_read_and_never_anything_else(at, put):
    for whole in (a_jpeg(), a_png(9, 9)):
        damaged = whole[:at] + put + whole[at + len(put) :]
        try:
            found = pictures.read(damaged)
        except pictures.NotAPicture:
            continue
        assert pictures.read(found.data) == found


@given(st.integers(0, 700))
def test_a_picture_that_is_cut_off_is_refused(length):
    for whole in (a_jpeg(), a_png(9, 9)):
        if length < len(whole):
            assert refused(whole[:length]) in ("kind", "broken")
