import pytest

from hearth.lib import sealed


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys" / "referrals"


def test_what_is_sealed_opens_again_and_is_not_to_be_read_before(keys):
    kept = sealed.seal(b"Ana Ruiz", keys=keys, context="one")
    assert b"Ana" not in kept
    assert sealed.unseal(kept, keys=keys, context="one") == b"Ana Ruiz"
    assert kept != sealed.seal(b"Ana Ruiz", keys=keys, context="one")


def test_a_seal_moved_to_another_place_does_not_open(keys):
    kept = sealed.seal(b"Ana Ruiz", keys=keys, context="one")
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(kept, keys=keys, context="two")


@pytest.mark.parametrize("place", [0, 3, 12, 25, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(keys, place):
    kept = bytearray(sealed.seal(b"Ana Ruiz", keys=keys, context="one"))
    kept[place] ^= 1
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(bytes(kept), keys=keys, context="one")


def test_a_new_key_seals_and_the_old_one_still_opens(keys):
    old = sealed.seal(b"Ana Ruiz", keys=keys, context="one")
    before = sealed.fingerprint(b"file", keys=keys, context="one")
    keys.write_text(f"{keys.read_text()}\n{sealed._fresh()}\n")
    new = sealed.seal(b"Ana Ruiz", keys=keys, context="one")
    assert old[1:9] != new[1:9]
    assert sealed.unseal(old, keys=keys, context="one") == sealed.unseal(new, keys=keys, context="one")
    assert sealed.fingerprint(b"file", keys=keys, context="one") == before


def test_the_keys_are_for_their_owner_alone(keys):
    sealed.seal(b"", keys=keys, context="one")
    assert keys.stat().st_mode & 0o777 == 0o600


def test_fingerprints_tell_files_and_places_apart(keys):
    same = sealed.fingerprint(b"file", keys=keys, context="one")
    assert same == sealed.fingerprint(b"file", keys=keys, context="one")
    assert same != sealed.fingerprint(b"file.", keys=keys, context="one")
    assert same != sealed.fingerprint(b"file", keys=keys, context="two")
