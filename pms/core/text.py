"""Japanese text as offices type it: folded for storing, and keyed for searching.

`fold` decides what is *stored* and *compared*; it never loses a character that somebody chose:
the old forms of names (髙, 﨑, 𠮷, ideographs with a variation selector) and the marks ㈱ and ①
stay. That is why it is not Unicode's NFKC, which replaces the marks, and not even plain NFC,
which replaces the compatibility ideographs (福 U+FA1B, 神 U+FA19 …).

`search_key` decides what is *found*; it forgives every difference that a person who searches
for a colleague cannot be expected to know. Its result is never shown.
"""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.translation import pgettext

# What stands in a table where nothing is.
NONE = "–"

# U+FF01 to U+FF5D are ASCII's symbols, digits and letters moved by this much. U+FF5E (～) stays
# out: in Japanese text it is the wave dash of "4月～6月", not the tilde of ASCII.
_FULLWIDTH_OFFSET = 0xFEE0

# What no reader sees: control characters that are not white space, soft hyphen, zero-width
# space, marks of writing direction, byte order mark. The joiners U+200C and U+200D stay, names
# in some scripts need them; so do variation selectors.
_INVISIBLE = [
    *range(0x09),
    *range(0x0E, 0x1C),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    *(0xAD, 0x200B, 0x200E, 0x200F, 0xFEFF),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
]


class _FoldTable(dict[int, str | int | None]):
    """A `str.translate` table that remembers the characters that stay as well: a miss is slow."""

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


_FOLDED = _FoldTable(
    {
        **dict.fromkeys(_INVISIBLE),
        **{code: code - _FULLWIDTH_OFFSET for code in range(0xFF01, 0xFF5E)},
        # Half-width katakana and its punctuation; voicing marks that stand alone become the
        # spacing ones.
        **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF61, 0xFF9E)},
        0xFF9E: "゛",
        0xFF9F: "゜",
        # One byte sequence of Shift_JIS, two code points, depending on who decoded it.
        0x2212: "-",
        0x301C: "～",
    }
)
_FOLDABLE = re.compile(f"[{re.escape(''.join(map(chr, _FOLDED)))}]")
_HALFWIDTH_VOICED = re.compile("[ｳｶ-ﾄﾊ-ﾎﾜｦ]ﾞ|[ﾊ-ﾎ]ﾟ")
_NOT_COMPATIBILITY_IDEOGRAPHS = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")

_DASH_IN_CODE = re.compile("(?<=[0-9A-Za-z])[‐‑‒–—―ー─﹣](?=[0-9A-Za-z])")


def _nfkc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _nfc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def fold(value: str) -> str:
    """Return `value` as it is stored: one width, one space between words, none around.

    Full-width digits, letters, symbols and spaces become half-width, half-width katakana
    becomes full-width, voicing marks join their kana, invisible characters go, white space is
    trimmed and collapsed (line breaks too: this is for names and codes, not for long texts).
    All else stays as typed; see the top of this module. Folding twice changes nothing.

    Args:
        value: what was typed or read from a file.

    Returns:
        The folded text, perhaps empty.
    """
    if not (value.isascii() and value.isprintable()):
        if _FOLDABLE.search(value):
            if "ﾞ" in value or "ﾟ" in value:
                value = _HALFWIDTH_VOICED.sub(_nfkc, value)
            value = value.translate(_FOLDED)
        if not unicodedata.is_normalized("NFC", value):
            value = _NOT_COMPATIBILITY_IDEOGRAPHS.sub(_nfc, value)
    # The plain space is the only white space that counts as printable.
    if value.isprintable() and " " not in value:
        return value
    return " ".join(value.split())


def listed(items: Iterable[object]) -> str:
    """`items` one after the other, with the mark that the reader's language puts between them."""
    return pgettext("between items", ", ").join(map(str, items))


def fold_code(value: str) -> str:
    """Return an employee number or another code as it is stored.

    Folded, without any space, and every dash between two letters or digits is a hyphen, the
    long vowel mark of a Japanese keyboard included. Leading zeros and upper and lower case stay.
    """
    code = fold("".join(value.split()))
    return code if code.isascii() else _DASH_IN_CODE.sub("-", code)


# The first character of each group stands for the rest: forms of one character that family and
# given names, places and departments are written in. What makes a different name is left apart:
# 坂 and 阪, 畑 and 畠, 崎 and 埼.
_VARIANTS = """
亜亞 悪惡 圧壓 囲圍 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 園薗 塩鹽 艶艷 応應 欧歐 殴毆
桜櫻 奥奧 横橫 温溫 穏穩 仮假 価價 画畫 会會 絵繪 回囘 懐懷 拡擴 殻殼 覚覺 学學斈
岳嶽 楽樂 渇渴 勧勸 巻卷 寛寬 歓歡 観觀 関關 館舘 陥陷 巌巖 顔顏 気氣 帰歸 亀龜 既旣
喜㐂憙 偽僞 戯戲 犠犧 旧舊 拠據 挙擧舉 虚虛 峡峽 狭狹 郷鄉鄕 尭堯 暁曉 区區 駆驅駈
勲勳勛 薫薰 群羣 径徑 恵惠 渓溪谿 経經 継繼 軽輕 鶏鷄 芸藝 撃擊 欠缺 県縣 倹儉
剣劍劔劒 険險 圏圈 検檢 権權 献獻 研硏 顕顯 験驗 厳嚴 戸戶户 呉吳 娯娛 広廣 効效 恒恆
黄黃 鉱鑛礦砿 高髙 号號 国國圀 黒黑 済濟 砕碎 斉齊斎齋 歳歲 剤劑 崎﨑嵜㟢 冊册 雑雜
参參 惨慘 桟棧 蚕蠶 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 舎舍 写寫冩 釈釋 寿壽
収收 従從 渋澁澀 獣獸 縦縱 粛肅 処處 緒緖 叙敍敘 将將 称稱 渉涉 焼燒 証證 奨奬 条條
状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 晋晉 尽盡
図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 静靜 青靑 清淸 摂攝 窃竊 専專 戦戰
浅淺 潜潛濳 繊纖 践踐 銭錢 船舩 禅禪 曽曾 双雙 壮壯 争爭 荘莊 捜搜 挿插 巣巢 装裝
総總 聡聰 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體躰 帯帶 滞滯 台臺 滝瀧
沢澤 択擇 単單 担擔 胆膽 団團 断斷 弾彈 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 逓遞
鉄鐵鐡 転轉 点點 伝傳 党黨 島嶋嶌 盗盜 灯燈 当當 闘鬭 徳德 独獨 読讀 届屆 富冨 豊豐
内內 弐貳 禰祢 梅楳 脳腦 悩惱 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕
浜濱濵 桧檜 瓶甁 払拂 仏佛 併倂 並竝 弁辨辯瓣 辺邊邉 変變 歩步 宝寶 萌萠 没沒 翻飜
槙槇 毎每 万萬 満滿 麺麵 峰峯 宮宫 黙默 弥彌 訳譯 薬藥 野埜 薮藪籔 与與 予豫 余餘
誉譽 揺搖 様樣 謡謠 遥遙 瑶瑤 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 凛凜 緑綠 涙淚 塁壘
励勵 礼禮 霊靈 齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 郎郞 楼樓 鷗鴎 録錄 禄祿 湾灣
淵渕渊 秋穐 松枩 柏栢 柳栁 姫姬 吉𠮷 土𡈽 丈𠀋 隣鄰 鶴靏靍 蛍螢 桑桒 飲飮 卯夘 冴冱
糺糾 鎌鐮 涼凉 況况 減减 決决 教敎 啓啟 曵曳 凖準 厩廐 肇肈 竪豎 篭籠 蒋蔣 衆眾 裏裡
兎兔 尚尙 姉姊 晃晄 塡填 寧寍 繋繫 鰺鯵 芦蘆 蝋蠟 侠俠 医醫 鑑鑒
"""


def _variant_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in _VARIANTS.split():
        table |= dict.fromkeys(group[1:], group[0])
    return table


_HIRAGANA_TO_KATAKANA = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)}
# Banks and old lists write キヨウコ for キョウコ; しずか and しづか sound alike.
_LOOSE_KANA = dict(
    zip("ァィゥェォッャュョヮヵヶヂヅヰヱヲ", "アイウエオツヤユヨワカケジズイエオ", strict=True)
)
_LETTERS_WITHOUT_DECOMPOSITION = {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"}
_COMBINING = re.compile("[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Between the parts of a name, or none: spaces, the dot of foreign names, dashes, quotation marks.
_DROPPED = frozenset(" ・゠=-‐‑‒–—―_'’‘`.,､、")


class _SearchTable(dict[int, str]):
    """A `str.translate` table that works out each character the first time it is met."""

    def __init__(self) -> None:
        super().__init__()
        self._replaced = (
            _variant_table()
            | _LETTERS_WITHOUT_DECOMPOSITION
            | _LOOSE_KANA
            | {
                hiragana: _LOOSE_KANA.get(katakana, katakana)
                for hiragana, katakana in _HIRAGANA_TO_KATAKANA.items()
            }
        )

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).casefold()
        key = self[code] = "".join(map(self._of_one, plain))
        return key

    def _of_one(self, character: str) -> str:
        if character in _DROPPED or _COMBINING.match(character):
            return ""
        letter = unicodedata.normalize("NFD", character)[0]
        if letter.isascii() and letter.isalpha():
            return letter
        return self._replaced.get(character, character)


_SEARCHED = _SearchTable()


def search_key(value: str) -> str:
    """Return the form in which a name is compared when somebody searches.

    Hiragana, katakana, half-width and small kana are one; so are the old and new forms of an
    ideograph (髙 and 高, 﨑 and 崎, 齋 and 斉 …), upper and lower case, letters with and
    without accents; spaces, dots and dashes between the parts of a name do not count.

    Args:
        value: a name, or what somebody typed to find it.

    Returns:
        A key for comparing; never to be shown.
    """
    return fold(value).translate(_SEARCHED)


def escaped(value: Any) -> str:
    """`value` as it may stand in markup: what Django's `conditional_escape` gives, for long tables.

    A page calls it for every cell and every option; Django's own first looks at all its arguments
    for a text that is still to be translated, and that takes longer than the escaping.
    """
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


# So many digits fit into every column of numbers; Python refuses to read thousands of them.
_MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """The number that an address, a form or a cell names; None for anything else.

    Not `str.isdigit` and `int`: "²" is a digit of which no number is made, and five thousand digits
    are refused with an error.
    """
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    return None
