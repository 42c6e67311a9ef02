"""``python -m workforce``: the command `workforce`, which first sees to the packages it needs."""

import sys

# Stands before every other import and is written for any Python, so that an old one gets words, not a SyntaxError.
if sys.version_info < (3, 11):
    sys.exit(
        "The Workforce Planning Workbench needs Python 3.11 or newer; this is Python {}.{}.\n"
        "Install a newer one from python.org (Windows: then type  py -3 -m workforce run) and try again.".format(
            sys.version_info[0], sys.version_info[1]
        )
    )


def main():
    from workforce._bootstrap import prepare

    exit_code = prepare(sys.argv[1:])
    if exit_code is None:
        from workforce.cli import main as run_command

        exit_code = run_command()
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
