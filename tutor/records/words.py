"""What the records themselves say to a learner: notices in a session, headings of a transcript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest import Language
from tutor.dialogue import Outcome


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. Braces are filled in by the caller."""

    paused: str
    resumed: str
    switched: str
    contested: str
    note: str
    case: str
    vignette: str
    dialogue: str
    new_facts: str
    tutor: str
    learner: str
    sources: str
    page: str
    pages: str
    version: str
    session: str
    opened: str
    last: str
    language: str
    outcome: str
    outcomes: Mapping[Outcome, str]
    open_outcome: str
    review: str
    reviewed: str
    awaiting: str
    licence: str
    redacted: str
    test: str
    test_before: str
    test_after: str
    test_score: str
    test_best: str
    test_other: str
    test_revised: str
    test_notice: str
    closing: str


WORDS: Mapping[Language, Words] = {
    "en": Words(
        paused="Paused.",
        resumed="Taken up again.",
        switched="The session goes on in English.",
        contested="You questioned this judgement; an educator will look at it.",
        note="Your note: “{note}”",
        case="Case",
        vignette="The case",
        dialogue="The dialogue",
        new_facts="New facts",
        tutor="Tutor",
        learner="You",
        sources="Sources",
        page="p. {pages}",
        pages="pp. {pages}",
        version="version {version}",
        session="Session",
        opened="Opened",
        last="Last entry",
        language="Language",
        outcome="Outcome",
        outcomes={
            "completed": "completed",
            "completed_with_help": "completed with help",
            "ended_early": "ended early",
        },
        open_outcome="not finished",
        review="Review",
        reviewed="reviewed by {by}, {on}",
        awaiting="awaits review by a named clinician",
        licence="Licence of the case",
        redacted="Identifiers were removed before this was stored.",
        test="Self-test",
        test_before="Before the case",
        test_after="After the case",
        test_score="best answer in {score} of {total}",
        test_best="the best answer was chosen",
        test_other="another answer was chosen",
        test_revised="the case has been revised since",
        test_notice=(
            "The two forms are short and ask about different situations; the difference between "
            "them shows no learning gain by itself."
        ),
        closing=(
            "This transcript is evidence of learning. It is not a certificate, and it carries no "
            "CME, CPD or CNE points. It is no legal advice and no advice on a patient."
        ),
    ),
    "zh-Hant": Words(
        paused="已暫停。",
        resumed="已繼續。",
        switched="對話改以繁體中文進行。",
        contested="你對這個判斷提出異議，導師會覆核。",
        note="你的附註：「{note}」",
        case="個案",
        vignette="個案內容",
        dialogue="對話",
        new_facts="新資料",
        tutor="導師",
        learner="你",
        sources="出處",
        page="第 {pages} 頁",
        pages="第 {pages} 頁",
        version="版本 {version}",
        session="學習紀錄",
        opened="開始",
        last="最後一則",
        language="語言",
        outcome="結果",
        outcomes={
            "completed": "完成",
            "completed_with_help": "在提示下完成",
            "ended_early": "提早結束",
        },
        open_outcome="未完成",
        review="審閱",
        reviewed="由 {by} 於 {on} 審閱",
        awaiting="尚待具名臨床人員審閱",
        licence="個案授權條款",
        redacted="可識別身分的資料在儲存前已移除。",
        test="自我測驗",
        test_before="個案之前",
        test_after="個案之後",
        test_score="{total} 題中有 {score} 題選了最佳答案",
        test_best="選了最佳答案",
        test_other="選了另一個答案",
        test_revised="個案其後已修訂",
        test_notice="兩份題目都很短，情境亦各不相同；兩者的差距本身並不顯示學習成效。",
        closing=(
            "本文字紀錄是學習過程的佐證，並非證書，不含任何 CME、CPD 或 CNE 學分；"
            "內容亦不構成法律意見，或對個別病人的建議。"
        ),
    ),
    "zh-Hans": Words(
        paused="已暂停。",
        resumed="已继续。",
        switched="对话改用简体中文进行。",
        contested="你对这一判断提出了异议，带教老师会复核。",
        note="你的附注：“{note}”",
        case="案例",
        vignette="案例内容",
        dialogue="对话",
        new_facts="新的情况",
        tutor="导师",
        learner="你",
        sources="出处",
        page="第 {pages} 页",
        pages="第 {pages} 页",
        version="版本 {version}",
        session="学习记录",
        opened="开始",
        last="最后一条",
        language="语言",
        outcome="结果",
        outcomes={
            "completed": "完成",
            "completed_with_help": "在提示下完成",
            "ended_early": "提前结束",
        },
        open_outcome="未完成",
        review="审阅",
        reviewed="由 {by} 于 {on} 审阅",
        awaiting="尚待具名临床人员审阅",
        licence="案例许可",
        redacted="可识别身份的信息在保存前已删除。",
        test="自我测验",
        test_before="案例之前",
        test_after="案例之后",
        test_score="{total} 题中有 {score} 题选了最佳答案",
        test_best="选择了最佳答案",
        test_other="选择了其他答案",
        test_revised="案例此后已修订",
        test_notice="两份题目都很短，情境也各不相同；两者的差距本身并不说明学习成效。",
        closing=(
            "本文字记录是学习过程的佐证，并非证书，不含任何继续医学教育学分；"
            "内容也不构成法律意见，或对具体患者的建议。"
        ),
    ),
}
LANGUAGE_NAMES: Mapping[Language, str] = {
    "en": "English",
    "zh-Hant": "繁體中文",
    "zh-Hans": "简体中文",
}
