"""Photos made small and plain: whatever comes, only pixels go on."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hearth.lib.pictures import PNG, NotAPicture, png
from hearth.lib.small_pictures import smaller


def picture(size=(900, 600), *, kind="JPEG", mode="RGB", **saved):
    out = BytesIO()
    Image.effect_mandelbrot(size, (-3, -2.5, 2, 2.5), 100).convert(mode).save(out, kind, **saved)
    return out.getvalue()


def opened(data):
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_any_photo_becomes_a_small_jpeg(kind):
    found = smaller(picture(kind=kind), side=480, most_bytes=30_000)
    assert (found.kind, max(found.width, found.height)) == ("image/jpeg", max(opened(found.data).size))
    assert len(found.data) <= 30_000
    assert max(opened(found.data).size) <= 480


def test_nothing_of_the_file_goes_along():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    sent = picture(exif=exif, comment=b"Pearl Street 12", icc_profile=b"profile of a phone") + b"more behind it"
    found = smaller(sent, side=480, most_bytes=60_000)
    for trace in (b"Secret", b"Pearl", b"profile of a phone", b"behind", b"Exif"):
        assert trace in sent
        assert trace not in found.data
    assert set(opened(found.data).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_a_photo_taken_upright_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    found = smaller(picture((900, 600), exif=exif), side=300, most_bytes=60_000)
    assert (found.width, found.height) == (200, 300)


def test_what_is_see_through_becomes_white():
    out = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(smaller(out.getvalue(), side=40, most_bytes=9_000).data).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("side", [60_000, 5_000])
def test_a_bomb_is_refused_before_it_is_opened(side):
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"\0\0\0\x0d", header), (bytes(4), b"IDAT"))
    bomb = PNG + b"".join(length + chunk + struct.pack(">I", zlib.crc32(chunk)) for length, chunk in chunks)
    with pytest.raises(NotAPicture) as refused:
        smaller(bomb, side=480, most_bytes=30_000)
    assert refused.value.why == "large"


@pytest.mark.parametrize(
    ("sent", "why"),
    [(b"", "kind"), (b"<svg onload=alert(1)>", "kind"), (b"GIF89a" + bytes(30), "kind"), (picture()[:900], "broken")],
)
def test_what_is_no_photo_is_refused(sent, why):
    with pytest.raises(NotAPicture) as refused:
        smaller(sent, side=480, most_bytes=30_000)
    assert refused.value.why == why


WHOLE = [picture((60, 40)), png(8, bytes(8 * 8 * 3)), picture((60, 40), kind="WEBP")]


@given(st.data())
def test_broken_files_are_refused_and_nothing_else_happens(data):
    whole = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(NotAPicture):
        assert smaller(bytes(whole), side=40, most_bytes=9_000).kind == "image/jpeg"
