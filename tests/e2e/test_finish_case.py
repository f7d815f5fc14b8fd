"""A clinician finishes a case in a real browser, in English and in Traditional Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.clinician import Clinician
from tests.e2e.processes import Running
from ui.contract import Language

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Script:
    """What a clinician of one language says, and what the case is called there."""

    language: Language
    locale: str
    title: str
    search: str
    place: str
    first: str
    """The first expectation."""
    wrong: str
    """A misconception."""
    source: str
    """Title of what the correction stands on."""
    mended: str
    question: str
    stuck: str
    contested: str
    later: tuple[str, ...]
    reflection: str


ENGLISH = Script(
    language="en",
    locale="en-GB",
    title="The sister who was not told",
    search="sister",
    place="Hong Kong",
    first=(
        "I'd talk to him again first: ask why he refuses, make sure he understands what his "
        "sister could gain from screening, and offer a family letter or a joint call."
    ),
    wrong="The trainee could send a short WeChat, it's only informal so privacy rules don't apply.",
    source="Personal Data (Privacy) Ordinance (Cap. 486)",
    mended="OK, a WeChat message is still a disclosure, so the same privacy rules apply to it.",
    question="Can I tell relatives without the patient's consent in Hong Kong?",
    stuck="I don't know.",
    contested="When I said that I would ask him first, I meant that overriding him is exceptional.",
    later=(
        "It stays an exception: weigh how serious, how likely and how preventable her harm is "
        "and what other ways are left, against his confidentiality, and write the reasons down.",
        "Only the minimum: there may be a risk in the family and testing is available. "
        "I would leave out his name, his diagnosis and his report.",
        "She lives in Zhongshan, so I would settle a secure channel, check that it is really "
        "her, find a mainland clinic for her and the legal basis for sending data across.",
        "I would keep his confidence for now, keep talking with him, and review the decision "
        "in three months.",
        "I would tell Mr Lau beforehand what we plan and why, and keep looking after him.",
    ),
    reflection="I would have asked the ethics service on the first day, before the talk with him.",
)
CHINESE = Script(
    language="zh-Hant",
    locale="zh-HK",
    title="未獲告知的妹妹",
    search="妹妹",
    place="香港",
    first=(
        "我會先跟他再談一次：問清楚他為甚麼拒絕，確保他明白妹妹可以怎樣得益，"
        "也可以幫他寫一封家屬信或一起打電話。"
    ),
    wrong="受訓醫生私下WeChat她沒有問題，非正式的聊天不算披露。",
    source="《個人資料（私隱）條例》（第486章）",
    mended="明白了，WeChat 訊息一樣是披露，私隱規定同樣適用。",
    question="醫生在香港可以未經病人同意把結果告訴親屬嗎？",
    stuck="不知道。",
    contested="我說先問清楚他的原因，意思就是不能當作常規。",
    later=(
        "披露只屬例外：要衡量她受的傷害有多嚴重、多大機會、能否避免，還有沒有其他辦法，"
        "再和他的保密比較，並在病歷寫下理由。",
        "只講最少：家族可能有遺傳風險，可以接受檢測。不寫他的名字和診斷，也不附報告。",
        "她住在中山，要先定好安全的渠道，核實是她本人，找到內地可轉介的醫院，並弄清資料跨境的法律依據。",
        "我會暫時替他保密，繼續跟他談，三個月後再檢討這個決定。",
        "事前我會讓劉先生知道我們打算怎樣做和原因，無論他怎樣想都會繼續照顧他。",
    ),
    reflection="如果重來一次，我會在第一天就請教臨床倫理服務，然後才跟他談。",
)


@pytest.mark.parametrize("script", [ENGLISH, CHINESE], ids=lambda s: s.language)
def test_a_clinician_finishes_a_case(
    script: Script, visit: Callable[[str], Page], site: Running
) -> None:
    """Library, dialogue, source, objection, pause, reload, synthesis, reflection, transcript."""
    who = Clinician(visit(script.locale), site.url, script.language)
    who.arrive()
    who.filter_by(script.search, script.place)
    who.open_case(script.title)
    who.begin()

    who.say(script.first)
    who.say(script.wrong)
    who.hears("correction")
    quote, told = who.opens_citation(script.source)
    assert len(quote) > 10
    assert quote in told
    assert script.source in told
    assert any(who.t(f"confidence.{tag}") in told for tag in "PSCU")
    who.say(script.mended)

    who.say(script.question)
    who.hears("answer")
    who.say(script.stuck)
    who.hears("hint")
    who.contests(script.contested)

    who.pauses()
    who.comes_back()
    expect(who.page.get_by_text(script.first, exact=True).first).to_be_visible()

    for text in script.later:
        if not who.reflecting:
            who.say(text)
    who.gives_up_until_the_end(script.stuck)
    who.hears("synthesis")
    who.reflects(script.reflection)

    outcome = who.outcome()
    kept = who.downloads_transcript()
    for part in (script.title, script.first, script.question, script.contested, script.reflection):
        assert part.rstrip(".") in kept.replace("\\", ""), part
    assert quote in kept.replace("\\", "")

    who.goes_to_sessions()
    row = who.page.get_by_role("heading", name=script.title).first
    expect(row).to_be_visible()
    assert who.page.get_by_text(outcome, exact=True).count() >= 1
    who.page.get_by_role("link", name=who.t("sessions.review")).first.click()
    who.sees_heading(who.t("outcome.stages"))
