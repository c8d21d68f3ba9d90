"""A later edition of the guideline comes in from a file; those before it stay as they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.core.text import fold, fold_code, listed
from pms.cycles.choices import Confidence, Phase
from pms.cycles.models import Clause, GuidelineEdition, natural_order
from pms.history.context import as_actor
from pms.history.services import record, record_created
from pms.transfer.headings import HeadingSpec, match_headings
from pms.transfer.readers import open_table

# Field → heading. The list of clauses exports the same headings: its file is the form to fill in.
CLAUSE_HEADINGS: Final = {
    "code": "項番",
    "title": "題名",
    "title_en": "題名（英語）",
    "phase": "PDCA",
    "is_section": "見出しのみ",
    "evidence": "審査員が確認するもの",
    "evidence_en": "審査員が確認するもの（英語）",
    "jis_2017": "JIS Q 15001:2017",
    "jis_2023": "JIS Q 15001:2023",
    "act_article": "個人情報保護法の条",
    "title_confidence": "項番と題名の出典",
    "mapping_confidence": "対応の出典",
    "note": "備考",
    "note_en": "備考（英語）",
}
_REQUIRED: Final = {"code", "title", "phase", "title_confidence", "mapping_confidence"}
_WORDS: Final[dict[str, type[TextChoices]]] = {
    "phase": Phase,
    "title_confidence": Confidence,
    "mapping_confidence": Confidence,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file of clauses.

    Attributes:
        row: as a person counts it in the file; 0 for the file as a whole.
        column: the heading; empty for the row as a whole.
        message: what is wrong, and how to mend it.
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        facts = {"row": self.row, "column": self.column, "message": self.message}
        if not self.row:
            return self.message
        if not self.column:
            return _("Row %(row)d: %(message)s") % facts
        return _("Row %(row)d, “%(column)s”: %(message)s") % facts


def read_clauses(path: Path) -> tuple[list[Clause], list[Fault]]:
    """Read the clauses of an edition from a CSV file or an Excel workbook, without writing.

    Args:
        path: a table with the headings of `CLAUSE_HEADINGS`, or with the names of the fields.

    Returns:
        The clauses in the order of their numbers, without an edition; and everything that is
        wrong with the file. Clauses of a file with faults are not to be stored.

    Raises:
        TableError: the file is no table that can be read.
        OSError: the file cannot be opened.
    """
    specs = [
        HeadingSpec(name, (label,), required=name in _REQUIRED)
        for name, label in CLAUSE_HEADINGS.items()
    ]
    with open_table(path, name=path.name, expected=list(CLAUSE_HEADINGS.values())) as table:
        match = match_headings(table.headings, specs)
        faults = [_missing(spec.labels[0]) for spec in match.missing]
        if faults:
            return [], faults
        rows = [
            (number, {name: str(cells[index]) for name, index in match.columns.items()})
            for number, cells in table.rows()
        ]
        faults += [Fault(it.row or 0, "", str(it)) for it in table.problems]
    found = {number: _clause(cells) for number, cells in rows}
    for number, clause in found.items():
        faults += _faults_of(number, clause)
    faults += _repeated(found)
    if not rows:
        faults.append(Fault(0, "", _("The file has no clause. Please check that it is complete.")))
    if faults:
        return list(found.values()), sorted(faults, key=lambda it: it.row)
    clauses = sorted(found.values(), key=lambda it: natural_order(it.code))
    for position, clause in enumerate(clauses, start=1):
        clause.position = position
    return clauses, []


def _missing(heading: str) -> Fault:
    message = _("The column “%(column)s” is missing. Please add it.") % {"column": heading}
    return Fault(0, "", message)


def _clause(cells: Mapping[str, str]) -> Clause:
    facts: dict[str, Any] = {name: _value(name, text) for name, text in cells.items()}
    return Clause(**facts)


def _value(name: str, text: str) -> str:
    text = text.strip()
    match name:
        case "code":
            return fold_code(text)
        case "is_section":
            return fold(text) or "0"
        case "phase" | "title_confidence" | "mapping_confidence":
            return _value_of(name).get(fold(text), text)
        case "jis_2017" | "jis_2023" | "act_article":
            return fold(text)
    return text


def _value_of(name: str) -> dict[str, str]:
    """What may stand, folded, in the cell of a choice: its value, or its label in a language."""
    found: dict[str, str] = {}
    for language in ("ja", "en"):
        with translation.override(language):
            for value, label in _WORDS[name].choices:
                found |= {value: value, fold(str(label)): value}
    return found


def _faults_of(number: int, clause: Clause) -> Iterator[Fault]:
    try:
        clause.clean_fields(exclude={"edition", "position"})
    except ValidationError as refusal:
        for name, messages in refusal.message_dict.items():
            if name == "is_section":
                messages = [_("Please write 1 for a heading and 0 for everything else.")]
            for message in messages:
                yield Fault(number, CLAUSE_HEADINGS[name], message)
    if clause.is_section is True and (clause.evidence or clause.evidence_en):
        yield Fault(number, CLAUSE_HEADINGS["evidence"], _("A heading asks for no evidence."))


def _repeated(found: Mapping[int, Clause]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, clause in found.items():
        if first.setdefault(clause.code, number) != number:
            message = _("%(code)s stands in row %(row)d already. Please delete one of the two.")
            facts = {"code": clause.code, "row": first[clause.code]}
            yield Fault(number, CLAUSE_HEADINGS["code"], message % facts)


@transaction.atomic
@as_actor
def add_edition(
    *,
    code: str,
    name: str,
    name_en: str = "",
    starts_on: date,
    applies_to: str = "",
    applies_to_en: str = "",
    clauses: Sequence[Clause],
    actor: Any,
) -> GuidelineEdition:
    """Store a later edition with its clauses.

    The edition in force until then ends on the day before; nothing else about it changes, and
    what cites its clauses goes on citing them.

    Args:
        code: of the edition, e.g. "2027-2.0".
        name, name_en: what it is called.
        starts_on: the first day of the applications that it applies to.
        applies_to, applies_to_en: what it applies to, in words.
        clauses: in their order, as `read_clauses` gives them.
        actor: who adds it; None for the command line.

    Returns:
        The edition as stored.

    Raises:
        ValidationError: the code is taken, or the days are those of another edition.
    """
    if not clauses:
        raise DomainError(_("An edition has at least one clause."))
    former = (
        GuidelineEdition.objects.select_for_update()
        .filter(ends_on=None, starts_on__lt=starts_on)
        .first()
    )
    if former:
        former.ends_on = starts_on - timedelta(days=1)
        former.full_clean()
        former.save()
    edition = GuidelineEdition(
        code=fold_code(code),
        name=fold(name),
        name_en=fold(name_en),
        starts_on=starts_on,
        applies_to=fold(applies_to),
        applies_to_en=fold(applies_to_en),
    )
    edition.full_clean()
    edition.save()
    for clause in clauses:
        clause.edition = edition
    record_created(Clause.objects.bulk_create(clauses), actor=actor)
    details = {"count": len(clauses), "from": starts_on.isoformat()}
    record("cycles.guideline_added", edition, actor=actor, details=details)
    return edition


def differences(clauses: Iterable[Clause], former: GuidelineEdition) -> list[str]:
    """How the numbers of an edition to come differ from those of `former`, in sentences."""
    old = {it.code: it.title for it in former.clauses.all()}
    new = {it.code: it.title for it in clauses}
    sentences = []
    if added := [code for code in new if code not in old]:
        sentences.append(_("New: %(codes)s") % {"codes": listed(added)})
    if gone := [code for code in old if code not in new]:
        sentences.append(_("No longer there: %(codes)s") % {"codes": listed(gone)})
    if renamed := [code for code in new if code in old and old[code] != new[code]]:
        sentences.append(_("Another title: %(codes)s") % {"codes": listed(renamed)})
    return sentences
