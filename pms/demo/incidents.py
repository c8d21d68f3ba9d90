"""The invented company's incidents and near misses: three years, most of one to ten persons.

Classes are drawn with the shares that JIPDEC has published (`incidents.Category.share`). Everything
goes through the services that people use, on days of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from pms.accounts.models import User
from pms.cycles.choices import Fulfilment
from pms.cycles.models import Milestone
from pms.incidents import services
from pms.incidents.choices import (
    Answer,
    ByWhom,
    CountKind,
    Event,
    FactCode,
    HandlingRole,
    Item,
    Kind,
    Medium,
    NoticeMethod,
    Publication,
    RecordKind,
)
from pms.incidents.models import Category, EmergencyContact, Incident
from pms.incidents.services import FirstWords, Known, Words
from pms.notifications.choices import MailState
from pms.notifications.models import Notification
from pms.organization.models import Affiliation, Person

from .organization import Company

INCIDENTS_A_YEAR: Final = 8
NEAR_MISSES_A_YEAR: Final = 6
NOTHING: Final = dict.fromkeys(FactCode.values, Answer.NO)
PPC: Final = "個人情報保護委員会"
BODY: Final = "審査機関（事故報告受付）"


@dataclass(frozen=True, slots=True)
class Story:
    """What happens again and again in offices.

    Attributes:
        code: the class of the examining bodies' list.
        title: how the office calls it.
        what: the words of who reports.
        data: the data, in the reporter's words.
        event, medium, cause: of their choices.
        cause_text, why_late, elsewhere: the analysis.
        containment: what stopped it.
        measure: what is done against it.
    """

    code: str
    title: str
    what: str
    data: str
    event: str
    medium: str
    cause: str
    cause_text: str
    why_late: str
    elsewhere: str
    containment: str
    measure: str


STORIES: Final = (
    Story(
        "mis_delivery",
        "請求書の封入誤り",
        "別のお客様の請求書を同じ封筒に入れて送ってしまいました。お客様からの電話で分かりました。",
        "氏名、住所、ご請求額",
        Event.LEAK,
        Medium.PAPER,
        "not_checked",
        "封入の後に宛名と中身を突き合わせていなかった。",
        "発送前の確認が一人で行われ、記録も残らなかった。",
        "請求書と案内状を発送するほかの部署",
        "お客様を訪ねて回収し、開封した方に他言しないようお願いした。",
        "封入を二人で行い、突合せの記録を残す。",
    ),
    Story(
        "mis_sending",
        "メールの宛先誤り",
        "宛先の候補から別の会社の方を選んで送ってしまいました。送ってすぐに気付きました。",
        "氏名、会社名、メールアドレス",
        Event.LEAK,
        Medium.ELECTRONIC,
        "slip",
        "宛先の自動補完をそのまま使った。",
        "送信前に宛先を確かめる画面がなかった。",
        "社外にメールを送るすべての部署",
        "送った相手に電話で削除をお願いし、削除したとの返事を受けた。",
        "送信を1分遅らせる設定にし、社外の宛先を確かめる画面を出す。",
    ),
    Story(
        "loss_damage",
        "名刺入れの紛失",
        "外出先で名刺入れをなくしました。駅と店に問い合わせましたが見つかりません。",
        "名刺（氏名、会社名、連絡先）",
        Event.LOST,
        Medium.PAPER,
        "rule_broken",
        "持ち歩く名刺を必要な数に絞る決まりが守られていなかった。",
        "帰社したときに数を確かめていなかった。",
        "外出の多い営業の各課",
        "警察と鉄道会社に届け出た。",
        "持ち出す名刺の上限を決め、帰社時に数を確かめる。",
    ),
    Story(
        "mis_display",
        "一斉メールでのアドレス表示",
        "案内メールをBCCではなくCCで送ってしまいました。",
        "メールアドレス",
        Event.LEAK,
        Medium.ELECTRONIC,
        "rule_broken",
        "一斉送信の仕組みを使わず、手で送った。",
        "受け取った方からの連絡で初めて分かった。",
        "案内を送るほかの部署",
        "受け取った全員におわびし、削除をお願いした。",
        "一斉送信は専用の仕組みだけで行う。",
    ),
    Story(
        "mis_registration",
        "会員情報の登録誤り",
        "別の会員の住所を登録してしまい、案内が違う方に届きました。",
        "氏名、住所",
        Event.LEAK,
        Medium.ELECTRONIC,
        "not_checked",
        "同姓同名の会員を、生年月日で確かめなかった。",
        "登録の後の点検が月に一度だった。",
        "会員の情報を登録する窓口",
        "登録を直し、届いた案内を回収した。",
        "登録の画面で生年月日を確かめる手順を加える。",
    ),
    Story(
        "unauthorized_access",
        "メールアカウントへの不正ログイン",
        "知らない国からログインがあったと通知が届きました。パスワードを変えました。",
        "取引先の担当者の氏名とメールアドレス",
        Event.FEARED,
        Medium.ELECTRONIC,
        "weak_password",
        "同じパスワードをほかのサービスでも使っていた。",
        "ログインの記録を毎日は見ていなかった。",
        "多要素認証を使っていないアカウント",
        "パスワードを変え、開いているすべての接続を切った。",
        "多要素認証を全員に義務付ける。",
    ),
)
NEAR_MISSES: Final = (
    "宛先を間違えたメールを送る直前に気付き、取り消しました。",
    "会議室に名簿が置いたままでした。次に使う前に見つけて戻しました。",
    "複合機に申込書の控えが残っていました。朝一番に気付きました。",
    "宛名ラベルが一段ずれていました。投函の前の確認で見つけました。",
    "私物のUSBメモリーを社用のパソコンに挿すところでした。",
    "画面を開いたまま席を離れている人がいました。声を掛けました。",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on incidents."""

    privacy_manager: User
    president: User
    staff: tuple[User, ...]


def build(random: Random, firm: Company, *, first: date, today: date) -> None:
    """Write the incidents from `first` to `today`, and those that are open today."""
    here = Person.objects.employed_on(first) & Person.objects.employed_on(today)
    staff = User.objects.filter(person__in=here).order_by("pk")
    desk = Desk(firm.account("privacy_manager"), firm.account("president"), tuple(staff))
    _contacts(desk)
    for opened in _days(random, first, today - timedelta(days=100), INCIDENTS_A_YEAR):
        _settled_case(random, desk, opened)
    for opened in _days(random, first, today - timedelta(days=3), NEAR_MISSES_A_YEAR):
        _near_miss(random, desk, opened)
    if first <= today - timedelta(days=200):
        _health_results(desk, today - timedelta(days=190))
    planned = Milestone.objects.filter(fulfilment=Fulfilment.DRILL, due_on__lte=today)
    for due_on in planned.order_by("due_on").values_list("due_on", flat=True):
        _drill(desk, due_on - timedelta(days=15))
    _case_in_hand(random, desk, today - timedelta(days=20))
    _large_case(desk, today - timedelta(days=8))
    _just_reported(desk, today - timedelta(days=1))
    _already_mailed(today)


def _contacts(desk: Desk) -> None:
    """Whom to call at night and on holidays; the numbers are nobody's."""
    manager = str(getattr(desk.privacy_manager, "person", desk.privacy_manager))
    lines = (
        (
            "夜間・休日の第一報",
            "First report, nights and holidays",
            manager,
            "090-0000-0001",
            "24時間",
        ),
        (
            "アカウントの停止、接続の遮断",
            "Locking accounts, cutting connections",
            "情報システム 当番",
            "03-0000-0102",
            "毎日 8:00〜22:00",
        ),
        ("盗難、不正アクセスの通報", "Theft, unauthorised access", "警察", "110", "24時間"),
    )
    for position, (role, role_en, name, phone, hours) in enumerate(lines, start=1):
        line = EmergencyContact(
            position=position, role=role, role_en=role_en, name=name, phone=phone, hours=hours
        )
        services.save_contact(line, actor=desk.privacy_manager)


def _days(random: Random, first: date, last: date, a_year: int) -> Iterator[date]:
    """Working days, about as many a year."""
    span = (last - first).days
    days = sorted(random.randrange(max(span, 1)) for _case in range(span * a_year // 365))
    for number in days:
        day = first + timedelta(days=number)
        yield day - timedelta(days=max(0, day.weekday() - 4))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _department(user: User, day: date) -> Any:
    stay = Affiliation.objects.population_on(day).filter(person__user=user).first()
    return stay.department if stay else None


def _persons(random: Random) -> int:
    """One person in most cases, seldom more than ten."""
    return random.choices((1, random.randint(2, 10), random.randint(11, 300)), (80, 17, 3))[0]


def _category(name: str, code: str) -> Category:
    return Category.objects.get(list=name, code=code)


def _draw(random: Random) -> Story:
    shares = {it.code: float(it.share or 1) for it in Category.objects.filter(list="class")}
    return random.choices(STORIES, [shares[it.code] for it in STORIES])[0]


def _report(desk: Desk, user: User, day: date, words: FirstWords, **facts: Any) -> Incident:
    now = words.noticed_at + timedelta(minutes=35)
    department = _department(user, day)
    return services.report(words, actor=user, now=now, department=department, **facts)


def _settled_case(random: Random, desk: Desk, day: date) -> None:
    story, persons = _draw(random), _persons(random)
    incident = _begin(random, desk, story, day, persons)
    _finish(desk, incident, story, day, persons)


def _begin(random: Random, desk: Desk, story: Story, day: date, persons: int) -> Incident:
    """Reported, judged, stopped."""
    noticed = _at(day, random.randint(9, 17), random.randrange(60))
    words = FirstWords(
        what=story.what,
        noticed_at=noticed,
        noticed_by="本人",
        data=story.data,
        how_many=f"{persons}名くらい" if persons > 1 else "1名",
        is_going_on=Answer.NO,
        occurred_at=noticed - timedelta(hours=random.randint(1, 40)),
    )
    incident = _report(desk, random.choice(desk.staff), day, words)
    manager, next_day = desk.privacy_manager, _at(day + timedelta(days=1), 10)
    services.describe(incident.pk, title=story.title, actor=manager, now=next_day)
    known = Known(
        answers=NOTHING | {FactCode.PERSONAL_DATA: Answer.YES},
        events=[story.event],
        data_items=story.data,
        medium=story.medium,
        by_whom=ByWhom.OWN,
        persons_kind=CountKind.EXACT,
        persons=persons,
        event_class=_category("class", story.code),
    )
    services.assess(incident.pk, known=known, actor=manager, today=next_day.date(), now=next_day)
    services.contain(
        incident.pk,
        contained_at=noticed + timedelta(hours=3),
        containment=story.containment,
        actor=manager,
        now=next_day,
    )
    return incident


def _explain(desk: Desk, incident: Incident, story: Story) -> None:
    services.record_cause(
        incident.pk,
        cause_category=_category("cause", story.cause),
        cause=story.cause_text,
        why_not_earlier=story.why_late,
        elsewhere=story.elsewhere,
        actor=desk.privacy_manager,
    )


def _finish(desk: Desk, incident: Incident, story: Story, day: date, persons: int) -> None:
    """Explained, told, reported, closed."""
    _explain(desk, incident, story)
    told, filed = day + timedelta(days=3), day + timedelta(days=21)
    services.tell_persons(
        incident.pk,
        group="本人",
        method=NoticeMethod.PHONE if persons < 5 else NoticeMethod.LETTER,
        told_on=told,
        sent=persons,
        reached=persons,
        actor=desk.privacy_manager,
        today=told,
        now=_at(told, 15),
    )
    _write(desk, incident, story, persons)
    for duty in incident.obligations.pending().order_by("id"):
        _file(desk, duty.pk, BODY if duty.kind in _TO_BODY else PPC, filed)
    services.record_no_action(
        incident.pk, reason=f"部署内の改善で足りる：{story.measure}", actor=desk.privacy_manager
    )
    closed = day + timedelta(days=90)
    services.close(
        incident.pk,
        comment="再発防止策が守られていることを確認した。",
        actor=desk.privacy_manager,
        today=closed,
        now=_at(closed, 16),
    )


_TO_BODY: Final = (Kind.PM_PRELIMINARY, Kind.PM_FINAL)


def _write(desk: Desk, incident: Incident, story: Story, persons: int) -> None:
    """The nine items."""
    texts: dict[str, str] = {
        Item.OVERVIEW: f"{incident.noticed_at:%Y年%m月%d日}に発覚。{story.what}",
        Item.DATA_ITEMS: f"{story.data}（{Medium(story.medium).label}）",
        Item.PERSONS_COUNT: f"{persons}名",
        Item.CAUSE: story.cause_text,
        Item.SECONDARY_DAMAGE: "現在まで確認されていない。",
        Item.RESPONSE: "本人に連絡し、おわびと説明を行った。",
        Item.PUBLICATION: "公表していない。本人全員に連絡できたため。",
        Item.PREVENTION: story.measure,
        Item.OTHER: "特になし。",
    }
    services.write_items(
        incident.pk,
        items={item: Words(text, is_known=True) for item, text in texts.items()},
        actor=desk.privacy_manager,
    )


def _file(desk: Desk, obligation_id: int, receiver: str, on: date) -> None:
    """Approved and filed on one day."""
    services.submit_report(obligation_id, actor=desk.privacy_manager, now=_at(on, 9))
    services.approve_report(obligation_id, actor=desk.president, today=on)
    services.file_report(
        obligation_id,
        receiver=receiver,
        filed_on=on,
        receipt_number=f"受付{on:%y%m%d}-{obligation_id % 1000:03}",
        actor=desk.privacy_manager,
        today=on,
        now=_at(on, 14),
    )


def _near_miss(random: Random, desk: Desk, day: date) -> None:
    noticed = _at(day, random.randint(9, 17))
    words = FirstWords(what=random.choice(NEAR_MISSES), noticed_at=noticed, is_going_on=Answer.NO)
    incident = _report(desk, random.choice(desk.staff), day, words, kind=RecordKind.NEAR_MISS)
    later = _at(day + timedelta(days=2), 11)
    manager = desk.privacy_manager
    services.assess(incident.pk, known=Known(), actor=manager, today=later.date(), now=later)
    services.close(
        incident.pk,
        comment="朝礼で共有した。",
        actor=manager,
        today=later.date(),
        now=later + timedelta(hours=1),
    )


def _health_results(desk: Desk, day: date) -> None:
    """Health results sent to the wrong person: small, and yet reported to the authority."""
    story = Story(
        "mis_sending",
        "健康診断結果の誤送信",
        "健康診断の結果のファイルを、同じ名字の別の方に送ってしまいました。",
        "氏名、健康診断の結果",
        Event.LEAK,
        Medium.ELECTRONIC,
        "slip",
        "宛先を名字だけで選んだ。",
        "添付したファイルの中身を見る確認者がいなかった。",
        "健康診断と休職の手続を行う人事の各担当",
        "送った相手の前で削除し、開いていないことを記録で確かめた。",
        "結果は本人だけが見られる画面で渡す。",
    )
    incident = _begin(Random(7), desk, story, day, 1)  # noqa: S311
    incident.refresh_from_db()
    known = services.draft_of_facts(incident)
    manager, later = desk.privacy_manager, _at(day + timedelta(days=1), 14)
    services.assess(
        incident.pk,
        known=Known(
            **{name: getattr(known, name) for name in Known.__dataclass_fields__}
            | {
                "answers": dict(known.answers) | {FactCode.SENSITIVE: Answer.YES},
                "note": "健康診断の結果は要配慮個人情報に当たる。",
            }
        ),
        actor=manager,
        today=later.date(),
        now=later,
    )
    _write(desk, incident, story, 1)
    for kind in (Kind.PPC_PRELIMINARY, Kind.PM_PRELIMINARY):
        duty = incident.obligations.get(kind=kind)
        _file(desk, duty.pk, BODY if kind in _TO_BODY else PPC, day + timedelta(days=3))
    services.decide_publication(
        incident.pk,
        publication=Publication.NOT_PUBLISHED,
        reason="本人は1名で、直接説明できたため。",
        actor=desk.president,
        today=day + timedelta(days=4),
        now=_at(day + timedelta(days=4), 10),
    )
    _finish(desk, incident, story, day, 1)


def _drill(desk: Desk, day: date) -> None:
    """The yearly drill, run as an incident that is marked so."""
    noticed = _at(day, 13)
    words = FirstWords(
        what="【訓練】顧客名簿を保存したパソコンを電車に置き忘れた、という想定です。",
        noticed_at=noticed,
        data="顧客300名の氏名と連絡先",
        is_going_on=Answer.YES,
    )
    incident = _report(desk, desk.privacy_manager, day, words, is_drill=True)
    now = noticed + timedelta(hours=2)
    known = Known(
        answers=NOTHING | {FactCode.PERSONAL_DATA: Answer.YES},
        events=[Event.LOST],
        persons_kind=CountKind.EXACT,
        persons=300,
        event_class=_category("class", "loss_damage"),
    )
    services.assess(incident.pk, known=known, actor=desk.privacy_manager, today=day, now=now)
    services.close(
        incident.pk,
        comment="訓練を終えた。第一報まで35分、連絡網は全員につながった。",
        actor=desk.privacy_manager,
        today=day,
        now=now + timedelta(hours=1),
    )


def _case_in_hand(random: Random, desk: Desk, day: date) -> None:
    """A small case whose report to the examining body is being written."""
    story = STORIES[0]
    incident = _begin(random, desk, story, day, 2)
    _explain(desk, incident, story)


def _large_case(desk: Desk, day: date) -> None:
    """A web server was broken into: the preliminary reports are filed, the final ones are not."""
    noticed = _at(day, 16, 20)
    manager, president = desk.privacy_manager, desk.president
    words = FirstWords(
        what="お申し込みフォームのサーバーに見慣れないファイルがあります。"
        "保守会社が調べたところ、2週間前から外部に送られていたようです。",
        noticed_at=noticed,
        noticed_by="情報システム担当",
        data="お申し込みの内容（氏名、住所、電話番号、メールアドレス）",
        how_many="分からない。多ければ3,200名",
        is_going_on=Answer.SUSPECTED,
        occurred_at=noticed - timedelta(days=14),
    )
    incident = _report(desk, desk.staff[0], day, words, third_party="フォームの保守会社")
    services.describe(
        incident.pk,
        title="申込みフォームのサーバーへの不正アクセス",
        actor=manager,
        now=noticed + timedelta(hours=1),
    )
    services.contain(
        incident.pk,
        contained_at=noticed + timedelta(hours=2),
        containment="フォームを止め、サーバーをネットワークから切り離し、記録を保全した。",
        actor=manager,
        now=noticed + timedelta(hours=3),
    )
    facts: dict[str, Any] = {
        "events": [Event.LEAK, Event.FEARED],
        "data_items": "氏名、住所、電話番号、メールアドレス",
        "medium": Medium.ELECTRONIC,
        "by_whom": ByWhom.OUTSIDER,
        "role": HandlingRole.OWN,
        "persons_kind": CountKind.AT_MOST,
        "persons": 3200,
        "event_class": _category("class", "unauthorized_access"),
    }
    answers = NOTHING | {
        FactCode.PERSONAL_DATA: Answer.YES,
        FactCode.UNLAWFUL: Answer.SUSPECTED,
        FactCode.FINANCIAL: Answer.UNKNOWN,
    }
    now = _at(day + timedelta(days=1), 9)
    services.assess(
        incident.pk,
        known=Known(answers=answers, **facts),
        actor=manager,
        today=now.date(),
        now=now,
    )
    items: dict[str, Words] = {
        Item.OVERVIEW: Words(
            "申込みフォームのサーバーに外部から侵入され、申込みの内容が送られたおそれがある。",
            is_known=True,
        ),
        Item.DATA_ITEMS: Words("氏名、住所、電話番号、メールアドレス", is_known=True),
        Item.PERSONS_COUNT: Words("最大3,200名（調査中）", is_known=True),
        Item.CAUSE: Words("調査中。プログラムの更新が遅れていた可能性がある。"),
        Item.SECONDARY_DAMAGE: Words("現在まで確認されていない。調査中。"),
        Item.RESPONSE: Words("通知の文面を準備している。"),
        Item.PREVENTION: Words(
            "フォームを停止した。", planned="更新の手順を見直し、外部の診断を受ける。"
        ),
    }
    services.write_items(incident.pk, items=items, actor=manager)
    for kind in (Kind.PPC_PRELIMINARY, Kind.PM_PRELIMINARY):
        duty = incident.obligations.get(kind=kind)
        _file(desk, duty.pk, BODY if kind in _TO_BODY else PPC, day + timedelta(days=3))
    services.tell_persons(
        incident.pk,
        group="メールアドレスの分かる申込者",
        method=NoticeMethod.MAIL,
        text="申込みフォームへの不正アクセスについて（文案）",
        actor=manager,
        today=day + timedelta(days=5),
        now=_at(day + timedelta(days=5), 11),
    )
    services.decide_publication(
        incident.pk,
        publication=Publication.PUBLISHED,
        reason="連絡先の古い方がいるため、公表して問合せの窓口を設ける。",
        published_at="自社サイトのお知らせ",
        actor=president,
        today=day + timedelta(days=5),
        now=_at(day + timedelta(days=5), 17),
    )
    _raise_action(desk, incident, day + timedelta(days=6))


def _raise_action(desk: Desk, incident: Incident, day: date) -> None:
    """What removes the cause, just begun."""
    owner = desk.staff[0].person
    services.raise_for_incident(
        incident.pk,
        title="公開しているサーバーの更新の手順",
        fact="公開しているサーバーのプログラムが、更新の公開から3か月間更新されていなかった。",
        criterion="情報システム管理規程（更新は公開から2週間以内）",
        department=_department(desk.staff[0], day),
        grade="major",
        found_on=day - timedelta(days=3),
        owner=owner,
        due_on=day + timedelta(days=60),
        actor=desk.privacy_manager,
        today=day,
        now=_at(day, 10),
    )


def _just_reported(desk: Desk, day: date) -> None:
    """A bag left in a train, late in the evening; nobody has judged it yet."""
    noticed = _at(day, 22, 5)
    words = FirstWords(
        what="帰りの電車に鞄を置き忘れました。お客様の申込書が入っています。駅に届け出ました。",
        noticed_at=noticed,
        noticed_by="本人",
        data="申込書",
        how_many="5名くらい",
        is_going_on=Answer.YES,
    )
    _report(desk, desk.staff[-1], day, words)


def _already_mailed(today: date) -> None:
    """What was told on days that are over went out then; what is a week old was read."""
    waiting = Notification.objects.filter(
        mail_state=MailState.WAITING, kind__startswith="incidents.", created_at__date__lt=today
    )
    waiting.update(mail_state=MailState.SENT, attempts=1, next_try_at=None, sent_at=F("created_at"))
    seen = Notification.objects.filter(
        kind__startswith="incidents.", created_at__date__lt=today - timedelta(days=7)
    )
    seen.update(read_at=F("created_at"))
