"""What is said in each move: acknowledgement, substance, one question."""

from __future__ import annotations

import pytest

from ingest import Language
from tests.dialogue.talk import LANGUAGES, Talk
from tests.tiny_teaching import QUOTE
from tutor.cases import LoadedCase
from tutor.dialogue import AuthoredWording, contest
from tutor.dialogue.moment import Moment
from tutor.dialogue.plan import Say, Turn
from tutor.dialogue.wording import Spoken


def test_a_hint_is_one_of_the_authors_and_the_next_one_follows(talk: Talk) -> None:
    for text in ("Being careful is what counts", "And being kind with it", "And slow about it"):
        talk.say(text)
    hints = talk.case.texts["en"].stages[0].expectations[0].hints
    assert [m.text.endswith(h) for m, h in zip(talk.moves[2:], hints, strict=False)] == [True] * 2


def test_a_prompt_names_the_topic_gives_the_sentence_and_asks(talk: Talk) -> None:
    reply = talk.say("I don't know", "I don't know")
    assert reply.text == (
        "Fair enough, this is a hard one. Try finishing this sentence on matter E1: "
        "For E1 one would begin with ____. What belongs in the blank?"
    )


def test_an_assertion_is_cited(talk: Talk) -> None:
    reply = talk.say("I don't know", "I don't know", "I don't know")
    assert "One begins with E1 itself." in reply.text
    assert [c.quote for c in reply.citations] == [QUOTE]


def test_only_answers_assertions_corrections_and_the_synthesis_cite(talk: Talk) -> None:
    talk.say("+M1 is my view", "hm, let me see", "hm, well then", "hm, or not", "hm, no clue")
    talk.until_closed("I don't know")
    cited = {m.move for m in talk.moves if m.citations}
    assert cited == {"correction", "assertion", "synthesis"}


def test_the_correction_is_visible_then_given_once_more_plainly(talk: Talk) -> None:
    first = talk.say("+M1 is my view")
    assert first.text.startswith("Not quite, and here is why. The shortcut skips consent")
    last = talk.say("hm, let me see about it", "hm, well then so be it", "hm, or not at all")
    assert last.move == "correction"
    assert "Let me put the correction on a shortcut once more, plainly." in last.text
    assert "The shortcut is allowed with consent only." in last.text


def test_what_was_said_is_quoted_before_anything_else(talk: Talk) -> None:
    reply = talk.say("I would begin with +E1 here")
    assert reply.text.startswith("“+E1”: yes, that belongs at the centre of this.")


def test_a_near_answer_is_quoted_as_a_beginning(talk: Talk) -> None:
    reply = talk.say("~E1 is what I would look at")
    assert reply.text.startswith("“~E1 is what I would look at” goes part of the way.")


def test_a_long_answer_is_quoted_in_part(talk: Talk) -> None:
    reply = talk.say("~E1 " + "and this " * 30)
    assert "… ”" not in reply.text
    assert len(reply.text.split("”")[0].split()) <= 16


def test_questions_and_markdown_in_the_learners_words_are_not_the_tutors(talk: Talk) -> None:
    reply = talk.say("~E1 is it, *really* so, or # why? I wonder about it")
    assert "?" not in reply.text.split("”")[0]
    assert "*" not in reply.text
    assert "#" not in reply.text


def test_a_no_takes_the_reading_back(talk: Talk) -> None:
    talk.say("%E1 it might be")
    assert talk.say("no").text.startswith("Thank you for clearing that up.")


def test_a_yes_is_counted(talk: Talk) -> None:
    talk.say("%E1 it might be")
    assert talk.say("yes").text.startswith("Thank you, then that point about matter E1 is yours.")


def test_what_is_given_up_is_said(talk: Talk) -> None:
    talk.say("I would begin with +E1 here", "It is about care in this")
    assert "We can leave matter E2 there; it comes back in the summary." in talk.moves[-1].text


def test_a_contested_point_is_credited_in_words(talk: Talk) -> None:
    talk.say("Being careful is what counts")
    index = len(talk.events) - 1
    reply = contest(talk.case, talk.events, index, None, wording=talk.wording)[-1]
    assert "I credit your point on matter E1 for now" in reply.text  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_chinese_sentences_stand_without_spaces_and_english_with(
    tiny: LoadedCase, language: Language
) -> None:
    talk = Talk(tiny, language)
    text = talk.say("I don't know", "I don't know").text
    assert ("。 " in text, ". " in text) == ((False, True) if language == "en" else (False, False))


def test_the_choices_are_listed_by_their_topics_alone(talk: Talk) -> None:
    talk.until_stage("decide")
    reply = talk.say("I don't know")
    assert "choice P1; choice P2" in reply.text
    assert "One takes course P1" not in reply.text


def test_authored_words_say_so(talk: Talk) -> None:
    assert {m.wording for m in talk.moves} == {"authored"}
    moment = Moment(talk.case, talk.state, Turn(), Say("pump", "E1"))
    assert AuthoredWording().word(moment) == Spoken("What else would you weigh before you act?")


def test_a_move_without_a_target_has_no_item(talk: Talk) -> None:
    with pytest.raises(KeyError):
        _ = Moment(talk.case, talk.state, Turn(), Say("answer")).item


def test_a_topic_is_the_targets_or_the_stages_in_quotation_marks(tiny: LoadedCase) -> None:
    for language, mark in (("en", "“{}”"), ("zh-Hant", "「{}」"), ("zh-Hans", "“{}”")):
        talk = Talk(tiny, language)  # type: ignore[arg-type]
        moment = Moment(tiny, talk.state, Turn(), Say("answer"))
        assert moment.topic(None) == mark.format(moment.stage.title)
        assert moment.topic("E1") == tiny.item("E1", talk.language).topic
