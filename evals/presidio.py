"""What was found of presidio-research's spans, counted from records that hold `text`, `spans` and
`found`, both of the latter as [start, end, kind].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from evals.personal_data import touched
from evals.public_sets import KINDS
from evals.stats import Estimate, Figure
from evals.task import Record

Hits = list[tuple[str, bool]]
"""By span or finding, its kind, and whether one of the other sort overlaps it."""
BIRTH_DATE, DATE_TIME = "birth_date", "DATE_TIME"


def recalled(record: Record) -> Hits:
    """Each span of a type that a rule is for, by type."""
    return [(s[2], touched(s, record["found"])) for s in record["spans"] if s[2] in KINDS]


def recalled_by_rule(record: Record) -> Hits:
    """The same, by the rule that is to find it."""
    return [(KINDS[kind], hit) for kind, hit in recalled(record)]


def precise(record: Record) -> Hits:
    """Each finding, by rule."""
    known = [s for s in record["spans"] if s[2] in KINDS]
    return [(f[2], touched(f, known)) for f in record["found"]]


def precise_with_dates(record: Record) -> Hits:
    """The same; their dates of birth are of no type of their own, so that any date will do."""
    dates = [s for s in record["spans"] if s[2] == DATE_TIME]
    return [
        (f[2], hit or (f[2] == BIRTH_DATE and touched(f, dates)))
        for f, (_, hit) in zip(record["found"], precise(record), strict=True)
    ]


def share(
    estimate: Estimate,
    group: str,
    name: str,
    records: Sequence[Record],
    hits_of: Callable[[Record], Hits],
    kinds: Iterable[str] | None = None,
) -> list[Figure]:
    """The share of hits by kind, clustered by template; groups are called `<group>, <kind>`.

    Args:
        estimate: makes the figures.
        group: what the records have in common.
        name: of the figures.
        records: of sentences.
        hits_of: one of the functions above.
        kinds: those wanted, in order; by default all there are, sorted.
    """
    rows = [(kind, hit, record) for record in records for kind, hit in hits_of(record)]
    held = [
        (kind, [(hit, r) for of, hit, r in rows if of == kind])
        for kind in (sorted({kind for kind, *_ in rows}) if kinds is None else kinds)
    ]
    return [
        estimate.share(
            f"{group}, {kind}",
            name,
            [hit for hit, _ in mine],
            [r.sample.cluster for _, r in mine],
            ids=[r.id for _, r in mine],
        )
        for kind, mine in held
        if mine
    ]


def failures(record: Record, hits: Hits) -> list[str]:
    """Spans that were missed, and findings that overlap none by `hits`."""
    text = record["text"]
    known = zip((s for s in record["spans"] if s[2] in KINDS), recalled(record), strict=True)
    missed = [f"{s[2]} missed: {text[s[0] : s[1]]}" for s, (_, hit) in known if not hit]
    wrong = (f for f, (_, hit) in zip(record["found"], hits, strict=True) if not hit)
    return missed + [f"“{text[f[0] : f[1]]}” taken for {f[2]}" for f in wrong]
