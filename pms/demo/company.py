"""The invented company of the demo: its sites, departments, mix of workers and known faces.

Company, places and people are made up; the mail domain is reserved for examples (RFC 2606).
The known faces are the people behind the sign-in buttons, so their names never change with the
seed of the generator.
"""

from dataclasses import dataclass
from types import MappingProxyType

NAME = "株式会社つむぎ野精器"
NAME_EN = "Tsumugino Seiki Co., Ltd."
BUSINESS = "家庭用計測機器の開発、製造、販売、修理の受付"
BUSINESS_EN = "Development, manufacture, sale and repair of household measuring instruments"
EMAIL_DOMAIN = "tsumugino.example"


@dataclass(frozen=True, slots=True)
class Site:
    """A place of business."""

    code: str
    name: str
    name_en: str
    address: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department, its place in the tree and its share of the people."""

    code: str
    name: str
    name_en: str
    parent_code: str | None
    site_code: str
    per_thousand: int  # of all workers; its sub-departments not counted


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody the demo needs by name, with a sign-in button."""

    key: str  # what the sign-in button asks for
    label: str
    label_en: str
    role: str  # the appointment held, as in `accounts.roles`; empty for ordinary staff
    employee_number: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    romaji: str  # family name first
    department_code: str
    employment_kind: str
    post: str

    @property
    def full_name(self) -> str:
        """The name as Japanese documents write it."""
        return f"{self.family_name} {self.given_name}"

    @property
    def email(self) -> str:
        """The address to sign in with."""
        family, given = self.romaji.lower().split()
        return f"{given}.{family}@{EMAIL_DOMAIN}"


SITES = (
    Site("HQ", "本社", "Head Office", "例示県見本市架空町一丁目2番3号"),
    Site("TC", "みなみ技術センター", "Minami Technical Center", "例示県試作市仮野45番地6"),
)

# Parents come before their children.
DEPARTMENTS = (
    Department("100", "経営企画室", "Corporate Planning Office", None, "HQ", 30),
    Department("110", "内部監査室", "Internal Audit Office", None, "HQ", 15),
    Department("120", "法務・コンプライアンス室", "Legal and Compliance Office", None, "HQ", 20),
    Department("200", "総務部", "General Affairs Department", None, "HQ", 40),
    Department("210", "人事部", "Human Resources Department", None, "HQ", 40),
    Department("220", "経理部", "Accounting Department", None, "HQ", 40),
    Department("230", "情報システム部", "Information Systems Department", None, "HQ", 50),
    Department("300", "営業本部", "Sales Division", None, "HQ", 20),
    Department("310", "第一営業部", "Sales Department 1", "300", "HQ", 110),
    Department("320", "第二営業部", "Sales Department 2", "300", "TC", 100),
    Department("330", "カスタマーサポート部", "Customer Support Department", "300", "HQ", 130),
    Department("400", "開発部", "Development Department", None, "TC", 120),
    Department("500", "製造部", "Manufacturing Department", None, "TC", 190),
    Department("510", "物流センター", "Logistics Center", "500", "TC", 95),
)

# The department that is behind with this year's training.
LATE_DEPARTMENT_CODE = "510"

# How many of a thousand workers are employed on which terms.
EMPLOYMENT_PER_THOUSAND = MappingProxyType(
    {
        "regular": 640,
        "contract": 110,
        "part_time": 115,
        "temporary": 25,
        "dispatched": 80,
        "seconded": 15,
        "officer": 15,
    }
)
MAX_OFFICERS = 12  # however large the company

KNOWN_PEOPLE = (
    KnownPerson(
        key="privacy_manager",
        label="個人情報保護管理者",
        label_en="Privacy manager",
        role="privacy_manager",
        employee_number="000102",
        family_name="佐々木",
        given_name="真理子",
        family_kana="ササキ",
        given_kana="マリコ",
        romaji="Sasaki Mariko",
        department_code="120",
        employment_kind="regular",
        post="室長",
    ),
    KnownPerson(
        key="training_officer",
        label="教育責任者（人事）",
        label_en="Training officer (HR)",
        role="training_officer",
        employee_number="000115",
        family_name="髙橋",
        given_name="由美子",
        family_kana="タカハシ",
        given_kana="ユミコ",
        romaji="Takahashi Yumiko",
        department_code="210",
        employment_kind="regular",
        post="部長",
    ),
    KnownPerson(
        key="audit_officer",
        label="個人情報保護監査責任者",
        label_en="Privacy audit officer",
        role="audit_officer",
        employee_number="000108",
        family_name="藤原",
        given_name="修一",
        family_kana="フジワラ",
        given_kana="シュウイチ",
        romaji="Fujiwara Shuichi",
        department_code="110",
        employment_kind="regular",
        post="室長",
    ),
    KnownPerson(
        key="president",
        label="トップマネジメント（社長）",
        label_en="Top management (President)",
        role="top_management",
        employee_number="000001",
        family_name="柏木",
        given_name="泰三",
        family_kana="カシワギ",
        given_kana="タイゾウ",
        romaji="Kashiwagi Taizo",
        department_code="100",
        employment_kind="officer",
        post="代表取締役社長",
    ),
    KnownPerson(
        key="department_manager",
        label="部門管理者（開発部）",
        label_en="Department manager (Development)",
        role="department_manager",
        employee_number="000131",
        family_name="宮﨑",
        given_name="隆之",
        family_kana="ミヤザキ",
        given_kana="タカユキ",
        romaji="Miyazaki Takayuki",
        department_code="400",
        employment_kind="regular",
        post="部長",
    ),
    KnownPerson(
        key="complaint_officer",
        label="苦情・相談窓口責任者",
        label_en="Complaint officer",
        role="complaint_officer",
        employee_number="000146",
        family_name="齋藤",
        given_name="直美",
        family_kana="サイトウ",
        given_kana="ナオミ",
        romaji="Saito Naomi",
        department_code="330",
        employment_kind="regular",
        post="部長",
    ),
    KnownPerson(
        key="system_administrator",
        label="システム管理者",
        label_en="System administrator",
        role="system_administrator",
        employee_number="000158",
        family_name="𠮷田",
        given_name="健太",
        family_kana="ヨシダ",
        given_kana="ケンタ",
        romaji="Yoshida Kenta",
        department_code="230",
        employment_kind="regular",
        post="課長",
    ),
    KnownPerson(
        key="staff",
        label="従業者（正社員）",
        label_en="Staff member (regular employee)",
        role="",
        employee_number="000204",
        family_name="浜田",
        given_name="美咲",
        family_kana="ハマダ",
        given_kana="ミサキ",
        romaji="Hamada Misaki",
        department_code="310",
        employment_kind="regular",
        post="",
    ),
    KnownPerson(
        key="dispatched_staff",
        label="従業者（派遣社員）",
        label_en="Staff member (dispatched worker)",
        role="",
        employee_number="H00012",
        family_name="小川",
        given_name="さくら",
        family_kana="オガワ",
        given_kana="サクラ",
        romaji="Ogawa Sakura",
        department_code="330",
        employment_kind="dispatched",
        post="",
    ),
)
