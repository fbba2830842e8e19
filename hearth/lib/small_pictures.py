"""Photos that others are to see: decoded, made small and written anew, so that nothing of the file that came is kept.

Places, cameras, thumbnails, comments, colour profiles and whatever stands behind the picture are left behind, since
only the pixels go on. `pictures` keeps a picture as it is instead; nothing here is for papers that must stay readable.
"""

import struct
import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from hearth.lib.pictures import NotAPicture, Picture

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
"""More is refused before it is decoded. A JPEG is decoded at a fraction of its size, the others whole (80 MB)."""

_QUALITIES = (78, 70, 60, 50, 40)
BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, struct.error)
"""What Pillow raises of broken files, their EXIF included."""
_SMALLEST = 240  # pixels: the shortest that the longer side becomes


def smaller(data: bytes, *, side: int, most_bytes: int) -> Picture:
    """This picture as a JPEG of at most `side` pixels on its longer side and about `most_bytes`.

    Transparent parts become white; of a moving picture the first is taken. Raises NotAPicture ("kind", "broken" or
    "large").
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            plain = _decoded(data, side)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise NotAPicture("large") from error
        except UnidentifiedImageError as error:
            raise NotAPicture("kind") from error
        except BROKEN as error:
            raise NotAPicture("broken") from error
    return _written(plain, most_bytes)


def _decoded(data: bytes, side: int) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as found:
        width, height = found.size
        if width * height > MOST_PIXELS[found.format or "PNG"]:
            raise NotAPicture("large")
        found.draft("RGB", (side, side))
        turned = ImageOps.exif_transpose(found)
        turned.thumbnail((side, side))
        whole = turned.convert("RGBA")
    plain = Image.new("RGB", whole.size, "white")  # new, so that no words of the file come along
    plain.paste(whole, mask=whole)
    return plain


def _written(plain: Image.Image, most_bytes: int) -> Picture:
    while True:
        for quality in _QUALITIES:
            out = BytesIO()
            plain.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= most_bytes:
                break
        if out.tell() <= most_bytes or max(plain.size) <= _SMALLEST:
            return Picture("image/jpeg", *plain.size, out.getvalue())
        plain.thumbnail((max(plain.size) * 3 // 4, max(plain.size) * 3 // 4))
