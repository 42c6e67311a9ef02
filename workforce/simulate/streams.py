"""Named random numbers: a draw belongs to a path, a period, a person and a purpose, and to nothing else.

There is no state, so results do not depend on block sizes or workers, and the same person meets the same luck in every
scenario (common random numbers). The hash is splitmix64's finaliser (Steele, Lea & Flood 2014, section 3) over a key
per path.
"""

import hashlib

import numpy as np
import pandas as pd

PURPOSES = ("leave", "whole", "arrive", "late", "order", "vacancy", "rating_1", "rating_2", "rating_3", "rating_4")
"""What a number is drawn for. leave: leaving at its low end and being pushed at its high end, which never meet; vacancy:
which source a vacancy turns to; order: who of many; late: a search's delay. New purposes go to the end."""

SLOTS = 16
"""Purposes that a period has room for, so that a new one changes no older draw."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
TO_UNIT = 2.0**-53


def key_paths(seed: int, paths: int) -> np.ndarray:
    """[paths] a 64-bit key for each path, from numpy's SeedSequence, so that keys of different seeds and paths are
    unrelated."""
    states = [np.random.SeedSequence(seed, spawn_key=(path,)).generate_state(1, np.uint64)[0] for path in range(paths)]
    return np.array(states, dtype=np.uint64)


def freshen(seed: int, purpose: str) -> int:
    """The seed of a purpose, unrelated to the seed itself and to those of other purposes.

    >>> freshen(1, "stress") == freshen(1, "stress"), freshen(1, "stress") == freshen(2, "stress")
    (True, False)
    """
    return int.from_bytes(hashlib.blake2b(f"{purpose} {seed}".encode(), digest_size=8).digest(), "little") >> 1


def key_people(names: list[str] | pd.Series) -> np.ndarray:
    """[people] a 64-bit key for each name, the same on every machine and in every order of the list."""
    digests = (hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def mix(value: np.ndarray) -> np.ndarray:
    """splitmix64's finaliser: 64 bits in, 64 well-mixed bits out."""
    with np.errstate(over="ignore"):
        value = (value ^ (value >> SHIFTS[0])) * MIX_1
        value = (value ^ (value >> SHIFTS[1])) * MIX_2
        return value ^ (value >> SHIFTS[2])


def salt_people(people: np.ndarray, period: int, purpose: str) -> np.ndarray:
    """[people] what a draw of this period and purpose mixes into a path's key; the same on all paths."""
    with np.errstate(over="ignore"):
        moment = np.uint64(period * SLOTS + PURPOSES.index(purpose) + 1) * GOLDEN
        return mix(people + moment)


def draw(paths: np.ndarray, people: np.ndarray, period: int, purpose: str) -> np.ndarray:
    """[paths, people] uniform numbers in [0, 1) for a period and a purpose.

    >>> draw(key_paths(1, 2), key_people(["E1", "E2", "E3"]), 0, "leave").shape
    (2, 3)
    """
    return share_paths(paths, salt_people(people, period, purpose))


def share_paths(paths: np.ndarray, salt: np.ndarray) -> np.ndarray:
    """[paths, people] the uniform numbers of what `salt_people` gave."""
    return (mix(paths[:, None] ^ salt[None, :]) >> np.uint64(11)).astype(np.float64) * TO_UNIT


def draw_pairs(paths: np.ndarray, salt: np.ndarray) -> np.ndarray:
    """[pair] the numbers of `draw` for pairs of a path and a person: the path's key and the person's `salt_people`."""
    return (mix(paths ^ salt) >> np.uint64(11)).astype(np.float64) * TO_UNIT
