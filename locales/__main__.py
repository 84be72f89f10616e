"""`python -m locales`: bring the catalogue files up to date; `--check` only looks.

Exits 1 where a sentence is missing, untranslated, fuzzy, no longer used, or has other placeholders than its
source.
"""

import argparse
import sys

from locales import po_path
from locales.extraction import brought_up_to_date, problems, read, sentences, sources

LANGUAGES = ("vi",)


def main(arguments: list[str] | None = None) -> int:
    """Run the tool; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m locales", description="Sentences and their translations."
    )
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(arguments)
    wanted = sentences(sources())
    left = 0
    for language in LANGUAGES:
        path = po_path(language)
        if not options.check:
            text = brought_up_to_date(read(path, language), wanted, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        found = problems(read(path, language), wanted)
        for problem in found:
            sys.stderr.write(f"{language}: {problem}\n")
        left += len(found)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
