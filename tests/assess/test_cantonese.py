from __future__ import annotations

import pytest

from ingest import to_simplified
from tutor.assess.cantonese import to_standard


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("唔可以推晒俾一個人", "不可以推完給一個人"),
        ("佢哋仲未講俾我哋知點解", "他們還未說給我們知為甚麼"),
        ("呢個係佢嘅決定", "這個是他的決定"),
        ("有冇問過佢想點樣", "有沒有問過他想怎樣"),
        ("冇得傾", "沒有得傾"),
        ("個app嘅score唔係diagnosis", "個app的score不是diagnosis"),
    ],
)
def test_cantonese_words_are_exchanged(spoken: str, written: str) -> None:
    assert to_standard(spoken) == written


@pytest.mark.parametrize(
    "spoken",
    [
        "佢哋仲未講俾我哋知點解",
        "呢個係佢嘅決定",
        "諗清楚先，唔係一定要講",
        "係咪要同細路講，邊個話事",
        "佢同病人嘅關係，要睇個家系",
    ],
)
def test_both_scripts_come_to_the_same(spoken: str) -> None:
    assert to_standard(to_simplified(spoken)) != to_simplified(spoken)
    assert to_simplified(to_standard(to_simplified(spoken))) == to_simplified(to_standard(spoken))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The relative was not told.",
        "這段關係影響她的決定，數係已經確認。",
        "病人有知情的權利，仲裁委員會不應介入。",
        "不应把责任推给一个人。",
        "关系到整个家系的系谱，系统未能联系。",
    ],
)
def test_standard_chinese_is_left_alone(text: str) -> None:
    assert to_standard(text) == text


def test_a_relation_is_no_verb() -> None:
    assert to_standard("佢同病人嘅關係") == "他同病人的關係"
    assert to_standard("佢同病人嘅关系，科系同系统") == "他同病人的关系，科系同系统"


def test_exchanging_twice_changes_nothing_more() -> None:
    text = "我哋唔使俾佢睇嗰啲嘢，而家係佢話事。"
    assert to_standard(to_standard(text)) == to_standard(text)
