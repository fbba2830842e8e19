"""Text as somebody means it, without its disguise: look-alike letters, emoji figures, spelled-out numbers. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_LOOK_ALIKES = str.maketrans(
    # Cyrillic and Armenian, Greek, Latin letters of other alphabets and small capitals, apostrophes
    "авгеёзікӏмнорстухѕјһԁԛԝոαβεηικμνορτυχωɑɡıøłđħʀᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘᴛᴜᴠᴡʏᴢ’‘´`ʼ",
    "abree3iklmhopctyxsjhdqwnabenikmvoptuxwagioldhrabcdeghijklmnoptuvwyz" + 5 * "'",
)
_WORDS_FOR = {
    **dict.fromkeys("📱📲📞☎", " phone "),
    **dict.fromkeys("📧✉📩", " email "),
    "💬": " message ",
    "👻": " snapchat ",
    "🔟": " 10 ",
    "☕": " coffee ",
    "ϲ": "c",
    "Ϲ": "c",
    "ϳ": "j",
}
_DRAWN = (("><", "x"), ("|<", "k"), ("|-|", "h"), ("|\\/|", "m"), ("\\/\\/", "w"))
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3]"
)
_BRACKETED = re.compile(r"[\[({<]\s*(@|\.|at|dot|arroba|punto)\s*[\])}>]")
_SPACED = re.compile(r"(?<![^\W\d_])(?<!')[^\W\d_](?:[ .\-_*·|/]{1,3}[^\W\d_](?![^\W\d_])){2,}")
_ENDLESS = re.compile(r"\S{60}")  # no word is so long; what looks for phrases would take seconds over it
_APART = re.compile(r"[ .\-_*·|/]+")
_LEET = str.maketrans("013457@$!", "oieastasi")
_MIXED = re.compile(r"[\w@$!]*(?:[^\W\d_][013457@$!]|[013457@$!][^\W\d_])[\w@$!]*")


def plain(text: str) -> str:
    """`text` in lower case, without accents, invisible signs and look-alikes; letters that stand apart are joined."""
    found = "".join(_WORDS_FOR.get(sign, _sign(sign)) for sign in _INVISIBLE.sub("", text))
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", found) if not unicodedata.combining(sign))
    folded = bare.casefold().translate(_LOOK_ALIKES)
    for drawn, letter in _DRAWN:
        folded = folded.replace(drawn, letter)
    folded = _BRACKETED.sub(r" \1 ", folded)
    joined = _SPACED.sub(_joined, folded)
    return re.sub(r"[^\S\n]+", " ", _ENDLESS.sub(r"\g<0> ", joined)).strip()


def _joined(run: re.Match[str]) -> str:
    """`t e x t  m e` as `text me`: what stands between two letters goes, and where it is longer, a word ends."""
    least = min(map(len, _APART.findall(run.group())))
    return _APART.sub(lambda gap: "" if len(gap.group()) == least else " ", run.group())


def unleet(folded: str) -> str:
    """`t3xt m3` as `text me`: figures and signs between letters, read as the letters they stand for. After `plain`."""
    return _MIXED.sub(lambda word: word.group().translate(_LEET), folded)


def squeezed(folded: str) -> str:
    """`in.s.t.a` as `insta`: without signs inside words. After `plain`."""
    return re.sub(r"(?<=[^\W\d_])[.\-_*|~](?=[^\W\d_])", "", folded)


def thinned(folded: str) -> str:
    """`texttt meee` as `text me`: a letter once where it stands three times or more. After `plain`."""
    return re.sub(r"([a-z])\1{2,}", r"\1", folded)


def _sign(sign: str) -> str:
    code = ord(sign)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return chr(code - 0x1F1E6 + ord("a"))  # the letters of which flags are made
    for first in (0x1F150, 0x1F170):  # white letters on black, which Unicode does not fold
        if first <= code < first + 26:
            return chr(code - first + ord("a"))
    figure = unicodedata.digit(sign, None)
    return sign if figure is None else str(figure)


_UNITS = {
    "zero": 0, "cero": 0, "one": 1, "uno": 1, "two": 2, "dos": 2, "three": 3, "tres": 3, "four": 4, "cuatro": 4,
    "five": 5, "cinco": 5, "six": 6, "seis": 6, "seven": 7, "siete": 7, "eight": 8, "ocho": 8, "nine": 9, "nueve": 9,
    "fife": 5, "sicks": 6, "ate": 8, "nein": 9, "won": 1, "tree": 3, "fore": 4, "too": 2, "oh": 0, "o": 0, "nought": 0,
}  # fmt: skip
_MORE = {
    "ten": 10, "diez": 10, "eleven": 11, "once": 11, "twelve": 12, "doce": 12, "thirteen": 13, "trece": 13,
    "fourteen": 14, "catorce": 14, "fifteen": 15, "quince": 15, "sixteen": 16, "dieciseis": 16, "seventeen": 17,
    "diecisiete": 17, "eighteen": 18, "dieciocho": 18, "nineteen": 19, "diecinueve": 19, "veintiuno": 21,
    "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27,
    "veintiocho": 28, "veintinueve": 29,
}  # fmt: skip
_TENS = {
    "twenty": 20, "veinte": 20, "thirty": 30, "treinta": 30, "forty": 40, "cuarenta": 40, "fifty": 50,
    "cincuenta": 50, "sixty": 60, "sesenta": 60, "seventy": 70, "setenta": 70, "eighty": 80, "ochenta": 80,
    "ninety": 90, "noventa": 90,
}  # fmt: skip
_NUMBER_WORD = "|".join(sorted({**_UNITS, **_MORE, **_TENS}, key=len, reverse=True))
_TIMES = {"double": 2, "doble": 2, "triple": 3}
_DISGUISED = str.maketrans("oilsbz|", "0115821")
_TOKEN = re.compile(
    rf"(?P<many>double|doble|triple) (?P<one>\d|{_NUMBER_WORD})\b"
    rf"|(?P<tens>{'|'.join(_TENS)})(?:[ -]|( y ))(?P<unit>{'|'.join(word for word in _UNITS if len(word) > 2)})\b"
    rf"|\b(?P<word>(?:{_NUMBER_WORD}|\d)+)\b"
    r"|\b(?P<mixed>(?!\d+(?:lbs?|oz)\b|\d*0s\b)(?=[oilsbz|]*\d)[\doilsbz|]+)\b"
    r"|(?P<figures>\d+)"
)
_BETWEEN = re.compile(
    r"(?:[\W_]|\b[oilsbz|]{3,4}\b|\b(?:hundred|and|then|dash|hyphen|space|dot|point|slash|guion|punto|luego|"
    r"despues|espacio|y|the rest is|rest is|next|seguido de|followed by|minus|menos)\b)*"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers that stand together, also spelled out: their figures, what stands between them, and where they lie."""

    numbers: tuple[str, ...]
    between: tuple[str, ...]
    start: int
    end: int
    is_spelled: bool  # at least one of them in letters

    @property
    def figures(self) -> str:
        return "".join(self.numbers)


def runs(folded: str) -> list[Run]:
    """Every run of numbers in a text that `plain` has folded."""
    found: list[list[re.Match[str]]] = []
    for token in _TOKEN.finditer(folded):
        if found and _BETWEEN.fullmatch(folded, found[-1][-1].end(), token.start()):
            found[-1].append(token)
        else:
            found.append([token])
    return [_run(folded, tokens) for tokens in found]


def _run(folded: str, tokens: list[re.Match[str]]) -> Run:
    gaps = (folded[one.end() : other.start()] for one, other in pairwise(tokens))
    is_spelled = any(not token.group().isdigit() for token in tokens)
    return Run(tuple(map(_figures, tokens)), tuple(gaps), tokens[0].start(), tokens[-1].end(), is_spelled)


def _figures(token: re.Match[str]) -> str:
    if token["many"]:
        return _of_word(token["one"]) * _TIMES[token["many"]]
    if token["tens"]:
        return str(_TENS[token["tens"]] + _UNITS[token["unit"]])
    if token["word"]:
        return "".join(_of_word(word) for word in re.findall(rf"{_NUMBER_WORD}|\d", token["word"]))
    return token["figures"] or token["mixed"].translate(_DISGUISED)


def _of_word(word: str) -> str:
    return word if word.isdigit() else str({**_UNITS, **_MORE, **_TENS}[word])
