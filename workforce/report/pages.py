"""A folder's pages: one notebook run in each language, as HTML, and as a notebook to go on with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def write_pages(
    folder: Path,
    titles: Mapping[str, str],
    languages: Sequence[str],
    notebook: Path,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Write report.html (report.zh.html, ...) and report.ipynb into a folder whose notebook takes `folder` and `language`.

    titles: of the page, by language.

    Raises:
        NotebookError: a page could not be made.
    """
    from workforce.report.notebooks import execute, export_html, share_kernel

    first = "en" if "en" in languages else languages[0]
    with share_kernel() as kernel:
        for language in languages:
            if tell:
                tell(f"report {language}")
            parameters = {"folder": ".", "language": language}
            executed = execute(notebook, folder / f".report.{language}.ipynb", parameters, folder, kernel=kernel)
            page = folder / ("report.html" if language == first else f"report.{language}.html")
            export_html(executed, page, titles[language], language)
            if language == first:
                executed.replace(folder / "report.ipynb")
            else:
                executed.unlink()
