"""The example company as a planning folder that a user can edit."""

import re
import shutil
import tempfile
from pathlib import Path

from workforce.errors import Fault, InputError

__all__ = ["find_example", "write_example"]

PARTS = ("data", "scenarios", "notebooks")
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__",
    "*.pyc",
    ".ipynb_checkpoints",
    ".*",
    "~$*",
    "*.py",
    "README.md",
    "example_company",
    "truth",
    "pictures",
)

# Chinese for the scenario files: title, why.
IN_CHINESE = {
    "base": ("基准情景", "按现行业务计划，离职与晋升和过去一样；其他情景都与它比较。"),
    "growth": ("业务增长", "业务量达到计划的高值，软件业务更好一些；人员供给能否跟上，要花多少钱？"),
    "hiring_freeze": ("冻结招聘", "停止外部招聘并削减预算；内部培养与调配能支撑多远，哪里最吃紧？"),
    "new_product_line": ("新产品线", "成都智能网关产品线于 2026 年 10 月投产，4 月起就需要人员到岗。"),
    "retention_push": ("保留计划", "对操作工、技术工人、软件人员和管理者投入保留措施；留人是否比重新招人便宜？"),
}

README = {
    "en": """# A planning folder

- `data/`: one table a file, plain CSV. Edit them in a spreadsheet and save as CSV UTF-8, or put Excel files of the
  same names there.
- `scenarios/`: `base.yaml` spells out every knob; the others say only what differs.
- `notebooks/`: the report, the comparison and the back-test.

With the command `workforce` installed, in this folder:

    workforce check     every fault in one list: file, row, column, what is wrong, how to mend it
    workforce run       all scenarios; then open runs/comparison.html and runs/<scenario>/report.html

Without it, in the clone of the project (`my-plan` is this folder; each scenario is named):

    python -m workforce check --data my-plan/data my-plan/scenarios/base.yaml
    python -m workforce run --data my-plan/data --out my-plan/runs my-plan/scenarios/base.yaml

Replace the example company table by table with your own, or import rosters into a new folder of their own:
`workforce import --help`. The example is invented; its salaries,
costs and statutory rates are figures in the usual range, not statements of law or advice.
""",
    "zh": """# 人力规划文件夹

- `data/`：数据表，一张表一个 CSV 文件。可用 Excel 打开修改，另存为 CSV UTF-8；也可以直接放同名的 Excel 文件。
- `scenarios/`：情景文件。`base.yaml` 列出全部参数，其他情景只写不同之处。
- `notebooks/`：情景报告、情景比较与回溯检验。

已安装 `workforce` 命令时，在本文件夹中：

    workforce check     检查数据与情景，一次列出全部问题：文件、行、列、错在哪里、怎么改
    workforce run       运行全部情景；然后打开 runs/comparison.html 和 runs/<情景>/report.html

未安装时，在项目文件夹中（`my-plan` 即本文件夹，逐一写出情景文件）：

    python -m workforce check --data my-plan/data my-plan/scenarios/base.yaml
    python -m workforce run --data my-plan/data --out my-plan/runs my-plan/scenarios/base.yaml

示例公司的表可以逐张换成自己的数据，也可以把花名册导入另一个空文件夹：`workforce import --help`。
示例公司纯属虚构，其中的薪资、费用与法定比例只是常见范围内的示例数字，不构成法律意见。
""",
}


def find_example(part: str) -> Path:
    """The folder of one part of the example: "data", "scenarios" or "notebooks".

    In a checkout it is the folder at the top; an installed package carries a copy.

    >>> find_example("scenarios").name
    'scenarios'
    """
    package = Path(__file__).resolve().parents[1]
    carried = package / "example" / part
    return carried if carried.is_dir() else package.parent / part


def write_example(folder: str | Path, language: str = "en") -> list[Path]:
    """Write the example company's `data`, `scenarios` and `notebooks`, with a README, into a new or empty folder.

    In Chinese ("zh") the scenarios' titles and reasons and the README are Chinese, and reports come in Chinese first.
    The folder is written whole or not at all.

    Returns
    -------
    The paths written at the top of the folder.

    Raises
    ------
    InputError : the folder holds something already, is a file, or the language is not en or zh.

    >>> from tempfile import mkdtemp
    >>> [path.name for path in write_example(mkdtemp())]
    ['data', 'scenarios', 'notebooks', 'README.md']
    """
    folder = Path(folder)
    faults = []
    if language not in README:
        faults.append(Fault("--language", None, "", language, "is not a language of the example", "write en or zh"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        faults.append(Fault(str(folder), None, "", "", "is not an empty folder", "name a new one"))
    if faults:
        raise InputError(faults)

    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    moved: list[Path] = []
    stage = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        for part in PARTS:
            shutil.copytree(find_example(part), stage / part, ignore=LEFT_OUT)
        if language == "zh":
            for path in (stage / "scenarios").glob("*.yaml"):
                translate_scenario(path)
        (stage / "README.md").write_text(README[language], encoding="utf-8")
        for name in (*PARTS, "README.md"):
            moved.append((stage / name).rename(folder / name))
        stage.rmdir()
    except BaseException:
        for path in (stage, *moved):  # README.md, the only file, is the last to move
            shutil.rmtree(path, ignore_errors=True)
        if is_new:
            folder.rmdir()
        raise
    return moved


def translate_scenario(path: Path) -> None:
    """Give one scenario file its Chinese title and reason; every other line, comments too, stays as it is."""
    text = path.read_text(encoding="utf-8")
    if path.stem in IN_CHINESE:
        title, why = IN_CHINESE[path.stem]
        text = re.sub(r"(?m)^title: .*$", f"title: {title}", text)
        text = re.sub(r"(?m)^why: .*$", f"why: {why}", text)
    path.write_text(text.replace("languages: [en, zh]", "languages: [zh, en]"), encoding="utf-8", newline="\n")
