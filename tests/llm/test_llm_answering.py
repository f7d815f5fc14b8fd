"""Generated answers: verified sentence by sentence, or the corpus's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from langchain_core.messages import BaseMessage

from evals.claims import Liar, read_claims
from ingest import Encoder, Language, Passage
from ingest.screening import Finding
from tests.asking import real_answerer
from tests.llm.pieces import NAME
from tutor.ask import Answer, CorpusAnswerer
from tutor.citations import squeeze
from tutor.llm import Model
from tutor.llm.answering import LlmAnswerer, answer_prompts
from tutor.llm.grounding import claims
from tutor.llm.material import PREFACE
from tutor.llm.scripted import Reply, ScriptedChatModel, dawdles, fails, says
from tutor.settings import Settings

QUESTION = "Did ABC v St George's create a duty to disclose genetic results to relatives?"


@pytest.fixture(scope="module")
def corpus(real_settings: Settings, e5: Encoder, minilm: Encoder) -> CorpusAnswerer:
    return real_answerer(real_settings, e5, minilm)[0]


def answered(
    corpus: CorpusAnswerer,
    reply: Reply,
    question: str = QUESTION,
    language: Language = "en",
    findings: Sequence[Finding] = (),
    timeout_s: float = 5.0,
) -> tuple[Answer, ScriptedChatModel]:
    chat = ScriptedChatModel(reply=reply)
    model = Model(NAME, chat, timeout_s, rest_s=0.0)
    return LlmAnswerer(model, corpus, lambda _: findings)(question, language), chat


def number_of(messages: Sequence[BaseMessage], words: str) -> int:
    before = str(messages[-1].text).split(words)[0]
    return int(before.rsplit("<source>\n[", 1)[1].split("]")[0])


def says_of_abc(sentence: str) -> Reply:
    def said(messages: Sequence[BaseMessage]) -> str:
        return sentence.format(n=number_of(messages, "ABC did not create a free-standing duty"))

    return said


def test_a_supported_sentence_is_shown_with_the_words_that_support_it(
    corpus: CorpusAnswerer,
) -> None:
    text = "ABC created no free-standing duty to disclose genetic information to relatives [{n}]."
    answer, _ = answered(corpus, says_of_abc(text))
    assert answer.worded_by == NAME
    assert [s.text for s in answer.sentences] == [text.replace(" [{n}]", "")]
    (cited,) = answer.citations
    assert cited.quote.startswith("ABC did not create a free-standing duty")
    assert cited.document_id.endswith("abc-st-georges.en")


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        (
            "ABC created a free-standing duty to disclose genetic information to relatives [{n}].",
            "negation",
        ),
        ("ABC did not create a duty to disclose to 14 relatives [{n}].", "figure"),
        ("ABC and Montgomery did not create a duty to disclose to relatives [{n}].", "name"),
        ("ABC did not create a free-standing duty to disclose to relatives [99].", "out-of-range"),
        ("ABC did not create a free-standing duty to disclose to relatives [0].", "out-of-range"),
        ("ABC did not create a free-standing duty to disclose to relatives.", "uncited"),
        ("The weather in London was pleasant on the day [{n}].", "unlike"),
    ],
)
def test_what_is_not_supported_is_dropped_and_the_corpus_answers(
    corpus: CorpusAnswerer, sentence: str, fault: str
) -> None:
    answer, _ = answered(corpus, says_of_abc(sentence))
    assert fault in answer.refused
    assert answer == replace(corpus(QUESTION, "en"), refused=answer.refused)


def test_the_sound_sentence_stays_where_the_other_is_dropped(corpus: CorpusAnswerer) -> None:
    good = "ABC created no free-standing duty to disclose genetic information to relatives"
    answer, _ = answered(corpus, says_of_abc(f"{good} [{{n}}]. Doctors love it [{{n}}]. {good}."))
    assert [s.text for s in answer.sentences] == [f"{good}."]
    assert "unlike" in answer.refused
    assert "uncited" in answer.refused


@pytest.mark.parametrize("reply", [fails, dawdles(2.0), says(""), says("[1] [2]")])
def test_a_model_that_is_of_no_help_leaves_the_corpus_to_answer(
    corpus: CorpusAnswerer, reply: Reply
) -> None:
    answer, _ = answered(corpus, reply, timeout_s=0.5)
    assert answer.sentences == corpus(QUESTION, "en").sentences
    assert answer.refused


def test_a_question_about_a_patient_or_outside_the_corpus_never_reaches_the_model(
    corpus: CorpusAnswerer,
) -> None:
    for question in ("Should I tell my patient's sister?", "What is the capital of Portugal?", ""):
        answer, chat = answered(corpus, says("Yes [1]."), question)
        assert not chat.seen
        assert answer == corpus(question, "en")


def test_flagged_passages_are_not_in_the_prompt(corpus: CorpusAnswerer) -> None:
    def flagged(passage: Passage) -> Finding:
        return Finding("instruction", "override", passage.id, None, 0, 1, "…")

    passages = corpus.consult(QUESTION, "en").passages
    _, chat = answered(corpus, says(""), findings=[flagged(passages[0])])
    told = str(chat.seen[0][-1].text)
    assert PREFACE in told
    assert corpus.shelf[passages[0]].sentences[0].text not in told
    answer, chat = answered(corpus, says(""), findings=[flagged(p) for p in passages])
    assert not chat.seen
    assert answer.found


@pytest.mark.parametrize(("language", "about"), [("zh-Hant", "2024"), ("zh-Hans", "14 周岁")])
def test_chinese_is_verified_as_english_is(
    corpus: CorpusAnswerer, language: Language, about: str
) -> None:
    liar = Liar()
    ours = [c for c in read_claims() if c.language == language and about in c.quote]
    claim = next(c for c in ours if c.kind == "supported")
    false = next(c for c in read_claims() if c.quote == claim.quote and c.kind == "figure")
    for liar.claim, shown in ((claim, True), (false, False)):
        answer, _ = answered(corpus, liar, claim.quote, language)
        assert liar.given
        assert bool(answer.worded_by) == shown
        for cited in answer.citations:
            assert squeeze(cited.quote)


def test_brackets_are_read_in_every_form() -> None:
    found = claims("One thing. [1] Another [2, 3]. 第三句【1】。第四句。[1][2] A fifth")
    assert [(c.text, c.numbers) for c in found] == [
        ("One thing.", (1,)),
        ("Another.", (2, 3)),
        ("第三句。", (1,)),
        ("第四句。", (1, 2)),
        ("A fifth", ()),
    ]


def test_each_language_has_a_prompt_of_its_own() -> None:
    prompts = answer_prompts()
    assert len({p.answer for p in prompts.values()}) == 3
    assert all("[1]" in p.answer and "SOURCES" in p.answer for p in prompts.values())
