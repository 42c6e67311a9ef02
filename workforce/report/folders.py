"""The place of a run: who may write there, what is written beside it meanwhile, and how it is put in its place.

Beside ``runs/base`` there is, while a run is under way, the lock ``.base.lock`` and a partial folder whose name ends in the
number of the writing process. Only the holder of the lock writes there, so whatever else lies there is left of a process
that is dead, and is removed by the next holder.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
import re
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workforce.errors import Fault, RunError

_TRIES = 5
_PATIENCE = 2.0  # seconds that the workers of a killed run have to end
_FORGOTTEN = 30.0
_held: dict[Path, tuple[int, int]] = {}  # thread and depth, by lock


class FolderInUse(RunError):
    """Another run that is alive writes this folder."""


@contextlib.contextmanager
def hold_folder(folder: str | Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Be the only one to write a run's folder; what dead processes left beside it is removed. May be nested.

    Args:
        patience: seconds to wait for another run that may be about to end.

    Raises:
        FolderInUse: another run is writing there; it is left alone.
    """
    folder = Path(folder)
    lock = (folder.parent.resolve()) / f".{folder.name}.lock"
    me = threading.get_ident()
    owner, depth = _held.get(lock, (me, 0))
    if owner == me and depth:
        _held[lock] = (me, depth + 1)
        try:
            yield
        finally:
            _held[lock] = (me, depth)
        return
    made = not lock.parent.exists()
    lock.parent.mkdir(parents=True, exist_ok=True)
    mine = _take(lock, folder, patience)
    _held[lock] = (me, 1)
    try:
        _remove_leftovers(folder)
        yield
    finally:
        _held.pop(lock, None)
        if _read(lock) == mine:
            _remove_lock(lock)
        if made:
            with contextlib.suppress(OSError):  # what was written stays; a folder in which nothing was does not
                lock.parent.rmdir()


def make_sibling(folder: Path, kind: str) -> Path:
    """A new empty folder beside a run's folder, of this process alone. kind: new, partial or old."""
    sibling = _name_sibling(folder, kind)
    sibling.mkdir(parents=True)
    return sibling


def put_in_place(fresh: Path, folder: Path) -> None:
    """Replace a folder by another: the old one is moved aside first, for a folder cannot be replaced by a rename.

    Raises:
        RunError: a file of the old one is open in another program (Windows).
    """
    aside = _name_sibling(folder, "old")
    for attempt in range(_TRIES):
        try:
            if folder.exists():
                folder.replace(aside)
            fresh.replace(folder)
            break
        except PermissionError as error:
            # Windows refuses while a file inside is open, and for a moment while a virus scanner reads it.
            if aside.exists() and not folder.exists():
                aside.replace(folder)
            if attempt + 1 == _TRIES:
                raise RunError(
                    "write",
                    f"{folder.as_posix()} cannot be replaced: a file of it is open in another program "
                    f"(a workbook, a report?); close it and run again",
                ) from error
            time.sleep(0.2 * (attempt + 1))
    shutil.rmtree(aside, ignore_errors=True)


def check_out(out: Path, names: Sequence[str] = ()) -> list[Fault]:
    """The faults of a folder for runs: it must be one, or can be made, and can be written. Nothing stays of the trial."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".trial-"):
            pass
    except (FileExistsError, NotADirectoryError):
        place = next((folder for folder in (out, *out.parents) if folder.exists() and not folder.is_dir()), out)
        return [Fault("--out", None, "", str(out), f"cannot be a folder: {place} is a file", "name another folder")]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return [
            Fault("--out", None, "", str(out), f"cannot be written: {reason}", "name a folder that you may write to")
        ]
    finally:
        for folder in made:  # the innermost first
            with contextlib.suppress(OSError):
                folder.rmdir()
    files = [out / name for name in names if (out / name).is_file()]
    return [
        Fault("--out", None, "", str(file), "is a file where a run's folder goes", "move it, or name another folder")
        for file in files
    ]


def check_names(scenarios: Sequence[Path]) -> tuple[list[Path], list[Fault]]:
    """The scenarios, each file once; a fault for each whose folder would be that of another file."""
    kept: dict[str, Path] = {}
    faults = []
    for path in scenarios:
        first = kept.setdefault(path.stem.casefold(), path)  # as folders are, where letters' case makes no difference
        if first is not path and path.resolve() != first.resolve():
            rule = f"has the name of {first}: both would write the folder {path.stem}"
            faults.append(Fault(str(path), None, "", "", rule, "rename one of the files, or run them with two --out"))
    return list(kept.values()), faults


# --- the lock ----------------------------------------------------------------------------------------------------


def _take(lock: Path, folder: Path, patience: float) -> str:
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    mine = json.dumps(
        {"process": os.getpid(), "born": _find_birth(os.getpid()), "host": platform.node(), "since": now,
         "key": secrets.token_hex(8)}
    )  # fmt: skip
    deadline = time.monotonic() + patience
    while True:
        try:
            with os.fdopen(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644), "w", encoding="utf-8") as file:
                file.write(mine)
            if _read(lock) == mine:
                return mine
        except FileExistsError:
            pass
        except PermissionError:  # Windows: being removed at this moment; elsewhere the folder cannot be written
            if time.monotonic() > deadline:
                raise
        text = _read(lock)
        if text is not None and _is_stale(lock, text):
            _remove_stale(lock, text)
        elif time.monotonic() > deadline:
            raise FolderInUse("start", _say_who(folder, lock, text or ""))
        else:
            time.sleep(0.1)


def _say_who(folder: Path, lock: Path, text: str) -> str:
    holder = _parse(text)
    since = str(holder.get("since", "a moment ago"))[:19].replace("T", " ")
    words = f"another run is writing {folder.as_posix()} (process {holder.get('process', 'unknown')}, since {since})"
    if holder.get("host", platform.node()) != platform.node():
        words += f" on the machine {holder['host']}; if that is not so any more, remove {lock}"
    return words


def _is_stale(lock: Path, text: str) -> bool:
    holder = _parse(text)
    if not holder:  # being written at this moment, or by a process that was killed just then
        try:
            return time.time() - lock.stat().st_mtime > _PATIENCE
        except OSError:
            return False
    if holder.get("host") != platform.node():
        return False
    return not is_alive(int(holder["process"]), str(holder.get("born") or ""))


def _remove_stale(lock: Path, seen: str) -> None:
    """Of several that find it stale, one at a time looks again and removes it: never a lock that was taken anew."""
    guard = lock.with_name(f"{lock.name}.taking")
    try:
        os.close(os.open(guard, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except OSError:
        with contextlib.suppress(OSError):  # held for a moment only, unless its process was killed just then
            if time.time() - guard.stat().st_mtime > _FORGOTTEN:
                guard.unlink()
        time.sleep(0.05)
        return
    try:
        if _read(lock) == seen:
            _remove_lock(lock)
    finally:
        _remove_lock(guard)


def _remove_lock(lock: Path) -> None:
    for _ in range(_TRIES):
        try:
            lock.unlink(missing_ok=True)
            return
        except OSError:  # Windows, while another process reads it
            time.sleep(0.1)


def _read(lock: Path) -> str | None:
    try:
        return lock.read_text(encoding="utf-8")
    except OSError:
        return None


def _parse(text: str) -> dict[str, Any]:
    try:
        holder = json.loads(text)
    except ValueError:
        return {}
    return holder if isinstance(holder, dict) and isinstance(holder.get("process"), int) else {}


def is_alive(process: int, born: str = "") -> bool:
    """Whether a process is under way; with `born`, whether it is still the same one and not another of that number."""
    found = _find_birth(process)
    return found is not None and not (born and found and born != found)


def _find_birth(process: int) -> str | None:
    """When a process began, as the system counts; "" where that cannot be known, None where there is no such process."""
    if sys.platform == "win32":
        return _find_birth_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return None if fields[0] in "ZX" else fields[19]


def _find_birth_on_windows(process: int) -> str | None:
    # os.kill(process, 0) would end the process there.
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        query, denied, active = 0x1000, 5, 259
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(wintypes.DWORD(query), False, wintypes.DWORD(process))
        if not handle:
            return "" if ctypes.get_last_error() == denied else None
        try:
            code = wintypes.DWORD()
            kernel.GetExitCodeProcess(wintypes.HANDLE(handle), ctypes.byref(code))
            times = [wintypes.FILETIME() for _ in range(4)]
            kernel.GetProcessTimes(wintypes.HANDLE(handle), *[ctypes.byref(part) for part in times])
            return None if code.value != active else f"{times[0].dwHighDateTime}:{times[0].dwLowDateTime}"
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))
    return ""


# --- what lies beside --------------------------------------------------------------------------------------------


def _name_sibling(folder: Path, kind: str) -> Path:
    return folder.parent / f".{folder.name}.{kind}.{os.getpid()}-{secrets.token_hex(4)}"


def _remove_leftovers(folder: Path) -> None:
    pattern = re.compile(rf"\.{re.escape(folder.name)}\.(new|partial|old)(\.\d+-[0-9a-f]{{8}})?")
    for path in list(folder.parent.iterdir()):
        found = pattern.fullmatch(path.name)
        if not found:
            continue
        if found[1] == "old" and not folder.exists():  # killed between its two renames
            path.replace(folder)
        for _ in range(_TRIES):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            if not path.exists():
                break
            time.sleep(0.2)
