"""Maya's notebook, encrypted as her browser would have done it. It opens with the one password of the demo."""

import json
from base64 import b64encode
from datetime import timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from hearth.accounts.testing import DEMO_PASSWORD
from hearth.notebook import rules, services
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import Scene

ENTRIES = (  # days ago, what she wrote, whether she shares it
    (11, "The bus was late and I did not mind. Wrote down three roofs that I liked.", False),
    (6, "Pancakes. One looked like a shoe and she laughed.\n\nI want to remember that Sunday.", False),
    (2, "Saying it out loud to Alma helped, before it was late.\n\nI would like to talk about Sundays.", True),
)


def write_notebooks(scene: Scene, charts: dict[str, Chart]) -> None:
    """Three entries of Maya's, one of which she shares."""
    chart = charts.get("Maya Reyes")
    if chart is None:
        return
    maya, random = chart.user, Random("Maya's notebook")  # noqa: S311 - a demo is the same every time
    data_key = random.randbytes(32)
    salt = random.randbytes(rules.SALT_BYTES)
    stretch = PBKDF2HMAC(hashes.SHA256(), length=32, salt=salt, iterations=rules.LEAST_ITERATIONS)
    by_passphrase = _wrapped(random, data_key, stretch.derive(DEMO_PASSWORD.encode()), salt, "passphrase")
    by_code = _wrapped(random, data_key, random.randbytes(32), random.randbytes(16), "recovery")
    sent = {"version": 0, "iterations": rules.LEAST_ITERATIONS, "passphrase": by_passphrase, "recovery": by_code}
    begun = scene.at - timedelta(days=12)
    key = services.keep_key(sent=rules.read_key(json.dumps(sent).encode()), by=maya, at=begun)
    for ago, text, is_shared in ENTRIES:
        pk, at = uuid5(NAMESPACE_URL, f"notebook {ago}"), scene.moment(scene.today - timedelta(days=ago), 20)
        iv, ciphertext = _sealed(random, data_key, text.encode(), f"entry:{pk}:1")
        entry = rules.EntrySent(version=1, key=str(key.pk), iv=iv, ciphertext=ciphertext)
        services.keep_entry(pk=pk, sent=entry, by=maya, at=at)
        if is_shared:
            services.share_entry(pk=pk, version=1, text=text, by=maya, at=at + timedelta(minutes=4))


def _wrapped(random: Random, data_key: bytes, wrapping: bytes, salt: bytes, name: str) -> dict[str, str]:
    iv, key = _sealed(random, wrapping, data_key, f"hearth notebook {name}")
    return {"salt": b64encode(salt).decode(), "iv": iv, "key": key}


def _sealed(random: Random, key: bytes, plain: bytes, what: str) -> tuple[str, str]:
    iv = random.randbytes(rules.IV_BYTES)
    return b64encode(iv).decode(), b64encode(AESGCM(key).encrypt(iv, plain, what.encode())).decode()
