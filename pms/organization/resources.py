"""The roster as a file: one table of columns for the export and the import."""

from collections.abc import Callable
from typing import Final

from pms.transfer.headings import HeadingSpec
from pms.transfer.lists import Column

from .choices import EmploymentKind
from .models import Affiliation, Person

# The first word of each is what an export writes; all of them are understood. Like headings,
# these words are a file format: they stay the same in every language.
KIND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    EmploymentKind.REGULAR: ("正社員", "正規", "正規社員", "正職員", "社員", "一般社員"),
    EmploymentKind.CONTRACT: ("契約社員", "契約", "嘱託", "嘱託社員", "有期契約社員", "契約職員"),
    EmploymentKind.PART_TIME: (
        "パート",
        "パートタイマー",
        "パートタイム",
        "パート社員",
        "part-time",
    ),
    EmploymentKind.TEMPORARY: ("アルバイト", "バイト", "臨時", "臨時社員", "臨時職員"),
    EmploymentKind.DISPATCHED: ("派遣社員", "派遣", "派遣労働者", "派遣スタッフ"),
    EmploymentKind.SECONDED: ("出向者", "出向", "出向社員", "受入出向者", "出向受入"),
    EmploymentKind.OFFICER: ("役員", "取締役", "監査役", "執行役員", "代表取締役", "理事", "監事"),
    EmploymentKind.EXTERNAL: ("社外", "外部", "社外者", "業務委託"),
}

HEADINGS: Final = (
    HeadingSpec(
        "employee_number",
        (
            "社員番号",
            "従業員番号",
            "従業者番号",
            "職員番号",
            "社員コード",
            "従業員コード",
            "社員ID",
            "社員No",
            "社員No.",
            "社番",
            "employee number",
            "employee no",
            "employee id",
        ),
        required=True,
    ),
    HeadingSpec("family_name", ("姓", "氏", "苗字", "名字", "family name", "last name", "surname")),
    HeadingSpec("given_name", ("名", "given name", "first name")),
    HeadingSpec(
        "family_kana",
        ("セイ", "姓カナ", "姓（カナ）", "姓フリガナ", "せい", "姓かな", "family name kana"),
    ),
    HeadingSpec(
        "given_kana",
        ("メイ", "名カナ", "名（カナ）", "名フリガナ", "めい", "名かな", "given name kana"),
    ),
    HeadingSpec("name", ("氏名", "名前", "社員名", "従業員名", "氏名（漢字）", "full name")),
    HeadingSpec(
        "kana",
        (
            "フリガナ",
            "ふりがな",
            "カナ",
            "氏名カナ",
            "氏名（カナ）",
            "カナ氏名",
            "氏名フリガナ",
            "かな",
            "name kana",
        ),
    ),
    HeadingSpec(
        "email",
        (
            "メールアドレス",
            "メール",
            "Eメール",
            "E-mail",
            "mail",
            "email address",
            "mail address",
            "社用メールアドレス",
        ),
    ),
    HeadingSpec(
        "department_code",
        (
            "部門コード",
            "部署コード",
            "所属コード",
            "組織コード",
            "department code",
            "dept code",
        ),
    ),
    HeadingSpec(
        "department",
        (
            "部門",
            "部署",
            "所属",
            "部門名",
            "部署名",
            "所属名",
            "所属部署",
            "所属部門",
            "department name",
        ),
    ),
    HeadingSpec(
        "employment_kind",
        ("雇用区分", "雇用形態", "社員区分", "従業員区分", "employment kind", "employment type"),
        required=True,
    ),
    HeadingSpec("post", ("役職", "役職名", "職位", "post", "position", "job title")),
    HeadingSpec(
        "joined_on",
        ("入社日", "入社年月日", "採用日", "採用年月日", "joined on", "hire date", "date joined"),
        required=True,
    ),
    HeadingSpec(
        "left_on",
        (
            "退職日",
            "退職年月日",
            "退社日",
            "退社年月日",
            "left on",
            "leaving date",
            "termination date",
        ),
    ),
    HeadingSpec(
        "effective_on",
        (
            "発令日",
            "異動日",
            "発令年月日",
            "異動年月日",
            "適用日",
            "effective on",
            "effective date",
        ),
    ),
)

_LABEL: Final = {spec.name: spec.labels[0] for spec in HEADINGS}


def _primary(person: Person) -> Affiliation | None:
    """The main affiliation that `PersonQuerySet.with_primary_on` has put beside the person."""
    found: list[Affiliation] = getattr(person, "primary", [])
    return found[0] if found else None


def _of_affiliation(value: Callable[[Affiliation], str]) -> Callable[[Person], str]:
    def of_person(person: Person) -> str:
        affiliation = _primary(person)
        return value(affiliation) if affiliation else ""

    return of_person


# For rows of `Person.objects.with_primary_on(day)`; reading the file back changes nothing.
PEOPLE_COLUMNS: Final = (
    Column(_LABEL["employee_number"], lambda it: it.employee_number, 12),
    Column(_LABEL["family_name"], lambda it: it.family_name, 12),
    Column(_LABEL["given_name"], lambda it: it.given_name, 12),
    Column(_LABEL["family_kana"], lambda it: it.family_kana, 14),
    Column(_LABEL["given_kana"], lambda it: it.given_kana, 14),
    Column(_LABEL["email"], lambda it: it.email, 30),
    Column(_LABEL["department_code"], _of_affiliation(lambda it: it.department.code), 12),
    Column(_LABEL["department"], _of_affiliation(lambda it: it.department.name), 24),
    Column(
        _LABEL["employment_kind"], _of_affiliation(lambda it: KIND_WORDS[it.employment_kind][0]), 12
    ),
    Column(_LABEL["post"], _of_affiliation(lambda it: it.post), 16),
    Column(_LABEL["joined_on"], lambda it: it.joined_on, 12),
    Column(_LABEL["left_on"], lambda it: it.left_on, 12),
)


def kind_of(word: str) -> str | None:
    """The employment kind that a word of an office (or our own code) means; None if unknown."""
    return _KIND_OF.get(word.casefold())


_KIND_OF: Final[dict[str, str]] = {
    word.casefold(): kind for kind, words in KIND_WORDS.items() for word in (str(kind), *words)
}
