"""Build the curricula from their Markdown: `python scripts/build_curricula.py [--out FOLDER]`.

The same sources give the same bytes, so that a test can tell whether the committed files are
the built ones: no clock, no random identifiers, no compression whose output a zlib could change.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from curricula.pdf import build_pdf
from curricula.word import build_docx

CURRICULA = Path(__file__).parents[1] / "corpus" / "curricula"
# What is built: a source of this name in src/, and the format that it is read in.
DOCUMENTS = {
    "competency-map": "pdf",
    "trainee-curriculum": "pdf",
    "faculty-series": "docx",
    "simulation-day": "docx",
    "overview.zh-Hant": "docx",
    "overview.zh-Hans": "docx",
}


def build(out: Path) -> list[Path]:
    """Write every document into a folder and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    writers = {"pdf": build_pdf, "docx": build_docx}
    paths = []
    for name, kind in DOCUMENTS.items():
        path = out / f"{name}.{kind}"
        path.write_bytes(writers[kind](CURRICULA / "src" / f"{name}.md"))
        paths.append(path)
    return paths


def main() -> None:
    """Build into corpus/curricula, or into --out."""
    parser = argparse.ArgumentParser(description="Build the curricula from their Markdown.")
    parser.add_argument("--out", type=Path, default=CURRICULA)
    for path in build(parser.parse_args().out):
        sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
