"""Write the example company's tables: python data/make_example.py [FOLDER]. The same bytes every time.

Without FOLDER the tables go beside this file. They are drawn from the truth in example_company/company.py, which is
written out as well, to truth/. All of it is invented; the README beside this file says what is in it.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from example_company import careers, options, people, plan


def write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """One table as CSV in UTF-8 with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def make_example(folder: Path) -> None:
    """Write every table of the example company into the folder."""
    lives = careers.live()
    ids = people.name_people(lives)
    staff = people.Staff(lives, ids)
    business = plan.Plan(staff)
    tables = {
        "roles": business.list_roles(),
        "people": staff.list_people(),
        "history": people.list_history(lives, ids),
        "drivers": plan.list_drivers(),
        "demand": business.list_demand(),
        "projects": plan.list_projects(),
        "channels": options.list_channels(),
        "channel_tiers": options.list_channel_tiers(),
        "stage_capacity": options.list_stage_capacity(),
        "programmes": options.list_programmes(),
        "moves": options.list_moves(),
        "retention": options.list_retention(),
        "posts": staff.list_posts(),
        "successors": staff.list_successors(),
        "skills": staff.list_skills(),
        "skill_needs": people.list_skill_needs(),
        "budget": plan.list_budget(),
        "pay_rules": plan.list_pay_rules(),
    }
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(folder / f"{name}.csv", *table)
    for name, table in plan.list_truth(lives).items():
        write_table(folder / "truth" / f"{name}.csv", *table)


if __name__ == "__main__":
    make_example(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
