"""The invented company's corrective actions: three years of them, one in every state today.

Each is carried from step to step by the services that people use, on days of its own; what
happened years ago is lived through again, and its mails count as sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.corrective_actions import services
from pms.corrective_actions.choices import (
    CauseClass,
    Grade,
    MeasureKind,
    Source,
    Spread,
    Status,
    Verdict,
)
from pms.corrective_actions.deadlines import answer_due
from pms.corrective_actions.models import CorrectiveAction, ExaminerFinding, Measure
from pms.cycles.models import Clause, GuidelineEdition
from pms.notifications.choices import MailState
from pms.notifications.models import Notification
from pms.organization.models import Appointment, Person

from .organization import Company

A_DAY: Final = timedelta(days=1)
# Days from the finding: correction, cause, plan handed in, approved, carried out.
CORRECTED, ANALYSED, SUBMITTED, APPROVED, DONE = 1, 9, 14, 18, 45
DUE: Final = 75
# What people were told so long ago they have read.
READ_AFTER: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Story:
    """One nonconformity, and how far it has come.

    Attributes:
        found: days before today on which it was found.
        to: the step it has reached; "closable" for one that waits for its closing, "late" for one
            whose cause is still looked for although its day is over.
        source, label: where it came from.
        title, fact: what does not conform.
        department: code.
        grade, cause: how grave, and the kind of cause.
        whys: answers to "why?"; the last is the root cause.
        measures: what is changed, with its kind.
        clause: of the guideline; empty for none.
        not_found: why it was not found earlier.
        recurs: whether it is meant to be a recurrence; others that only look alike are settled.
        fails: whether the first measures did not work, so that a second round follows.
        due: days from the finding to the due date.
    """

    found: int
    to: str
    source: Source
    label: str
    title: str
    fact: str
    department: str
    grade: Grade
    cause: CauseClass
    whys: Sequence[str]
    measures: Sequence[tuple[str, MeasureKind]]
    clause: str = ""
    not_found: str = "点検の項目に含まれていなかった。"
    recurs: bool = False
    fails: bool = False
    due: int = DUE


CLOSABLE: Final = "closable"
C, G, K, S = CauseClass, Grade, MeasureKind, Source

STORIES: Final = (
    Story(
        1010, Status.CLOSED, S.AUDIT, "内部監査 指摘1", "入退室の記録に空欄がある",
        "書庫の入退室記録のうち、最終退出者の欄が1か月に4日空欄だった。",
        "510", G.MINOR, C.NO_RECORD,
        ("記入を忘れた。", "記入する人が決まっていない。", "当番表に記録の役割が入っていない。"),
        (("当番表に最終退出の記録を加える", K.RULE),), "J.4.5.2",
    ),
    Story(
        690, Status.CLOSED, S.INCIDENT, "事故報告（宛名違い）", "修理完了の案内を別の方に送付した",
        "修理完了の案内1通を、同姓の別のお客様に送付した。翌日に回収した。",
        "330", G.MINOR, C.NOT_CHECKED,
        ("宛名を見間違えた。", "封入の後に確かめていない。", "二人で確かめる手順がない。"),
        (("封入後に二人で宛名を確かめる手順を加える", K.RULE), ("手順を朝礼で周知する",
         K.TRAINING)),
    ),
    Story(
        880, Status.CLOSED, S.OPERATION_CHECK, "運用の確認 4月", "離席中の画面が開いたままだった",
        "見回りの際、離席中の3台の画面に顧客の一覧が表示されていた。",
        "310", G.OBSERVATION, C.RULE_BROKEN,
        ("画面を閉じずに席を離れた。", "自動で閉じる設定が外れていた。"),
        (("画面の自動ロックを全台に設定する", K.TECHNICAL),),
    ),
    Story(
        800, Status.CLOSED, S.CONTRACTOR, "委託先評価（配送）",
        "委託先の再委託を把握していなかった",
        "配送の委託先が再委託していることを、定期評価まで把握していなかった。",
        "500", G.MINOR, C.SUPERVISION,
        ("再委託の届出を求めていない。", "契約書に届出の条項がない。"),
        (("契約書に再委託の届出の条項を加える", K.CONTRACTOR),), "J.9.3",
    ),
    Story(
        700, Status.CLOSED, S.COMPLAINT, "申出 第5号", "配信停止の申出後もメールを送った",
        "配信停止の申出の翌週に、案内メールを1通送信した。",
        "320", G.MINOR, C.HANDOVER,
        ("申出が配信担当に伝わらなかった。", "窓口から営業への連絡方法が決まっていない。"),
        (("申出の受付票を配信担当にも回す", K.RULE),),
    ),
    Story(
        640, Status.CLOSED, S.AUDIT, "内部監査 指摘3", "退職者のアカウントが3日間残っていた",
        "退職者2名のアカウントが、退職の日から3日間有効だった。",
        "230", G.MAJOR, C.DUTIES_UNCLEAR,
        ("停止の依頼が遅れた。", "依頼する部門が決まっていない。", "退職手続の表に項目がない。"),
        (("退職手続の表にアカウントの停止を加える", K.RULE), ("前日に自動で知らせる", K.TECHNICAL)),
    ),
    Story(
        600, Status.CLOSED, S.MANAGEMENT_REVIEW, "前々年度 指示2", "教育の理解度に部門差がある",
        "理解度確認の平均点が、部門により20点近く異なった。",
        "210", G.OBSERVATION, C.TRAINING,
        ("教材の例が本社の業務に偏っていた。",),
        (("製造と物流の事例を教材に加える", K.TRAINING),),
    ),
    Story(
        540, Status.CLOSED, S.LAW_CHANGE, "施行規則の改正", "漏えい等報告の様式を改正に合わせる",
        "報告様式の改正により、社内の様式に項目の不足が生じた。",
        "120", G.OBSERVATION, C.NO_RULE,
        ("改正を年1回しか確かめていない。",),
        (("法令の確認を四半期ごとに行う", K.RULE),),
    ),
    Story(
        470, Status.CLOSED, S.NEAR_MISS, "ヒヤリハット 12号",
        "宛先を間違えたメールを送信前に止めた",
        "宛先の自動補完で別の取引先を選んだが、送信前に気付いた。",
        "310", G.OBSERVATION, C.SLIP,
        ("候補の一番上を選んだ。", "自動補完に古い宛先が残っていた。"),
        (("社外宛ての自動補完を無効にする", K.TECHNICAL),),
    ),
    Story(
        430, Status.EXECUTION, S.OPERATION_CHECK, "運用の確認 9月",
        "持出しの返却記録が残っていない",
        "USBメモリの貸出簿で、返却日の空欄が6件あった。",
        "400", G.MINOR, C.NO_RECORD,
        ("返却のときに担当者がいない。", "返却の窓口が決まっていない。"),
        (("返却の窓口を総務部に決める", K.RULE),), fails=True,
    ),
    Story(
        390, Status.CLOSED, S.IMPROVEMENT, "提案 7号", "裁断の依頼を電子化する",
        "裁断箱の回収を紙で依頼しているため、控えが残りにくい。",
        "200", G.OBSERVATION, C.OTHER,
        ("紙の控えしかない。",),
        (("回収の依頼を電子申請に替える", K.TECHNICAL),),
    ),
    Story(
        330, Status.CLOSED, S.AUDIT, "内部監査 指摘2", "台帳の見直しが2部門で行われていない",
        "個人情報管理台帳の年次の見直しが、2部門で記録されていなかった。",
        "320", G.MINOR, C.RISK,
        ("見直しの時期を忘れていた。", "年間計画に部門の予定がない。"),
        (("年間計画に部門ごとの見直し月を加える", K.LEDGER),), "J.3.1.1",
    ),
    Story(
        300, Status.CLOSED, S.INCIDENT, "事故報告（設定）",
        "問合せフォームの控えに他の方の氏名が出た",
        "キャッシュの設定により、2名の方に別の方の氏名が表示された。",
        "230", G.MAJOR, C.PROGRAM,
        ("利用者ごとの画面を保存していた。", "変更の確認項目に保存の設定がない。"),
        (("変更の確認表に保存の設定を加える", K.TECHNICAL), ("公開前の確認を二人で行う", K.RULE)),
    ),
    Story(
        235, CLOSABLE, S.OPERATION_CHECK, "運用の確認 3月", "共有フォルダに古い名簿が残っていた",
        "保管期限を過ぎた催事の名簿が、共有フォルダに3件残っていた。",
        "310", G.MINOR, C.RULE_BROKEN,
        ("消す担当が異動した。", "引継書に消去の予定がない。"),
        (("消去の予定を引継書の様式に加える", K.RULE),), not_found="消去の点検が年1回だった。",
    ),
    Story(
        190, Status.CHECKING, S.COMPLAINT, "申出 第9号", "本人確認をせずに住所の変更を受け付けた",
        "電話での住所変更を、本人確認の質問をせずに受け付けた。",
        "330", G.MINOR, C.RULE_BROKEN,
        ("混雑していて質問を省いた。", "省いたことが分かる仕組みがない。"),
        (("受付画面で確認の入力を必須にする", K.TECHNICAL), ("窓口の研修を行う", K.TRAINING)),
    ),
    Story(
        110, Status.CHECKING, S.CONTRACTOR, "委託先評価（コールセンター）",
        "委託先の教育の記録が届いていない",
        "委託先から教育の実施記録を受け取っていなかった。",
        "330", G.MINOR, C.SUPERVISION,
        ("受け取る時期を決めていない。",),
        (("年2回の受取りを契約の別紙に定める", K.CONTRACTOR),), recurs=True,
    ),
    Story(
        130, Status.ACCEPTED, S.AUDIT, "内部監査 指摘4", "古い検査機で操作者を区別できない",
        "検査機の共用アカウントを6名が使っている。",
        "500", G.MINOR, C.ACCESS_CONTROL,
        ("機器が個人のアカウントに対応していない。",),
        (("更新までの間、使用簿をつける", K.RULE),),
    ),
    Story(
        95, Status.EXECUTION, S.INCIDENT, "事故報告（宛名違い）", "保証書を別の方に送付した",
        "保証書1通を別のお客様に送付した。",
        "330", G.MINOR, C.NOT_CHECKED,
        ("二人での確認を一人で済ませた。", "繁忙期の人員が足りない。"),
        (("宛名をバーコードで照合する", K.TECHNICAL), ("繁忙期の応援の手順を作る", K.RULE)),
        recurs=True, not_found="確認の記録を見る人がいなかった。", due=80,
    ),
    Story(
        70, Status.EXECUTION, S.NEAR_MISS, "ヒヤリハット 21号", "会議室に名簿を置き忘れた",
        "会議の後、参加者の名簿1部が机に残っていた。",
        "400", G.OBSERVATION, C.SLIP,
        ("片付けを確かめていない。",),
        (("会議室に片付けの確認札を置く", K.RULE), ("紙の名簿を配らない", K.RULE)), due=110,
    ),
    Story(
        60, "late", S.OPERATION_CHECK, "運用の確認 9月", "訪問者の記録に退出時刻がない",
        "訪問者の記録のうち、退出時刻の空欄が11件あった。",
        "510", G.MINOR, C.PREMISES,
        (), (), due=50,
    ),
    Story(
        34, Status.SUBMITTED, S.AUDIT, "内部監査 指摘1", "特定個人情報の保管庫の鍵を共用している",
        "保管庫の鍵が事務室の共用の引出しに入っていた。",
        "210", G.MAJOR, C.DUTIES_UNCLEAR,
        ("鍵の管理者が不在のときに困る。", "代理の管理者を決めていない。"),
        (("鍵の管理者と代理を任命する", K.RULE), ("鍵を施錠できる箱に移す", K.TECHNICAL)),
         "J.4.5.2",
    ),
    Story(
        30, Status.SUBMITTED, S.COMPLAINT, "申出 第12号", "開示の請求への回答が遅れた",
        "開示の請求への回答が、社内の目安より6日遅れた。",
        "120", G.MINOR, C.HANDOVER,
        ("担当の交替のときに進み具合を伝えていない。",),
        (("請求の進み具合を一覧で管理する", K.RULE),),
    ),
    Story(
        26, Status.PLANNING, S.MANAGEMENT_REVIEW, "前年度 指示1", "在宅勤務の持出しを減らす",
        "在宅勤務のための紙の持出しが、目標より多かった。",
        "400", G.OBSERVATION, C.RISK,
        ("電子化していない書類がある。",),
        (("持ち出す書類を電子化する", K.RISK),),
    ),
    Story(
        16, Status.ANALYSIS, S.INCIDENT, "事故報告（紛失）", "名刺入れを電車に置き忘れた",
        "名刺12枚の入った名刺入れを電車に置き忘れ、翌日に見つかった。",
        "310", G.MINOR, C.SLIP, (), (),
    ),
    Story(
        4, Status.RAISED, S.NEAR_MISS, "ヒヤリハット 25号", "印刷した名簿がプリンターに残っていた",
        "朝、前日に印刷された応募者の名簿がプリンターに残っていた。",
        "210", G.OBSERVATION, C.OTHER, (), (),
    ),
    Story(
        12, Status.WITHDRAWN, S.OPERATION_CHECK, "運用の確認 10月", "施錠の記録に空欄がある",
        "施錠の記録に空欄があった。", "200", G.OBSERVATION, C.OTHER, (), (),
    ),
)  # fmt: skip

# Number, fact, department, kind of cause; whether it was found again.
FINDINGS: Final = (
    ("1", "教育の対象者名簿に派遣社員が2名含まれていない。", "210", C.TRAINING, False),
    ("2", "委託先の選定基準に再委託の確認がない。", "500", C.SUPERVISION, False),
    ("3", "リスク分析に在宅勤務が反映されていない。", "400", C.RISK, True),
)
ANSWER: Final = "ご指摘を受け、手順と様式を改めました。改めた文書の写しを添付します。"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who decides."""

    manager: User
    president: User
    auditor: User


def build(random: Random, firm: Company, *, today: date) -> None:
    """Write the register as it stands on `today`."""
    people = Cast(
        firm.account("privacy_manager"), firm.account("president"), firm.account("audit_officer")
    )
    for story in sorted(STORIES, key=lambda it: -it.found):
        _live_through(random, firm, people, story, today)
    _examine(firm, people, today)
    _count_mails_as_sent(today)


def _live_through(
    random: Random, firm: Company, people: Cast, story: Story, today: date
) -> CorrectiveAction:
    found_on = today - timedelta(days=story.found)
    owner = _owner(firm, story, people)
    action = services.raise_action(
        source=story.source,
        source_label=story.label,
        title=story.title,
        fact=story.fact,
        department=firm.departments[story.department],
        clause=_clause(story.clause, found_on),
        grade=story.grade,
        found_on=found_on,
        owner=owner,
        due_on=found_on + timedelta(days=story.due),
        actor=people.manager,
        today=found_on,
        now=_at(found_on, 10),
    )
    path = _Path(random, action, story, people, today)
    path.walk()
    return action


class _Path:
    """The way of one action from its finding to where it stands."""

    def __init__(
        self, random: Random, action: CorrectiveAction, story: Story, people: Cast, today: date
    ) -> None:
        self.random, self.action, self.story, self.people = random, action, story, people
        self.today = today
        self.actor = action.owner.user or people.manager

    def walk(self) -> None:
        """Step by step, until the story's end."""
        story = self.story
        if story.to == Status.WITHDRAWN:
            services.withdraw(
                self.action.pk, reason="同じ内容を別に起票していたため。", actor=self.people.manager
            )
            return
        if story.to == Status.RAISED:
            return
        self._correct()
        if story.to in (Status.ANALYSIS, "late"):
            return
        self._analyse(story.whys, story.cause)
        self._settle()
        self._plan(story.measures, self._day(DONE))
        if story.to == Status.PLANNING:
            return
        self._submit(self._day(SUBMITTED))
        if story.to == Status.SUBMITTED:
            return
        self._approve(self._day(APPROVED))
        self._go_on()

    def _go_on(self) -> None:
        story = self.story
        if story.to == Status.ACCEPTED:
            day = self._day(APPROVED + 6)
            services.accept_risk(
                self.action.pk,
                reason="来年度の機器の更新で解消するため、それまでは使用簿で補う。",
                until=self.today + timedelta(days=150),
                actor=self.people.president,
                today=day,
                now=_at(day, 11),
            )
            return
        if story.fails:
            self._second_round()
            return
        if story.to == Status.EXECUTION:
            self._carry_out(self._day(DONE), some=True)
            if story.recurs:
                self._ask_for_more_time()
            return
        self._carry_out(self._day(DONE))
        if story.to == Status.CHECKING:
            return
        checked_on = self._check(Verdict.EFFECTIVE)
        if story.to == Status.CLOSED:
            closed_on = checked_on + timedelta(days=self.random.randint(2, 9))
            services.close(
                self.action.pk,
                comment="処置の効果を確認した。マネジメントレビューで報告する。",
                reported_on=closed_on,
                actor=self.people.manager,
                today=closed_on,
            )

    def _day(self, days: int) -> date:
        return min(self.action.found_on + timedelta(days=days), self.today)

    def _correct(self) -> None:
        day = self._day(CORRECTED)
        services.record_correction(
            self.action.pk,
            correction="関係者に連絡し、その日のうちに元の状態に戻した。",
            corrected_on=day,
            today=day,
            actor=self.actor,
        )

    def _analyse(self, whys: Sequence[str], cause: str) -> None:
        services.record_cause(
            self.action.pk,
            whys=whys,
            root_cause=whys[-1],
            cause_class=cause,
            why_not_found=self.story.not_found,
            spread=Spread.FOUND if self.story.grade == Grade.MAJOR else Spread.NONE,
            similar_cases="ほかの部門の手順と記録を調べた。",
            actor=self.actor,
        )

    def _settle(self) -> None:
        """What only looks like a recurrence is settled by the privacy manager."""
        self.action.refresh_from_db()
        if self.action.is_recurrence and not self.story.recurs:
            services.settle_recurrence(
                self.action.pk,
                earlier=None,
                reason="原因区分は同じだが、業務も手順も異なるため。",
                actor=self.people.manager,
            )

    def _plan(self, measures: Sequence[tuple[str, MeasureKind]], due_on: date) -> None:
        for title, kind in measures:
            services.add_measure(
                self.action.pk,
                title=title,
                kind=kind,
                owner=self.action.owner,
                due_on=min(max(due_on, self._day(DONE)), self.action.due_on),
                actor=self.actor,
                today=self._day(ANALYSED),
            )

    def _submit(self, day: date) -> None:
        services.submit_plan(self.action.pk, actor=self.actor, today=day, now=_at(day, 15))

    def _approve(self, day: date) -> None:
        self.action.refresh_from_db()
        current = self.action.current
        by_top = bool(current and current.needs_top_management) or (
            self.action.owner.user_id == self.people.manager.pk or self.actor == self.people.manager
        )
        services.approve_plan(
            self.action.pk,
            comment="計画のとおり進めてください。",
            actor=self.people.president if by_top else self.people.manager,
            today=day,
            now=_at(day, 16),
        )

    def _carry_out(self, day: date, *, some: bool = False) -> None:
        measures = Measure.objects.filter(
            round=CorrectiveAction.objects.get(pk=self.action.pk).current_id
        ).order_by("pk")
        for measure in measures[: 1 if some and len(measures) > 1 else None]:
            if some and len(measures) == 1:
                return
            services.complete_measure(
                measure.pk,
                done_on=day,
                result="計画のとおり実施し、関係者に周知した。",
                files=[_proof(measure)],
                actor=self.actor,
                today=day,
                now=_at(day, 17),
            )

    def _check(self, verdict: str, new_due_on: date | None = None) -> date:
        self.action.refresh_from_db()
        current = self.action.current
        first = current.check_from_on if current else None
        later = timedelta(days=self.random.randint(0, 9))
        day = min((first or self.today) + later, self.today)
        checker = current.checker.user if current and current.checker else None
        services.check_effect(
            self.action.pk,
            verdict=verdict,
            method="直近1か月の記録を20件抜き取り、担当者2名に聞き取りをした。",
            result="すべて手順のとおりだった。"
            if verdict == Verdict.EFFECTIVE
            else "返却日の空欄が4件あった。窓口が開いていない時間の返却だった。",
            new_due_on=new_due_on,
            actor=checker or self.people.auditor,
            today=day,
            now=_at(day, 14),
        )
        return day

    def _second_round(self) -> None:
        """The first measures did not work; the second are being carried out."""
        self._carry_out(self._day(DONE))
        day = self._check(Verdict.NOT_EFFECTIVE, new_due_on=self.today + timedelta(days=40))
        self.action.refresh_from_db()
        self._analyse(
            ("窓口の時間外に返却している。", "時間外に返却できる所がない。"), CauseClass.PREMISES
        )
        self._settle()
        services.add_measure(
            self.action.pk,
            title="時間外の返却箱と自動の記録を設ける",
            kind=MeasureKind.TECHNICAL,
            owner=self.action.owner,
            due_on=self.today + timedelta(days=20),
            actor=self.actor,
            today=day,
        )
        self._submit(day + 10 * A_DAY)
        self._approve(day + 14 * A_DAY)

    def _ask_for_more_time(self) -> None:
        day = self.today - A_DAY
        services.request_extension(
            self.action.pk,
            new_due_on=self.today + timedelta(days=30),
            reason="照合の機器の納期が1か月延びたため。",
            actor=self.actor,
            now=_at(day, 9),
        )


def _examine(firm: Company, people: Cast, today: date) -> None:
    """The examiner's list of three weeks ago, of which one finding is answered."""
    received_on = today - timedelta(days=21)
    for number, fact, department, _cause, is_repeated in FINDINGS:
        due_on = answer_due(received_on, is_repeated=is_repeated)
        finding = services.raise_finding(
            finding_number=number,
            is_repeated=is_repeated,
            received_on=received_on,
            answer_due_on=due_on,
            title=fact.removesuffix("。"),
            fact=fact,
            department=firm.departments[department],
            grade=Grade.MINOR,
            found_on=received_on,
            owner=_head(firm, department) or people.manager.person,
            due_on=due_on,
            actor=people.manager,
            today=received_on,
            now=_at(received_on, 10),
        )
        if number == "1":
            _answer(finding, people, today)


def _answer(finding: ExaminerFinding, people: Cast, today: date) -> None:
    services.answer_finding(
        finding.pk, answer=ANSWER, actor=people.manager, today=today - timedelta(days=3)
    )


def _owner(firm: Company, story: Story, people: Cast) -> Person:
    return _head(firm, story.department) or people.manager.person


def _head(firm: Company, code: str) -> Person | None:
    held = Appointment.objects.filter(
        role=Role.DEPARTMENT_MANAGER, department=firm.departments[code], ends_on__isnull=True
    ).select_related("person__user")
    post = held.first()
    return post.person if post else None


def _clause(code: str, day: date) -> Clause | None:
    if not code:
        return None
    edition = GuidelineEdition.objects.on(day).first()
    return Clause.objects.filter(edition=edition, code=code).first()


def _proof(measure: Measure) -> SimpleUploadedFile:
    text = f"{measure.title}\n\n改めた手順の写しです（架空の会社の見本）。\n"
    return SimpleUploadedFile("改めた手順.txt", text.encode(), "text/plain")


def _count_mails_as_sent(today: date) -> None:
    """The mails went out then; what is two weeks old has been read."""
    told = Notification.objects.filter(kind__startswith="corrective_actions.")
    sent = {"mail_state": MailState.SENT, "attempts": 1, "next_try_at": None}
    told.filter(mail_state=MailState.WAITING).update(**sent, sent_at=F("created_at"))
    told.filter(created_at__lt=_at(today, 0) - READ_AFTER).update(read_at=F("created_at"))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
