"""Squares that a phone's camera reads."""

import base64

from qrcode.image.svg import SvgPathImage
from qrcode.main import make as draw_code


def qr_code(text: str) -> str:
    """A QR code of this text as a data address for an <img>."""
    image = draw_code(text, image_factory=SvgPathImage, box_size=16, border=2)  # type: ignore[no-untyped-call]
    drawn: bytes = image.to_string()
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()
