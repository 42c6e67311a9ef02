"""Streams, stress and succession cover."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from workforce.inputs.case import read_case
from workforce.simulate.bench import measure_cover
from workforce.simulate.streams import draw, key_paths, key_people
from workforce.simulate.stress import seat_joiners


def test_draws_are_uniform_and_unrelated() -> None:
    people = key_people([f"E{number}" for number in range(400)])
    numbers = draw(key_paths(7, 100), people, 3, "leave")
    assert stats.kstest(numbers.ravel(), "uniform").pvalue > 1e-3
    other = draw(key_paths(7, 100), people, 4, "leave")
    assert abs(np.corrcoef(numbers.ravel(), other.ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(numbers[0], numbers[1])[0, 1]) < 0.2


def test_a_draw_belongs_to_its_person_whatever_the_order_of_the_list() -> None:
    keys = key_paths(7, 5)
    names = ["a", "b", "c"]
    first = draw(keys, key_people(names), 2, "order")
    second = draw(keys, key_people(names[::-1]), 2, "order")
    np.testing.assert_array_equal(first, second[:, ::-1])
    np.testing.assert_array_equal(draw(key_paths(7, 9), key_people(names), 2, "order")[:5], first)


def test_a_fraction_of_a_hire_is_a_seat_with_that_chance() -> None:
    hires = pd.DataFrame({"row": [0], "start": [1], "name": ["board"], "role": [0], "effect": [2], "heads": [2.25],
                          "arrive": [0.8], "quality": [1.0], "lead": [1.0], "lead_p90": [2.0]})  # fmt: skip
    joining = seat_joiners(hires, ("clerk",))
    assert joining.chance.tolist() == pytest.approx([0.8, 0.8, 0.2])


def test_one_person_covers_one_post(tiny_case: Path) -> None:
    text = "post,person,readiness\nservice_head,clerk-01,ready_now\nnight_lead,clerk-01,ready_now\n"
    (tiny_case / "data" / "successors.csv").write_text(text, encoding="utf-8")
    cover = measure_cover(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    assert cover["ready_now"].tolist() == [1, 1] and cover["covered"].sum() == 1


def test_a_second_choice_is_found_by_matching(tiny_case: Path) -> None:
    text = (
        "post,person,readiness\nservice_head,clerk-01,ready_now\nservice_head,clerk-02,ready_now\n"
        "night_lead,clerk-01,ready_now\n"
    )
    (tiny_case / "data" / "successors.csv").write_text(text, encoding="utf-8")
    cover = measure_cover(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    assert cover["covered"].all()
