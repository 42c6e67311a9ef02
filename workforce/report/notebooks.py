"""Notebooks run to the end or known as failed, and turned into pages that need no network.

papermill's Python API runs each notebook with the Python that runs this. What papermill leaves open is closed here: unknown or
mistyped parameters are refused, a dead kernel or a timeout is a failure, and the one error that is pure chance (two kernels
that picked the same port, before any cell ran; papermill #511) is tried again.
"""

from __future__ import annotations

import re
import sys
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workforce.errors import RunError
from workforce.report.kernels import end_kernel, make_kernel_class, run_aside, share_kernel
from workforce.report.words import LANGUAGES, check_language

_ATTEMPTS = 3
_BY_CHANCE = "Kernel died before replying to kernel_info"
_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}
_STYLE = """
<style>
body { background: #fff; }
body .jp-Notebook { max-width: 1060px; margin: 0 auto; padding: 24px 28px 60px; overflow: visible; }
.jp-Cell { padding: 0; } .jp-OutputPrompt, .jp-InputPrompt { display: none !important; }
.jp-OutputArea-output { padding: 0; overflow: visible; }
.jp-RenderedHTMLCommon { font-family: "Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  sans-serif; font-size: 15px; line-height: 1.55; color: #222; padding-right: 0; }
.jp-RenderedHTMLCommon h1 { font-size: 28px; margin: 8px 0 4px; }
.jp-RenderedHTMLCommon h2 { font-size: 21px; margin: 40px 0 4px; padding-top: 14px; border-top: 1px solid #ddd; }
.jp-RenderedHTMLCommon .wf-text { margin: 6px 0 12px; max-width: 860px; color: #444; }
.jp-RenderedHTMLCommon img { max-width: 100%; height: auto; }
.jp-RenderedHTMLCommon .wf-lead { font-size: 17px; margin: 2px 0 6px; color: #222; }
.wf-contents { font-size: 14px; margin: 12px 0; line-height: 2; }
.jp-RenderedHTMLCommon table.wf-table { border-collapse: collapse; font-size: 13.5px; margin: 6px 0 18px; table-layout: auto;
  border: none; display: block; overflow-x: auto; }
.jp-RenderedHTMLCommon table.wf-table th { border-bottom: 2px solid #888; background: #fff; font-weight: 600; }
.jp-RenderedHTMLCommon table.wf-table th, .jp-RenderedHTMLCommon table.wf-table td { text-align: left; padding: 4px 12px;
  max-width: 420px; vertical-align: baseline; white-space: normal; }
.jp-RenderedHTMLCommon table.wf-table td { border-bottom: 1px solid #eee; }
.jp-RenderedHTMLCommon table.wf-table .wf-number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.jp-RenderedHTMLCommon table.wf-table tr.wf-total td { font-weight: 600; border-top: 1px solid #888; }
.wf-chip { color: #fff; border-radius: 9px; padding: 1px 9px; font-size: 12.5px; white-space: nowrap; }
.wf-small { color: #777; font-size: 12px; white-space: nowrap; }
@media print { .jp-RenderedHTMLCommon h2 { break-after: avoid; } .jp-Cell { break-inside: avoid; } }
</style>
"""


class NotebookError(RunError):
    """A notebook that did not run to its end: the stage "report", the error, and the id of the cell ("" before any cell)."""

    def __init__(self, message: str, cell: str = ""):
        super().__init__("report", message)
        self.cell = cell


def check_parameters(notebook: str | Path, parameters: Mapping[str, object]) -> None:
    """Refuse parameters that the notebook does not declare, or declares as another type.

    Raises:
        NotebookError: naming the parameter and those that exist.
    """
    papermill = _load_papermill()
    declared = papermill.inspect_notebook(str(notebook))
    for name, value in parameters.items():
        if name not in declared:
            raise NotebookError(
                f"{Path(notebook).name} has no parameter {name!r}; it has {', '.join(declared) or 'none'}"
            )
        wanted = _TYPES.get(str(declared[name]["inferred_type_name"]))
        right = wanted is None or (isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool)))
        if not right:
            kind = declared[name]["inferred_type_name"]
            raise NotebookError(f"{Path(notebook).name}: parameter {name!r} must be {kind}, not {value!r}")


def execute(
    notebook: str | Path,
    output: str | Path,
    parameters: Mapping[str, object],
    folder: str | Path | None = None,
    start_timeout: int = 120,
    execution_timeout: int = 600,
    kernel: Any = None,
) -> Path:
    """Run a notebook with parameters; `output` appears only when every cell ran to its end.

    Args:
        notebook: the source; it is not changed.
        output: the executed copy. On failure there is ``<stem>.failed.ipynb`` beside it instead.
        parameters: as declared in the notebook's `parameters` cell.
        folder: working folder of the kernel; None = that of the notebook.
        start_timeout, execution_timeout: seconds for the kernel to start, and for each cell.
        kernel: one of `share_kernel`, for a notebook that is run several times; None = a kernel of its own.

    Raises:
        NotebookError: with the cell's id; also for a kernel that died or a cell that took too long.
    """
    notebook, output = Path(notebook).resolve(), Path(output).resolve()
    check_parameters(notebook, parameters)
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f".{output.stem}.running.ipynb")
    failed = output.with_name(f"{output.stem}.failed.ipynb")
    failed.unlink(missing_ok=True)
    try:
        run_aside(
            _run_with_retry,
            notebook,
            temporary,
            dict(parameters),
            Path(folder or notebook.parent).resolve(),
            {"start_timeout": start_timeout, "execution_timeout": execution_timeout, "kernel": kernel},
        )
        _check_finished(temporary)
    except BaseException as error:
        output.unlink(missing_ok=True)
        cell = ""
        if temporary.exists():
            cell = _find_failed_cell(temporary)
            temporary.replace(failed)
        if isinstance(error, KeyboardInterrupt | NotebookError):
            raise
        raise NotebookError(_in_words(error), cell) from error
    _forget_paths(temporary)
    temporary.replace(output)
    return output


def _run_with_retry(
    notebook: Path, temporary: Path, parameters: dict[str, object], folder: Path, options: dict[str, Any]
) -> None:
    papermill = _load_papermill()
    for attempt in range(1, _ATTEMPTS + 1):
        with tempfile.TemporaryFile() as noise, warnings.catch_warnings():
            # The event loop of zmq on Windows warns at each start; nothing a user can mend.
            warnings.filterwarnings("ignore", message="Proactor event loop")
            try:
                papermill.execute_notebook(
                    str(notebook),
                    str(temporary),
                    parameters,
                    engine_name=_register_engine(),
                    request_save_on_cell_execute=False,
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    shutdown_kernel="immediate",
                    kernel_manager_class=make_kernel_class(noise),
                    resources={"metadata": {"path": str(folder)}},
                    evidence=str(temporary),
                    **options,
                )
                return
            except RuntimeError as error:
                if _BY_CHANCE not in str(error) or attempt == _ATTEMPTS:
                    raise
                temporary.unlink(missing_ok=True)
                if options["kernel"] is not None:
                    end_kernel(options["kernel"])


def _load_papermill() -> Any:
    """papermill, without the grammar of international addresses that jsonschema, which nbformat loads, would compile for a
    check that no notebook asks for: half of the time that loading takes."""
    skipped = "rfc3987_syntax"
    before = sys.modules.get(skipped)
    if before is None:
        sys.modules[skipped] = None  # type: ignore[assignment]  # documented: importing it then fails, as if not installed
    try:
        import papermill
    finally:
        if before is None:
            del sys.modules[skipped]
    return papermill


def _register_engine() -> str:
    """papermill's engine, saving once at the end instead of twice a cell (a page of pictures takes long to save), and able to
    use a kernel that is there already.

    When a kernel dies or a cell takes too long, what was run so far is saved as evidence.
    """
    import nbformat
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

    class SavingOnce(NBClientEngine):
        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, evidence: str = "", kernel: Any = None, **options: Any
        ) -> None:
            try:
                if kernel is None:
                    super().execute_managed_notebook(nb_man, kernel_name, **options)
                    return
                client = PapermillNotebookClient(
                    nb_man,
                    km=kernel,
                    kernel_name=kernel_name,
                    timeout=options["execution_timeout"],
                    startup_timeout=options["start_timeout"],
                    resources=options["resources"],
                )
                try:
                    client.execute(cleanup_kc=False)
                finally:
                    if client.kc is not None:
                        client.kc.stop_channels()
            except BaseException:
                nbformat.write(nb_man.nb, evidence)
                raise

    papermill_engines.register("workforce", SavingOnce)
    return "workforce"


def _check_finished(executed: Path) -> None:
    """papermill writes a killed kernel and a timeout like a success; only cells that all ran and raised nothing are one."""
    import nbformat

    for cell in nbformat.read(executed, as_version=4).cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        errors = [part for part in cell.outputs if part.output_type == "error"]
        if errors:
            raise NotebookError(f"{errors[0].ename}: {errors[0].evalue}", cell.id)
        if cell.execution_count is None or cell.metadata.get("papermill", {}).get("exception"):
            raise NotebookError("the notebook stopped before this cell ran to its end", cell.id)


def _find_failed_cell(executed: Path) -> str:
    import nbformat

    try:
        cells = [cell for cell in nbformat.read(executed, as_version=4).cells if cell.cell_type == "code"]
    except (OSError, ValueError):
        return ""
    for cell in cells:
        if any(part.output_type == "error" for part in cell.outputs):
            return str(cell.id)
    begun = [cell for cell in cells if cell.metadata.get("papermill", {}).get("start_time")]
    return str(begun[-1].id) if begun else ""


def _in_words(error: BaseException) -> str:
    kind = type(error).__name__
    if kind == "DeadKernelError":
        return "the notebook's kernel died (out of memory?)"
    if kind == "CellTimeoutError":
        return "a cell took longer than allowed"
    if hasattr(error, "ename"):
        return f"{error.ename}: {getattr(error, 'evalue', '')}"
    return f"{kind}: {error}".splitlines()[0]


def _forget_paths(executed: Path) -> None:
    """An executed notebook says nothing about where it was made."""
    import nbformat

    found = nbformat.read(executed, as_version=4)
    for key in ("input_path", "output_path", "environment_variables"):
        found.metadata.get("papermill", {}).pop(key, None)
    nbformat.write(found, executed)


def export_html(executed: str | Path, page: str | Path, title: str, language: str = "en") -> Path:
    """An executed notebook as one HTML file without code: pictures inside, no script, no request to any network.

    Cells tagged `parameters`, `injected-parameters` or `analyst` are left out.

    Args:
        title: of the page. language: of the page ("en", "zh"), for screen readers and fonts.
    """
    import nbformat
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    check_language(language)
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = ("parameters", "injected-parameters", "analyst")
    options = {
        "mathjax_url": "",
        "require_js_url": "",
        "jquery_url": "",
        "mermaid_js_url": "",
        "mermaid_layout_elk_js_url": "",
        "widget_renderer_url": "",
        "jupyter_widgets_base_url": "",
        "html_manager_semver_range": "",
    }
    known = {name: value for name, value in options.items() if HTMLExporter.class_traits().get(name) is not None}
    exporter = HTMLExporter(
        config=config,
        template_name="lab",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
        exclude_anchor_links=True,
        **known,
    )
    exporter.register_preprocessor("nbconvert.preprocessors.TagRemovePreprocessor", enabled=True)
    found = nbformat.read(Path(executed), as_version=4)
    found.metadata["title"] = title
    for cell in found.cells:
        for output in cell.get("outputs", []):
            _describe_picture(output)
    text, _ = exporter.from_notebook_node(found)
    page = Path(page)
    temporary = page.with_name(f".{page.name}.tmp")
    temporary.write_text(_make_quiet(text, language), encoding="utf-8", newline="\n")
    temporary.replace(page)
    return page


def _describe_picture(output: Any) -> None:
    """The template knows no alternative text, so a picture that has one is written as HTML."""
    import html

    about = output.get("metadata", {}).get("image/png", {})
    if "image/png" not in output.get("data", {}) or not about.get("alt"):
        return
    image = output["data"]["image/png"].replace("\n", "")
    output["data"] = {
        "text/html": f'<img alt="{html.escape(about["alt"])}" width="{about.get("width", "")}" '
        f'src="data:image/png;base64,{image}">'
    }
    output["metadata"] = {}


def _make_quiet(text: str, language: str) -> str:
    """No script is needed in a page without code, and none is left: each would ask for a file, if only an empty one."""
    text = re.sub(r"<script\b[^>]*>.*?</script>", "", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(
        r"(<style\b[^>]*>)(.*?)(</style>)",
        lambda part: part[1] + re.sub(r"/\*.*?\*/", "", part[2], flags=re.DOTALL) + part[3],
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r"<link\b[^>]*>", "", text, flags=re.IGNORECASE)
    tag = {"en": "en", "zh": "zh-CN"}[LANGUAGES[LANGUAGES.index(language)]]
    text = re.sub(r"<html\b[^>]*>", f'<html lang="{tag}">', text, count=1)
    return text.replace("</head>", f"{_STYLE}</head>", 1)


__all__ = ["NotebookError", "check_parameters", "execute", "export_html", "share_kernel"]
