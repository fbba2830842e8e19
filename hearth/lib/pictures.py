"""Pictures that people send: judged by their own bytes, and kept without whatever else a file carries. Pure.

JPEG (ITU-T T.81) and PNG (W3C PNG, third edition) are taken apart and put together again from what shows the picture
alone: places, cameras, thumbnails and comments are left behind. Bytes behind the end are refused.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_PIXELS = 64_000_000  # product default: the largest cameras of phones
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"

_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive; what browsers show
_TABLES = (0xC4, 0xDB, 0xDD)  # Huffman and quantisation tables, restart interval
_SCAN, _END, _EXIF, _ADOBE = 0xDA, 0xD9, 0xE1, 0xEE
_SHOWING = {b"PLTE": 768, b"tRNS": 256, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"pHYs": 9}
"""Beside IHDR, IDAT and IEND, with the bytes that each takes at most: more would be something else."""
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # samples a pixel by PNG's colour type
_STEP = 1 << 20  # bytes


class NotAPicture(Exception):
    """These bytes are not a JPEG or PNG that can be kept; `why` says what is wrong."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why  # "kind", "broken", "more" (something behind it) or "large"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and nothing else."""

    kind: str  # the media type
    width: int
    height: int
    data: bytes


def read(data: bytes) -> Picture:
    """The picture in these bytes. Raises NotAPicture."""
    try:
        if data.startswith(JPEG):
            return _read_jpeg(data)
        if data.startswith(PNG):
            return _read_png(data)
    except (struct.error, IndexError, zlib.error) as error:
        raise NotAPicture("broken") from error
    raise NotAPicture("kind")


def png(width: int, pixels: bytes) -> bytes:
    """A PNG of these pixels: red, green and blue, a byte each, row by row from the top."""
    line = width * 3
    rows = (b"\0" + pixels[at : at + line] for at in range(0, len(pixels), line))  # 0: no filter
    header = struct.pack(">IIBBBBB", width, len(pixels) // line, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(rows), 9)
    return b"".join([PNG, _chunk(b"IHDR", header), _chunk(b"IDAT", packed), _chunk(b"IEND", b"")])


def _measured(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise NotAPicture("broken")
    if width * height > MOST_PIXELS:
        raise NotAPicture("large")
    return width, height


def _read_jpeg(data: bytes) -> Picture:
    kept, size, has_scan = [JPEG], None, False
    for marker, body in _segments(data):
        if marker == _EXIF and len(kept) == 1:
            kept.append(_turned(body))
        elif marker in _FRAMES and size is None:
            height, width = struct.unpack_from(">HH", body, 1)
            size = _measured(width, height)
            kept.append(_segment(marker, body))
        elif marker in _TABLES or (marker == _ADOBE and body[:5] == b"Adobe" and len(body) == 12):
            kept.append(_segment(marker, body))
        elif marker == _SCAN and size:
            has_scan = True
            kept.append(body)  # with its own head
        elif not (0xE0 <= marker <= 0xEF or marker in (0xFE, _EXIF)):
            raise NotAPicture("broken")
    if size is None or not has_scan:
        raise NotAPicture("broken")
    return Picture("image/jpeg", *size, b"".join([*kept, bytes([0xFF, _END])]))


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with what belongs to it, until the end; a scan with its head and all its bytes."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise NotAPicture("broken")
        while data[at] == 0xFF:  # any number of fill bytes
            at += 1
        marker, at = data[at], at + 1
        if marker == _END:
            break
        (length,) = struct.unpack_from(">H", data, at)
        end = at + length
        if length < 2 or end > len(data):
            raise NotAPicture("broken")
        if marker == _SCAN:
            end = _end_of_scan(data, end)
            yield marker, bytes([0xFF, _SCAN]) + data[at:end]
        else:
            yield marker, data[at + 2 : end]
        at = end
    if at != len(data):
        raise NotAPicture("more")


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker begins that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise NotAPicture("broken")
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _turned(body: bytes) -> bytes:
    """An Exif segment that says how the camera was held and nothing else; empty where it was held upright."""
    if not body.startswith(b"Exif\0\0"):
        return b""
    tiff = body[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for place in range(min(count, 100)):
            tag, kind, many, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * place)
            if (tag, kind, many) == (0x0112, 3, 1) and 2 <= value <= 8:
                head = struct.pack(">2sHIH", b"MM", 42, 8, 1)
                entry = struct.pack(">HHIHHI", 0x0112, 3, 1, value, 0, 0)
                return _segment(_EXIF, b"Exif\0\0" + head + entry)
    except struct.error:
        pass  # a damaged note of the camera is left behind like any other
    return b""


def _read_png(data: bytes) -> Picture:
    chunks = list(_chunks(data))
    (first, header), (last, _) = chunks[0], chunks[-1]
    if first != b"IHDR" or last != b"IEND" or len(header) != 13:
        raise NotAPicture("broken")
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", header)
    size = _measured(width, height)
    if colour not in _SAMPLES or packing or filtering or depth not in (1, 2, 4, 8, 16) or interlaced > 1:
        raise NotAPicture("broken")
    line = (width * depth * _SAMPLES[colour] + 7) // 8 + 1
    most = line * height * 2 if interlaced else line * height
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    if not line * height <= _unpacked(packed, most) <= most:
        raise NotAPicture("broken")
    kept = [PNG, _chunk(b"IHDR", header)]
    kept += [_chunk(name, body) for name, body in chunks[1:] if len(body) <= _SHOWING.get(name, -1)]
    return Picture("image/png", *size, b"".join([*kept, _chunk(b"IDAT", packed), _chunk(b"IEND", b"")]))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (check,) = struct.unpack_from(">I", data, at + 8 + length)
        is_known = name in (b"IHDR", b"IDAT", b"IEND", *_SHOWING)
        if zlib.crc32(name + body) != check or (name[:1].isupper() and not is_known):
            raise NotAPicture("broken")
        yield name, body
        at += 12 + length
        if name == b"IEND":
            break
    if at != len(data):
        raise NotAPicture("more")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _unpacked(packed: bytes, most: int) -> int:
    """How many bytes this unpacks to, counted in small steps and never beyond `most`."""
    unpacking, found, rest = zlib.decompressobj(), 0, packed
    while not unpacking.eof:
        step = unpacking.decompress(rest, _STEP)
        rest = unpacking.unconsumed_tail
        found += len(step)
        if found > most or (not step and not rest):
            raise NotAPicture("broken")
    if unpacking.unused_data:
        raise NotAPicture("more")
    return found
