"""A procedure to begin with, in our own words; each company makes it its own."""

from typing import Any

from django.db import migrations

TEXT = """\
## すぐにすること

1. **止める。** 誤って公開したページを閉じる、接続を切る、紛失した端末を遠隔で消去するなど、被害が広がらないようにします。記録やファイルは消さないでください。
2. **知らせる。** 小さなことでも、はっきりしなくても、すぐに「事故・ヒヤリハットを報告する」から報告します。夜間や休日は、下の連絡先にも電話します。
3. **相手に直接の約束をしない。** 本人や取引先から連絡を受けたときは、内容と連絡先を控え、折り返すと伝えます。

## 報告の後の流れ

1. 個人情報保護管理者が内容を確かめ、影響の及ぶ範囲を調べます。
2. 法令と審査機関への報告、本人への通知が必要かを判断します。会社が知った日を1日目として数えるため、社内の報告が遅れた日数も含まれます。
3. 原因を調べ、再発を防ぐ処置を決め、その効果を後で確かめます。

## 報告した人へ

報告したことで不利な扱いを受けることはありません。隠したり、一人で解決しようとしたりしないでください。
"""
TEXT_EN = """\
## At once

1. **Stop it.** Close the page, cut the connection, erase the lost device from afar: keep the damage from growing. Do not delete records or files.
2. **Report it.** However small, however unsure: “Report an incident” at once. At night and on holidays also call the people below.
3. **Promise nothing directly.** If a person concerned or a client calls, note what they say and how to reach them, and tell them that somebody will call back.

## What follows

1. The privacy manager finds out what happened and how far it reaches.
2. Reports to the authorities and the examining body, and notices to the persons, are assessed. The days are counted from the day on which any department knew: delays inside the company count.
3. The cause is found, measures against recurrence are decided, and their effect is checked later.

## To those who report

Nobody is put at a disadvantage for reporting. Do not hide it, and do not try to solve it alone.
"""


def load(apps: Any, editor: Any) -> None:
    """Write it."""
    apps.get_model("incidents", "EmergencyProcedure").objects.create(
        pk=1, text=TEXT, text_en=TEXT_EN
    )


def unload(apps: Any, editor: Any) -> None:
    """Take it away."""
    apps.get_model("incidents", "EmergencyProcedure").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_list_whom_to_call")]

    operations = [migrations.RunPython(load, unload)]
