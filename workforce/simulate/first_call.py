"""The first call of the kernel, which compiles it: python -m workforce.simulate.first_call, once, when setting up.

A run starts several processes at once; without it each of a fresh machine's first would compile for some seconds.
"""

import numpy as np

from workforce.simulate.blocks import choose_kernel
from workforce.simulate.lottery import FEED, FLOWS, PUSH, ROLE, SEAT, Counts, Orders, Rules, Seats
from workforce.simulate.streams import key_paths


def compile_kernel() -> None:
    """Step a company of one role and nobody in it through one period."""
    whole, share, flag = np.zeros(0, np.int64), np.zeros((1, 1, 1)), np.zeros(0, np.bool_)
    rules = Rules(
        months=1,
        clocks=1,
        streaks=1,
        gate=0,
        ramping=0,
        tables=np.zeros(1, np.int64),
        leave=share,
        roles=np.zeros(2, ROLE),
        pushes=np.zeros(0, PUSH),
        chances=np.zeros((0, 1)),
        feeds=np.zeros(0, FEED),
        pulls=whole,
        rounds=np.zeros(1, np.int64),
        passing=np.ones(1),
        retire=share,
        retiring=np.zeros((1, 0, 1)),
        unknown=flag,
        ceiling=share[0],
        ceiling_unknown=share[0],
        lack=np.zeros((1, 1), np.int64),
    )
    seats = Seats(np.zeros(0, SEAT), whole, 0, np.zeros(2, np.int64), whole, whole, whole)
    none = np.zeros((1, 0), np.int64)
    orders = Orders(
        np.zeros(2, np.int64), whole, whole, np.zeros(0, np.uint64), np.zeros(0), none.astype(np.bool_), none,
        none.astype(np.int32), np.zeros((0, 1, 1)), whole, np.zeros((1, 1)),
    )  # fmt: skip
    counts = Counts(
        np.zeros((1, 1, len(FLOWS), 1), np.int32), share, np.zeros((1, 1, 0), np.int16), np.zeros(1, np.int64)
    )
    choose_kernel()(rules, seats, orders, key_paths(0, 1), counts, np.zeros(1, np.bool_))


if __name__ == "__main__":
    compile_kernel()
