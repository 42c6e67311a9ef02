"""Kernels for notebooks: started with this very Python, interrupted without noise, never outliving who started them.

Notebooks run in a thread of their own: in the main thread nbclient takes Ctrl-C and the request to end for itself, and gives
neither back. A kernel watches the process that started it (jupyter_client gives it JPY_PARENT_PID) and ends with it.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_started: weakref.WeakSet[Any] = weakref.WeakSet()
_COLLECT_SELDOM = "--IPKernelApp.exec_lines=import gc; gc.set_threshold(50_000, 20, 100)"
"""A kernel keeps all that its cells show, so that looking for garbage there finds none, and takes a tenth of a page's time."""
_hand: list[concurrent.futures.ThreadPoolExecutor] = []  # one thread: a shared kernel's connections belong to its loop


def run_aside(work: Callable[..., Answer], *arguments: Any) -> Answer:
    """Do `work` in the notebooks' thread; an interruption here kills the kernels, waits for it to end and goes on up."""
    if threading.current_thread().name.startswith("notebooks"):
        return work(*arguments)
    if not _hand:
        _hand.append(concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="notebooks"))
    future = _hand[0].submit(work, *arguments)
    try:
        while not concurrent.futures.wait([future], timeout=0.5).done:
            pass  # a wait without an end cannot be interrupted on Windows
    except BaseException:
        future.cancel()
        while not future.done():  # again and again: one may just be starting
            kill_kernels()
            concurrent.futures.wait([future], timeout=0.1)
        raise
    return future.result()


def kill_kernels() -> None:
    """End every kernel of this process at once, from any thread."""
    for manager in list(_started):
        process = getattr(getattr(manager, "provisioner", None), "process", None)
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()


@contextlib.contextmanager
def share_kernel() -> Iterator[Any]:
    """A kernel for running one notebook several times with other parameters; it starts with the first and ends with the block.

    Only for the same notebook on the same run: what one execution leaves behind, the next one finds.
    """
    with tempfile.TemporaryFile() as noise:
        manager = make_kernel_class(noise)()
        try:
            yield manager
        finally:
            run_aside(end_kernel, manager)


def end_kernel(manager: Any) -> None:
    """End a shared kernel; it starts anew when it is used again."""
    from jupyter_core.utils import run_sync

    if manager.has_kernel:
        run_sync(manager.shutdown_kernel)(now=True)


def make_kernel_class(noise: Any) -> type:
    """A kernel manager that starts ipykernel with this very Python, whatever kernels are installed or hide it.

    What a kernel writes to stderr before its first cell (such as its note on TCP without encryption, which is local here)
    goes to `noise`; errors of cells come back as their output.
    """
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec

    package_parent = str(Path(__file__).parents[2])
    search = os.pathsep.join([package_parent, *filter(None, [os.environ.get("PYTHONPATH", "")])])

    class ThisPython(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", _COLLECT_SELDOM],
                display_name="Python 3",
                language="python",
                env={"PYTHONPATH": search, "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
            )

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            _started.add(self)
            await super().start_kernel(**{"stderr": noise, **options})

    return ThisPython
