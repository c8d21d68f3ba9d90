"""Names for invented people: common enough to be believed, odd enough to test with.

Nobody here exists: a person of the demo is a family name and a given name put together by the
generator. Variant characters (髙, 﨑, 𠮷, 齋, 邉 ...) are included because real rosters hold them
and software likes to lose them. Names are listed once each; how often a name is drawn is the
generator's choice.
"""

from typing import NamedTuple


class Name(NamedTuple):
    """A family or a given name in the three ways a roster writes it."""

    kanji: str
    kana: str  # full-width katakana
    romaji: str  # as in a Japanese passport: no long vowels, m before b, m and p


def _names(listing: str) -> tuple[Name, ...]:
    """Read "kanji kana romaji" triples parted by commas."""
    return tuple(Name(*entry.split()) for entry in listing.split(","))


FAMILY_NAMES = _names("""
佐藤 サトウ Sato, 鈴木 スズキ Suzuki, 高橋 タカハシ Takahashi, 髙橋 タカハシ Takahashi,
田中 タナカ Tanaka, 伊藤 イトウ Ito, 渡辺 ワタナベ Watanabe, 渡邊 ワタナベ Watanabe,
渡邉 ワタナベ Watanabe, 山本 ヤマモト Yamamoto, 中村 ナカムラ Nakamura,
小林 コバヤシ Kobayashi, 加藤 カトウ Kato, 吉田 ヨシダ Yoshida, 𠮷田 ヨシダ Yoshida,
山田 ヤマダ Yamada, 佐々木 ササキ Sasaki, 山口 ヤマグチ Yamaguchi, 松本 マツモト Matsumoto,
井上 イノウエ Inoue, 木村 キムラ Kimura, 林 ハヤシ Hayashi, 斎藤 サイトウ Saito,
齋藤 サイトウ Saito, 斉藤 サイトウ Saito, 齊藤 サイトウ Saito, 清水 シミズ Shimizu,
山崎 ヤマザキ Yamazaki, 山﨑 ヤマサキ Yamasaki, 森 モリ Mori, 池田 イケダ Ikeda,
橋本 ハシモト Hashimoto, 阿部 アベ Abe, 石川 イシカワ Ishikawa, 山下 ヤマシタ Yamashita,
中島 ナカジマ Nakajima, 中嶋 ナカジマ Nakajima, 石井 イシイ Ishii, 小川 オガワ Ogawa,
前田 マエダ Maeda, 岡田 オカダ Okada, 長谷川 ハセガワ Hasegawa, 藤田 フジタ Fujita,
後藤 ゴトウ Goto, 近藤 コンドウ Kondo, 村上 ムラカミ Murakami, 遠藤 エンドウ Endo,
青木 アオキ Aoki, 坂本 サカモト Sakamoto, 福田 フクダ Fukuda, 太田 オオタ Ota,
西村 ニシムラ Nishimura, 藤井 フジイ Fujii, 岡本 オカモト Okamoto, 金子 カネコ Kaneko,
藤原 フジワラ Fujiwara, 三浦 ミウラ Miura, 中野 ナカノ Nakano, 中川 ナカガワ Nakagawa,
原田 ハラダ Harada, 松田 マツダ Matsuda, 竹内 タケウチ Takeuchi, 小野 オノ Ono,
田村 タムラ Tamura, 中山 ナカヤマ Nakayama, 和田 ワダ Wada, 石田 イシダ Ishida,
森田 モリタ Morita, 上田 ウエダ Ueda, 原 ハラ Hara, 内田 ウチダ Uchida, 柴田 シバタ Shibata,
酒井 サカイ Sakai, 宮崎 ミヤザキ Miyazaki, 宮﨑 ミヤザキ Miyazaki, 横山 ヨコヤマ Yokoyama,
高木 タカギ Takagi, 髙木 タカギ Takagi, 安藤 アンドウ Ando, 宮本 ミヤモト Miyamoto,
大野 オオノ Ono, 小島 コジマ Kojima, 工藤 クドウ Kudo, 谷口 タニグチ Taniguchi,
今井 イマイ Imai, 高田 タカダ Takada, 増田 マスダ Masuda, 丸山 マルヤマ Maruyama,
杉山 スギヤマ Sugiyama, 村田 ムラタ Murata, 大塚 オオツカ Otsuka, 新井 アライ Arai,
小山 コヤマ Koyama, 平野 ヒラノ Hirano, 藤本 フジモト Fujimoto, 河野 コウノ Kono,
上野 ウエノ Ueno, 武田 タケダ Takeda, 野口 ノグチ Noguchi, 松井 マツイ Matsui,
千葉 チバ Chiba, 菅原 スガワラ Sugawara, 岩崎 イワサキ Iwasaki, 久保 クボ Kubo,
木下 キノシタ Kinoshita, 佐野 サノ Sano, 野村 ノムラ Nomura, 松尾 マツオ Matsuo,
菊地 キクチ Kikuchi, 菊池 キクチ Kikuchi, 市川 イチカワ Ichikawa, 杉本 スギモト Sugimoto,
古川 フルカワ Furukawa, 大西 オオニシ Onishi, 島田 シマダ Shimada, 水野 ミズノ Mizuno,
桜井 サクライ Sakurai, 櫻井 サクライ Sakurai, 高野 タカノ Takano, 渡部 ワタベ Watabe,
吉川 ヨシカワ Yoshikawa, 𠮷川 ヨシカワ Yoshikawa, 山内 ヤマウチ Yamauchi,
西田 ニシダ Nishida, 飯田 イイダ Iida, 菊田 キクタ Kikuta, 西川 ニシカワ Nishikawa,
小松 コマツ Komatsu, 北村 キタムラ Kitamura, 安田 ヤスダ Yasuda, 五十嵐 イガラシ Igarashi,
川口 カワグチ Kawaguchi, 平田 ヒラタ Hirata, 関 セキ Seki, 中田 ナカタ Nakata,
久保田 クボタ Kubota, 服部 ハットリ Hattori, 東 ヒガシ Higashi, 岩田 イワタ Iwata,
土屋 ツチヤ Tsuchiya, 川崎 カワサキ Kawasaki, 福島 フクシマ Fukushima, 本田 ホンダ Honda,
辻 ツジ Tsuji, 樋口 ヒグチ Higuchi, 秋山 アキヤマ Akiyama, 田口 タグチ Taguchi,
永井 ナガイ Nagai, 山中 ヤマナカ Yamanaka, 中西 ナカニシ Nakanishi, 吉村 ヨシムラ Yoshimura,
川上 カワカミ Kawakami, 石原 イシハラ Ishihara, 大橋 オオハシ Ohashi, 松岡 マツオカ Matsuoka,
浜田 ハマダ Hamada, 濱田 ハマダ Hamada, 馬場 ババ Baba, 森本 モリモト Morimoto,
矢野 ヤノ Yano, 浅野 アサノ Asano, 松下 マツシタ Matsushita, 星野 ホシノ Hoshino,
大久保 オオクボ Okubo, 吉岡 ヨシオカ Yoshioka, 小池 コイケ Koike, 野田 ノダ Noda,
荒木 アラキ Araki, 熊谷 クマガイ Kumagai, 松浦 マツウラ Matsuura, 大谷 オオタニ Otani,
内藤 ナイトウ Naito, 黒田 クロダ Kuroda, 尾崎 オザキ Ozaki, 川村 カワムラ Kawamura,
永田 ナガタ Nagata, 望月 モチヅキ Mochizuki, 堀 ホリ Hori, 松村 マツムラ Matsumura,
田辺 タナベ Tanabe, 荒井 アライ Arai, 菅野 カンノ Kanno, 平井 ヒライ Hirai,
大島 オオシマ Oshima, 西山 ニシヤマ Nishiyama, 早川 ハヤカワ Hayakawa,
栗原 クリハラ Kurihara, 広瀬 ヒロセ Hirose, 廣瀬 ヒロセ Hirose, 横田 ヨコタ Yokota,
石橋 イシバシ Ishibashi, 岩本 イワモト Iwamoto, 萩原 ハギワラ Hagiwara,
片山 カタヤマ Katayama, 関口 セキグチ Sekiguchi, 宮田 ミヤタ Miyata, 本間 ホンマ Homma,
大石 オオイシ Oishi, 鎌田 カマタ Kamata, 高山 タカヤマ Takayama, 小西 コニシ Konishi,
村井 ムライ Murai, 小田 オダ Oda, 澤田 サワダ Sawada, 沢田 サワダ Sawada,
柳沢 ヤナギサワ Yanagisawa, 難波 ナンバ Namba, 新田 ニッタ Nitta, 真鍋 マナベ Manabe,
四方 シカタ Shikata, 宇都宮 ウツノミヤ Utsunomiya, 勅使河原 テシガワラ Teshigawara,
大﨑 オオサキ Osaki, 柏木 カシワギ Kashiwagi
""")

GIVEN_NAMES_F = _names("""
美咲 ミサキ Misaki, 葵 アオイ Aoi, 陽菜 ヒナ Hina, 結衣 ユイ Yui, 凛 リン Rin, 凜 リン Rin,
さくら サクラ Sakura, 優花 ユウカ Yuka, 愛 アイ Ai, 彩 アヤ Aya, 彩香 アヤカ Ayaka,
麻衣 マイ Mai, 舞 マイ Mai, 千尋 チヒロ Chihiro, 香織 カオリ Kaori, 恵 メグミ Megumi,
恵美 エミ Emi, 惠美 エミ Emi, 智子 トモコ Tomoko, 裕子 ユウコ Yuko, 陽子 ヨウコ Yoko,
洋子 ヨウコ Yoko, 久美子 クミコ Kumiko, 由美子 ユミコ Yumiko, 由美 ユミ Yumi,
真由美 マユミ Mayumi, 直美 ナオミ Naomi, 明美 アケミ Akemi, 和子 カズコ Kazuko,
幸子 サチコ Sachiko, 京子 キョウコ Kyoko, 恵子 ケイコ Keiko, 節子 セツコ Setsuko,
典子 ノリコ Noriko, 紀子 ノリコ Noriko, 順子 ジュンコ Junko, 純子 ジュンコ Junko,
淳子 ジュンコ Junko, 弘子 ヒロコ Hiroko, 博子 ヒロコ Hiroko, 文子 フミコ Fumiko,
栄子 エイコ Eiko, 洋美 ヒロミ Hiromi, 裕美 ヒロミ Hiromi, 理恵 リエ Rie, 里美 サトミ Satomi,
聡美 サトミ Satomi, 智美 トモミ Tomomi, 奈美 ナミ Nami, 奈々 ナナ Nana, 菜々子 ナナコ Nanako,
七海 ナナミ Nanami, 美穂 ミホ Miho, 美香 ミカ Mika, 美紀 ミキ Miki, 美樹 ミキ Miki,
美和 ミワ Miwa, 美奈子 ミナコ Minako, 美佳 ミカ Mika, 絵里 エリ Eri, 絵美 エミ Emi,
麻里 マリ Mari, 真理 マリ Mari, 真理子 マリコ Mariko, 真紀 マキ Maki, 真希 マキ Maki,
真央 マオ Mao, 真琴 マコト Makoto, 千春 チハル Chiharu, 千夏 チナツ Chinatsu,
千晴 チハル Chiharu, 春香 ハルカ Haruka, 遥 ハルカ Haruka, 遙 ハルカ Haruka,
晴香 ハルカ Haruka, 夏美 ナツミ Natsumi, 夏希 ナツキ Natsuki, 秋穂 アキホ Akiho,
美雪 ミユキ Miyuki, 幸 ユキ Yuki, 由紀 ユキ Yuki, 有紀 ユキ Yuki, 友紀 ユキ Yuki,
優子 ユウコ Yuko, 優奈 ユウナ Yuna, 友美 トモミ Tomomi, 早紀 サキ Saki, 沙織 サオリ Saori,
沙也加 サヤカ Sayaka, さやか サヤカ Sayaka, ゆかり ユカリ Yukari, みどり ミドリ Midori,
かおる カオル Kaoru, ひかり ヒカリ Hikari, あゆみ アユミ Ayumi, めぐみ メグミ Megumi,
綾 アヤ Aya, 綾子 アヤコ Ayako, 綾乃 アヤノ Ayano, 詩織 シオリ Shiori, 栞 シオリ Shiori,
琴音 コトネ Kotone, 莉子 リコ Riko, 莉奈 リナ Rina, 里奈 リナ Rina, 結菜 ユイナ Yuina,
心春 コハル Koharu, 花音 カノン Kanon, 楓 カエデ Kaede, 紗季 サキ Saki, 静香 シズカ Shizuka,
朋子 トモコ Tomoko, 桃子 モモコ Momoko, 泉 イズミ Izumi, 瞳 ヒトミ Hitomi, 光 ヒカル Hikaru,
薫 カオル Kaoru, 澄江 スミエ Sumie, 富美子 フミコ Fumiko, 千鶴子 チヅコ Chizuko,
佳奈 カナ Kana, 佳代 カヨ Kayo, 亜希子 アキコ Akiko, 晶子 アキコ Akiko, 圭子 ケイコ Keiko
""")

GIVEN_NAMES_M = _names("""
翔太 ショウタ Shota, 大輔 ダイスケ Daisuke, 健太 ケンタ Kenta, 拓也 タクヤ Takuya,
直樹 ナオキ Naoki, 誠 マコト Makoto, 健一 ケンイチ Kenichi, 浩 ヒロシ Hiroshi,
博 ヒロシ Hiroshi, 隆 タカシ Takashi, 隆之 タカユキ Takayuki, 孝 タカシ Takashi,
修 オサム Osamu, 修一 シュウイチ Shuichi, 浩二 コウジ Koji, 浩一 コウイチ Koichi,
幸一 コウイチ Koichi, 康弘 ヤスヒロ Yasuhiro, 康介 コウスケ Kosuke, 和也 カズヤ Kazuya,
和彦 カズヒコ Kazuhiko, 和夫 カズオ Kazuo, 正雄 マサオ Masao, 正人 マサト Masato,
昌彦 マサヒコ Masahiko, 雅之 マサユキ Masayuki, 雅人 マサト Masato, 達也 タツヤ Tatsuya,
達夫 タツオ Tatsuo, 哲也 テツヤ Tetsuya, 哲夫 テツオ Tetsuo, 徹 トオル Toru, 亨 トオル Toru,
剛 ツヨシ Tsuyoshi, 毅 ツヨシ Tsuyoshi, 武 タケシ Takeshi, 健 タケシ Takeshi,
茂 シゲル Shigeru, 実 ミノル Minoru, 實 ミノル Minoru, 稔 ミノル Minoru, 勉 ツトム Tsutomu,
進 ススム Susumu, 清 キヨシ Kiyoshi, 勇 イサム Isamu, 勝 マサル Masaru, 豊 ユタカ Yutaka,
昇 ノボル Noboru, 聡 サトシ Satoshi, 智 サトシ Satoshi, 敏 サトシ Satoshi, 諭 サトシ Satoshi,
学 マナブ Manabu, 學 マナブ Manabu, 淳 ジュン Jun, 純 ジュン Jun, 純一 ジュンイチ Junichi,
純平 ジュンペイ Jumpei, 潤 ジュン Jun, 亮 リョウ Ryo, 亮太 リョウタ Ryota, 諒 リョウ Ryo,
遼 リョウ Ryo, 良介 リョウスケ Ryosuke, 良太 リョウタ Ryota, 涼太 リョウタ Ryota,
蓮 レン Ren, 陽翔 ハルト Haruto, 悠斗 ユウト Yuto, 悠真 ユウマ Yuma, 湊 ミナト Minato,
颯太 ソウタ Sota, 蒼太 ソウタ Sota, 大和 ヤマト Yamato, 大樹 ダイキ Daiki,
大地 ダイチ Daichi, 陸 リク Riku, 海斗 カイト Kaito, 樹 イツキ Itsuki, 翼 ツバサ Tsubasa,
駿 シュン Shun, 俊介 シュンスケ Shunsuke, 俊彦 トシヒコ Toshihiko, 敏夫 トシオ Toshio,
利明 トシアキ Toshiaki, 俊之 トシユキ Toshiyuki, 秀樹 ヒデキ Hideki, 英樹 ヒデキ Hideki,
秀明 ヒデアキ Hideaki, 英明 ヒデアキ Hideaki, 英治 エイジ Eiji, 栄一 エイイチ Eiichi,
裕介 ユウスケ Yusuke, 雄介 ユウスケ Yusuke, 祐介 ユウスケ Yusuke, 勇気 ユウキ Yuki,
裕樹 ユウキ Yuki, 雄太 ユウタ Yuta, 優太 ユウタ Yuta, 裕司 ユウジ Yuji,
貴之 タカユキ Takayuki, 貴史 タカフミ Takafumi, 崇 タカシ Takashi, 敦 アツシ Atsushi,
篤 アツシ Atsushi, 篤志 アツシ Atsushi, 章 アキラ Akira, 明 アキラ Akira, 彰 アキラ Akira,
晃 アキラ Akira, 泰三 タイゾウ Taizo, 泰弘 ヤスヒロ Yasuhiro, 靖 ヤスシ Yasushi,
恭平 キョウヘイ Kyohei, 慎也 シンヤ Shinya, 真一 シンイチ Shinichi, 伸一 シンイチ Shinichi,
信也 シンヤ Shinya, 慎太郎 シンタロウ Shintaro, 健太郎 ケンタロウ Kentaro,
光太郎 コウタロウ Kotaro, 賢治 ケンジ Kenji, 謙二 ケンジ Kenji, 憲一 ケンイチ Kenichi,
弘樹 ヒロキ Hiroki, 広樹 ヒロキ Hiroki, 洋平 ヨウヘイ Yohei, 洋介 ヨウスケ Yosuke,
陽介 ヨウスケ Yosuke, 航 ワタル Wataru, 渉 ワタル Wataru, 弦 ゲン Gen, 薫 カオル Kaoru,
光 ヒカル Hikaru
""")


class Post(NamedTuple):
    """A title in the line of command; whoever has none is ordinary staff."""

    title: str
    title_en: str
    per_thousand: int  # of all workers; the share of the empty title is the rest


# A department's name ends in one of these and its head bears the title beside it; the longest
# ending that fits counts. Each department has one head; the other posts are drawn.
HEAD_POSTS = (("本部", "本部長"), ("部", "部長"), ("室", "室長"), ("センター", "センター長"))
POSTS = (
    Post("次長", "Deputy General Manager", 10),
    Post("課長", "Manager", 40),
    Post("課長代理", "Deputy Manager", 20),
    Post("係長", "Supervisor", 60),
    Post("主任", "Senior Staff", 120),
    Post("", "", 750),
)
OFFICER_POSTS = ("取締役", "常務取締役", "執行役員", "監査役")
