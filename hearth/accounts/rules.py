"""Who may invite whom, and the shape of codes. Plain data; the database and the clock stay outside."""

import re
from datetime import timedelta

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and figures that are not mistaken for one another on paper."""
PRINTED_LENGTH = 12  # 31 ** 12 is about 2 ** 59: enough where every guess is counted
GROUP = 4

LIVES = {
    "link": timedelta(minutes=15),
    "sms": timedelta(minutes=10),
    "printed": timedelta(days=7),
    "invitation": timedelta(days=7),
    "password": timedelta(minutes=30),
}
"""How long a secret of each kind may be used."""

IDLE_STAFF = timedelta(minutes=30)
IDLE_OTHERS = timedelta(hours=4)
IDLE_SHARED = timedelta(minutes=10)
"""Automatic sign-off (45 CFR 164.312(a)(2)(iii)): product defaults; shared devices sooner."""

STUDENT_SIDE = frozenset({"student", "family", "alumnus"})


def may_invite(inviter: frozenset[str], wanted: frozenset[str], *, employed: frozenset[str]) -> bool:
    """Whether someone with the roles `inviter` may give a new account the roles `wanted`.

    Administrators and directors invite staff (`employed`); only an administrator makes another administrator.
    Coordinators and counselors invite students and family; coordinators also those who refer and interpret.
    Nobody invites staff and students in one account.
    """
    if not wanted:
        return False
    if wanted <= employed:
        return "administrator" in inviter or ("program_director" in inviter and "administrator" not in wanted)
    if wanted <= STUDENT_SIDE:
        return bool(inviter & {"intake_coordinator", "counselor", "administrator", "program_director"})
    if wanted in ({"referral_partner"}, {"interpreter"}):
        return bool(inviter & {"intake_coordinator", "administrator", "program_director"})
    return False


def may_change_roles(
    changer: frozenset[str], held: frozenset[str], wanted: frozenset[str], *, employed: frozenset[str]
) -> bool:
    """Whether `changer` may turn a staff member's roles from `held` into `wanted`."""
    if not held <= employed or not wanted <= employed or not wanted:
        return False
    if "administrator" in changer:
        return True
    return "program_director" in changer and "administrator" not in held | wanted


def printed(letters: str) -> str:
    """`ABCDEFGHJKMN` as people read it on paper: `ABCD-EFGH-JKMN`."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def plain_code(typed: str) -> str:
    """What was typed from paper or a phone, without spaces, hyphens and the case of letters."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def plain_phone(typed: str) -> str:
    """A phone number as kept: `(303) 555-0117` → `+13035550117`; "" if it cannot be one.

    Ten figures are a number of the North American plan.
    """
    figures = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    if typed.strip().startswith("+") and 8 <= len(figures) <= 15:
        return f"+{figures}"
    if len(figures) == 10:
        return f"+1{figures}"
    if len(figures) == 11 and figures.startswith("1"):
        return f"+{figures}"
    return ""


def dialled(typed: str) -> str:
    """What a phone dials for one number as somebody wrote it; "" if it cannot be called.

    Short ones such as 988 are dialled as they are.
    """
    short = re.sub(r"[\s-]", "", typed)
    return plain_phone(typed) or (short if re.fullmatch(r"[0-9]{3,6}", short) else "")
