"""The text that the persons concerned get: places in it are filled from the items of the report.

Which items they are told, 個人情報の保護に関する法律施行規則 art. 10 says: 1, 2, 4, 5 and 9.
"""

from collections.abc import Mapping
from typing import Any, Final

from .choices import Item

# Letters go out in Japanese, so the places in their text are named in it.
PLACES: Final[Mapping[str, Item]] = {
    "{概要}": Item.OVERVIEW,
    "{項目}": Item.DATA_ITEMS,
    "{原因}": Item.CAUSE,
    "{二次被害}": Item.SECONDARY_DAMAGE,
    "{その他}": Item.OTHER,
}
NAME: Final = "{氏名}"
COMPANY: Final = "{会社名}"
NOT_KNOWN: Final = "（確認中です。分かり次第、改めてお知らせいたします。）"

TEMPLATE: Final = """\
{氏名} 様

　平素より格別のご高配を賜り、厚く御礼申し上げます。
　このたび、当社が取り扱う個人情報に関して、次のとおり事故が発生いたしました。ご迷惑とご心配を\
おかけしておりますことを、深くお詫び申し上げます。

1. 事故の概要
{概要}

2. 対象となる個人情報の項目
{項目}

3. 原因
{原因}

4. 二次被害又はそのおそれの有無及びその内容
{二次被害}

5. その他参考となる事項
{その他}

　ご不明な点がございましたら、下記の窓口までお問い合わせください。

　{会社名}　個人情報に関するお問い合わせ窓口
　（電話番号、電子メールアドレス及び受付時間を記入してください）"""


def fill(text: str, content: Mapping[str, Mapping[str, Any]], *, company: str = "") -> str:
    """The text with its places filled; the name of the person is left for each letter.

    Args:
        text: with places.
        content: the nine items, as `services.content_of` has them.
        company: our name; empty leaves its place.
    """
    for place, item in PLACES.items():
        if place in text:
            known = content.get(item, {})
            words = str(known.get("text", "")) if known.get("is_known") else ""
            text = text.replace(place, words or NOT_KNOWN)
    return text.replace(COMPANY, company) if company else text


def addressed(text: str, name: str) -> str:
    """The text for one person."""
    return text.replace(NAME, name)
