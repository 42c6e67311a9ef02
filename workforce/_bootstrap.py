"""From a bare clone to a working environment: makes `.venv` beside the package when packages are missing.

Standard library only. Where the needed packages are there in satisfying versions (conda, an activated
environment, an installed wheel), nothing is made and nothing is printed.
"""

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
UNFINISHED = "unfinished"
INSIDE = "WORKFORCE_ENVIRONMENT"  # set for the second process, so that it never sets up in its turn
PATIENCE = 10.0  # seconds between two lines of progress


def prepare(arguments: list[str], root: Path = ROOT) -> int | None:
    """See to the packages that `arguments` need; None = go on in this process, a number = done, with this exit code.

    In a checkout (a pyproject.toml beside the package) the needed packages and their lower bounds are read from
    pyproject.toml, with the `test` extra where the command is ``test``. If one is missing or too old, `.venv` is made
    from requirements.txt and the command runs there. Outside a checkout the installer has seen to it.
    """
    if not (root / "pyproject.toml").is_file():
        return None
    show_the_way(root)
    inside = os.environ.pop(INSIDE, None)
    if Path(sys.prefix).resolve() == (root / ".venv").resolve() and is_stamped(root):
        return None
    lacking = find_lacking(read_requirements(root, extra="test" if arguments[:1] == ["test"] else None))
    if not lacking:
        return None
    if inside:
        stamp_file(root).unlink(missing_ok=True)
        say(f"the environment in .venv lacks {', '.join(lacking)}; run the command again and it is completed.")
        return 1
    try:
        if not is_stamped(root):
            with lock(root / ".venv.lock"):
                if not is_stamped(root):
                    make_environment(root, lacking)
        return run_inside(root, arguments)
    except KeyboardInterrupt:
        say("interrupted. What was begun in .venv is made anew next time.")
        return 130
    except SetUpError as error:
        say(str(error))
        return 1


def run_inside(root: Path, arguments: list[str], replace: bool = os.name != "nt") -> int:
    """Run the command with the Python of `.venv`, in place of this process where the system can do so."""
    command = [str(python_of(root)), "-m", "workforce", *arguments]
    environment = {**os.environ, INSIDE: "1"}
    if replace:
        sys.stderr.flush()
        os.execve(command[0], command, environment)
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it has reached the command too, which ends in good order
            continue


class SetUpError(Exception):
    """The environment cannot be made; the text says why and what to do."""


def say(text: str) -> None:
    sys.stderr.write(f"workforce: {text}\n")
    sys.stderr.flush()


def show_the_way(root: Path) -> None:
    """Let notebooks' kernels and worker processes import the package of this checkout."""
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    if str(root) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *paths])


# --- what is needed, and what is there ---------------------------------------------------------------------------


def read_requirements(root: Path, extra: str | None = None) -> list[str]:
    """The dependencies of pyproject.toml, such as "pandas>=2.2", with those of one extra."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]


def find_lacking(requirements: list[str]) -> list[str]:
    """Those requirements that the running Python does not meet."""
    return [requirement for requirement in requirements if not is_met(requirement)]


def is_met(requirement: str) -> bool:
    """Whether "name>=1.2,<4" is met by what is installed; knows >=, >, <=, <, == on plain numbered releases."""
    name, bounds = re.fullmatch(r"\s*([A-Za-z0-9._-]+)\s*(.*)", requirement).groups()  # type: ignore[union-attr]
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return all(holds(installed, bound.strip()) for bound in bounds.split(",") if bound.strip())


def holds(version: str, bound: str) -> bool:
    sign, limit = re.fullmatch(r"(>=|<=|==|>|<)\s*(.+)", bound).groups()  # type: ignore[union-attr]
    length = max(len(numbers(version)), len(numbers(limit)))
    left, right = (numbers(text) + (0,) * (length - len(numbers(text))) for text in (version, limit))
    return {">=": left >= right, "<=": left <= right, "==": left == right, ">": left > right, "<": left < right}[sign]


def numbers(version: str) -> tuple[int, ...]:
    """The release numbers of a version: "3.3.2rc1" -> (3, 3, 2)."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else (0,)


# --- the environment ---------------------------------------------------------------------------------------------


def python_of(root: Path) -> Path:
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_file(root: Path) -> Path:
    return root / ".venv" / "workforce-stamp.txt"


def expected_stamp(root: Path) -> str:
    """What a finished environment is known by: the wishes of this checkout and the Python that was asked."""
    digest = hashlib.sha256(f"{sys.version_info[0]}.{sys.version_info[1]}".encode())
    for name in ("pyproject.toml", "requirements.txt"):
        if (root / name).is_file():
            digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def is_stamped(root: Path) -> bool:
    stamp = stamp_file(root)
    return (
        python_of(root).exists()
        and stamp.is_file()
        and stamp.read_text(encoding="utf-8").strip() == expected_stamp(root)
    )


def make_environment(root: Path, lacking: list[str]) -> None:
    """Make `.venv` and install into it; an environment found there is used if it is whole, else made anew."""
    begun = time.monotonic()
    names = [re.split(r"[<>=]", requirement)[0] for requirement in lacking]
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    say(f"setting up. This Python lacks {listed}; they go into .venv in this folder, nothing else is touched.")
    say("this happens once and takes about one minute, longer on a slow connection.")
    if not is_usable(root):
        create_environment(root)
    stamp_file(root).write_text(UNFINISHED, encoding="utf-8")
    install(root)
    link_checkout(root)
    stamp_file(root).write_text(expected_stamp(root), encoding="utf-8")
    say(f"set up in {time.monotonic() - begun:.0f} s.")


def is_usable(root: Path) -> bool:
    """Whether the `.venv` found here was finished once, or made by somebody else, and runs this Python with pip."""
    stamp = stamp_file(root)
    if not python_of(root).exists() or (stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == UNFINISHED):
        return False
    question = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    return subprocess.run([str(python_of(root)), "-c", question], capture_output=True).returncode == 0


def create_environment(root: Path) -> None:
    import venv

    folder = root / ".venv"
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise SetUpError(
            "this Python cannot make environments. On Debian and Ubuntu type  sudo apt install python3-venv  "
            "and run the command again."
        ) from None
    try:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        stamp_file(root).write_text(UNFINISHED, encoding="utf-8")
        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpError(
            f"the folder {folder} cannot be made ({error}). Close programs that use it, see that the folder may be "
            "written to and is not synchronised (OneDrive), and run the command again. "
            "On Debian and Ubuntu  sudo apt install python3-venv  may be missing."
        ) from None


def install(root: Path) -> None:
    """The pinned and hashed packages; where one does not fit this Python or machine, the ranges of pyproject.toml."""
    pinned = root / "requirements.txt"
    total = len(re.findall(r"(?m)^[A-Za-z0-9._-]+==", pinned.read_text(encoding="utf-8"))) if pinned.is_file() else 0
    if total:
        say("fetching the pinned packages (requirements.txt) ...")
        if run_pip(root, ["--require-hashes", "--no-deps", "-r", str(pinned)], total):
            return
        say("a pinned package is not to be had for this Python or machine; trying the ranges of pyproject.toml ...")
    if not run_pip(root, read_requirements(root, extra="test"), total or 120):
        log = root / ".venv" / "set-up.log"
        last = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()][-4:]
        raise SetUpError(
            "\n  ".join(["the packages could not be installed. pip says:", *last])
            + f"\n  All of it is in {log}. Is there a connection to the package index (or the company's mirror in "
            "pip's settings)? Then run the command again."
        )


def run_pip(root: Path, wishes: list[str], total: int) -> bool:
    """Install `wishes` into `.venv`, writing pip's words to a log and a line of progress now and then."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_USER")}
    environment |= {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PIP_NO_INPUT": "1"}
    options = ["--disable-pip-version-check", "--no-color", "--progress-bar", "off", "--compile", *wishes]
    fetched, spoken = 0, time.monotonic()
    with (root / ".venv" / "set-up.log").open("a", encoding="utf-8") as log:
        command = [str(python_of(root)), "-m", "pip", "install", *options]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            encoding="utf-8",
            errors="replace",
        )
        try:
            for line in process.stdout or ():
                log.write(line)
                fetched += line.startswith("Collecting ")
                if line.startswith("Installing collected"):
                    say("unpacking, the longest part ...")
                elif line.startswith("Collecting ") and time.monotonic() - spoken > PATIENCE:
                    say(f"{fetched} of about {total} packages fetched ...")
                    spoken = time.monotonic()
            return process.wait() == 0
        except BaseException:
            process.terminate()
            process.wait()
            raise


def link_checkout(root: Path) -> None:
    """Put this checkout on the environment's import path.

    A relative .pth line does what an editable install does, without a build tool, and stays ASCII where a home folder is
    not (before Python 3.13 a .pth file is read in the locale's encoding).
    """
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([str(python_of(root)), "-X", "utf8", "-c", question], capture_output=True, encoding="utf-8")
    packages = Path(answer.stdout.strip())
    (packages / "workforce-checkout.pth").write_text(os.path.relpath(root, packages) + "\n", encoding="utf-8")
    # Each run starts a dozen Python processes; where bytecode is not written on import, each would compile all anew,
    # and on a fresh machine the simulation's kernel too.
    subprocess.call([str(python_of(root)), "-m", "compileall", "-q", str(root / "workforce")])
    subprocess.run([str(python_of(root)), "-m", "workforce.simulate.first_call"], capture_output=True)


# --- one first run at a time -------------------------------------------------------------------------------------


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the file at `path` alone; a second process waits. The system lets go when the holder ends, however it ends."""
    with path.open("a+b") as file:
        waited = False
        while not try_to_hold(file):
            if not waited:
                say("another run is setting up .venv; waiting for it ...")
            waited = True
            time.sleep(0.5)
        yield


def try_to_hold(file: IO[bytes]) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a network drive without locks: better two at once than none
        return True
    return True
