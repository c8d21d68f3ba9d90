"""The usual year of a PMS as a template of milestones: which month, who answers, which clause.

Our proposal of the order; what has to be done is JIS Q 15001:2023 and the PrivacyMark guideline
(J.1 – J.11). It fits a year that begins in any month: months are counted from its first day.
"""

from dataclasses import dataclass
from typing import Final

from pms.accounts.roles import Role

from .choices import Fulfilment, Phase


@dataclass(frozen=True, slots=True)
class Planned:
    """One milestone of the template.

    Attributes:
        month: 0 for the year's first month.
        day: days after the month's first day; None for the month's last day.
        phase: plan, do, check or act.
        title, title_en: what shall be done.
        clause: code of the guideline.
        role: the post that answers for it.
        records: what is kept as proof.
        fulfilment: what fulfils it.
    """

    month: int
    phase: Phase
    title: str
    title_en: str
    clause: str
    role: Role
    records: str
    day: int | None = None
    fulfilment: Fulfilment = Fulfilment.BY_HAND


P, D, C, A = Phase.PLAN, Phase.DO, Phase.CHECK, Phase.ACT
MANAGER, OFFICE, TOP = Role.PRIVACY_MANAGER, Role.PMS_OFFICE, Role.TOP_MANAGEMENT
TRAINING, AUDIT, COMPLAINT = Role.TRAINING_OFFICER, Role.AUDIT_OFFICER, Role.COMPLAINT_OFFICER
SYSTEM = Role.SYSTEM_OFFICER

TEMPLATE: Final[tuple[Planned, ...]] = (
    Planned(
        0,
        P,
        "年度計画の承認",
        "Plan of the year approved",
        "J.3.3",
        MANAGER,
        "年度計画書",
        day=9,
        fulfilment=Fulfilment.YEAR_PLAN,
    ),
    Planned(
        0,
        P,
        "役割の確認と任命",
        "Posts confirmed and filled",
        "J.2.3.1",
        TOP,
        "任命書",
    ),
    Planned(
        0,
        P,
        "教育計画の承認",
        "Training plan approved",
        "J.3.3",
        TRAINING,
        "教育計画書",
        day=19,
        fulfilment=Fulfilment.TRAINING_PLAN,
    ),
    Planned(0, P, "監査計画の承認", "Audit plan approved", "J.3.3", AUDIT, "内部監査計画書"),
    Planned(
        0,
        P,
        "個人情報保護目的（目標）の設定",
        "Objectives set",
        "J.3.2",
        MANAGER,
        "目標管理表",
    ),
    Planned(
        0,
        D,
        "新入社員教育",
        "Training of new staff",
        "J.4.3",
        TRAINING,
        "受講記録",
        fulfilment=Fulfilment.NEW_HIRE_TRAINING,
    ),
    Planned(
        0,
        D,
        "新入社員の誓約書の受領",
        "Pledges of new staff received",
        "J.9.3",
        TRAINING,
        "誓約書",
    ),
    Planned(
        1,
        P,
        "組織の状況と利害関係者の見直し",
        "Context and interested parties reviewed",
        "J.1.1",
        MANAGER,
        "課題・利害関係者一覧",
    ),
    Planned(
        1,
        P,
        "法令等の一覧の確認（1回目）",
        "Register of laws checked (first time)",
        "J.1.3",
        OFFICE,
        "法令等一覧",
    ),
    Planned(
        1,
        P,
        "個人情報管理台帳の見直し（全部門）",
        "Ledger reviewed by every department",
        "J.3.1.1",
        MANAGER,
        "個人情報管理台帳",
    ),
    Planned(
        2,
        P,
        "リスクアセスメントとリスク対応計画",
        "Risk assessment and treatment plan",
        "J.3.1.3",
        MANAGER,
        "リスク分析表",
    ),
    Planned(
        2,
        P,
        "残留リスクの承認",
        "Residual risks approved",
        "J.3.1.4",
        TOP,
        "残留リスク承認記録",
    ),
    Planned(2, P, "規程の見直し", "Internal rules reviewed", "J.4.5.4", OFFICE, "改定記録"),
    Planned(
        3,
        D,
        "委託先の再評価票の送付",
        "Re-evaluation sent to contractors",
        "J.9.4",
        MANAGER,
        "委託先評価票",
    ),
    Planned(
        3,
        D,
        "アクセス権の棚卸し",
        "Access rights reviewed",
        "J.9.2",
        SYSTEM,
        "アクセス権棚卸記録",
    ),
    Planned(
        4,
        D,
        "委託先評価の集計と改善依頼",
        "Contractors scored, improvements requested",
        "J.9.4",
        MANAGER,
        "委託先評価結果",
    ),
    Planned(
        4,
        D,
        "保管期限を過ぎた個人情報の廃棄（中間）",
        "Expired data disposed of (mid-year)",
        "J.9.1",
        OFFICE,
        "廃棄記録",
    ),
    Planned(
        5,
        D,
        "全従業者教育の実施",
        "Yearly training of everybody",
        "J.4.3",
        TRAINING,
        "受講者名簿・理解度確認の結果",
    ),
    Planned(
        6,
        D,
        "教育の未受講者・不合格者のフォローと締め",
        "Absentees followed up, training closed",
        "J.4.3",
        TRAINING,
        "フォロー記録",
        fulfilment=Fulfilment.YEARLY_TRAINING,
    ),
    Planned(
        6,
        D,
        "緊急事態の訓練",
        "Emergency drill",
        "J.4.4.2",
        MANAGER,
        "訓練記録",
        fulfilment=Fulfilment.DRILL,
    ),
    Planned(
        6,
        D,
        "法令等の一覧の確認（2回目）",
        "Register of laws checked (second time)",
        "J.1.3",
        OFFICE,
        "法令等一覧",
    ),
    Planned(
        7,
        C,
        "教育実施報告書の承認",
        "Training report approved",
        "J.4.3",
        TRAINING,
        "教育実施報告書",
        fulfilment=Fulfilment.TRAINING_REPORT,
    ),
    Planned(
        7,
        C,
        "内部監査（適合状況・運用状況）",
        "Internal audit (conformity and operation)",
        "J.6.2",
        AUDIT,
        "監査チェックリスト",
    ),
    Planned(
        8,
        C,
        "内部監査の報告",
        "Internal audit reported to top management",
        "J.6.2",
        AUDIT,
        "内部監査報告書",
    ),
    Planned(
        8,
        C,
        "苦情・相談の集計と報告",
        "Complaints and consultations summed up",
        "J.11.1",
        COMPLAINT,
        "苦情・相談受付簿",
    ),
    Planned(
        9,
        A,
        "是正処置の実施",
        "Corrective actions carried out",
        "J.7.1",
        MANAGER,
        "是正処置報告書",
    ),
    Planned(
        9,
        C,
        "目的（目標）の達成状況の測定",
        "Objectives measured",
        "J.6.1",
        MANAGER,
        "目標管理表",
    ),
    Planned(
        10,
        A,
        "是正処置の効果の確認",
        "Effect of corrective actions checked",
        "J.7.1",
        MANAGER,
        "是正処置報告書",
    ),
    Planned(
        10,
        C,
        "マネジメントレビュー",
        "Management review",
        "J.6.3",
        TOP,
        "マネジメントレビュー議事録",
    ),
    Planned(
        11,
        A,
        "レビューの指示を次年度計画へ反映",
        "Instructions of the review put into next year's plan",
        "J.7.2",
        MANAGER,
        "次年度計画書",
    ),
    Planned(
        11,
        A,
        "方針・規程の改定",
        "Policy and rules revised",
        "J.2.2",
        TOP,
        "個人情報保護方針・改定記録",
    ),
    Planned(
        11,
        D,
        "保管期限を過ぎた個人情報の廃棄（年度末）",
        "Expired data disposed of (year end)",
        "J.9.1",
        OFFICE,
        "廃棄記録",
    ),
    *(
        Planned(
            month,
            C,
            f"部門の運用点検（第{number}四半期）と代表者への報告",
            f"Operation checks of quarter {number}, reported to top management",
            "J.6.1",
            MANAGER,
            "運用点検表",
        )
        for number, month in enumerate((2, 5, 8, 11), start=1)
    ),
)
