"""The authored words of every move: what is acknowledged, what is said, what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tutor.cases.schema import Expectation, Misconception, Position
from tutor.citations import Citation
from tutor.dialogue.events import Move
from tutor.dialogue.moment import Moment
from tutor.dialogue.sentences import shorten
from tutor.dialogue.synthesis import synthesis
from tutor.dialogue.voice import Voice

Cites = tuple[Citation, ...]
_UNACKNOWLEDGED: frozenset[Move] = frozenset({"open", "closing", "synthesis", "support"})
_NEUTRAL: frozenset[Move] = frozenset({"hint", "prompt", "pump"})


def acknowledge(voice: Voice, moment: Moment) -> None:
    """What the learner did say comes first, in their words; then what was given up."""
    move = moment.say.move
    if move in _UNACKNOWLEDGED:
        return
    _credit(voice, moment)
    if voice.silent and move != "challenge":
        if moment.say.target and moment.say.target in moment.turn.partial:
            voice.frame("partial", span=shorten(moment.state.last_said))
        elif moment.turn.is_help and move != "answer":
            voice.frame("help")
        elif move in _NEUTRAL and moment.state.last_said:
            voice.frame("neutral")
    for target in moment.settled[:1]:
        key = "misconception_left" if target.startswith("M") else "target_left"
        voice.frame(key, topic=moment.topic(target))
    if moment.compared:
        voice.frame("compared")


def _credit(voice: Voice, moment: Moment) -> None:
    turn, state = moment.turn, moment.state
    for target in turn.repaired[:1]:
        voice.frame("repaired", topic=moment.topic(target))
    for target in turn.restated[:1]:
        voice.frame("restated", topic=moment.topic(target))
    for target in turn.covered[:1]:
        key = "confirmed" if state.covered.get(target) == "confirmed" else "covered"
        span = shorten(state.spans.get(target, state.last_said))
        voice.frame(key, span=span, topic=moment.topic(target))
    for target in turn.positions[:1]:
        voice.frame("position_taken", span=shorten(state.spans.get(target, "")))
    if turn.denied:
        voice.frame("denied")


def _open(voice: Voice, moment: Moment) -> Cites:
    voice.ask_text(moment.stage.question, "reask", topic=moment.stage.title)
    return ()


def _question(voice: Voice, moment: Moment) -> Cites:
    if moment.stage_result and not moment.settled:
        mastered = moment.stage_result == "mastered"
        voice.frame("stage_done" if mastered else "stage_not_done")
    return _open(voice, moment)


def _pump(voice: Voice, moment: Moment) -> Cites:
    voice.ask("pump" if moment.say.target else "pump_position")
    return ()


def _hint(voice: Voice, moment: Moment) -> Cites:
    item = moment.item
    assert not isinstance(item, Position)
    given = moment.state.ladder(item.id).count("hint")
    hint = item.hints[min(given, len(item.hints) - 1)]
    voice.ask_text(hint, "reask", topic=item.topic)
    return ()


def _prompt(voice: Voice, moment: Moment) -> Cites:
    if moment.say.target is None:
        joiner = "; " if moment.state.language == "en" else "；"
        voice.frame("options", options=joiner.join(p.topic for p in moment.stage.positions))
        voice.ask("options_ask")
        return ()
    item = moment.item
    assert not isinstance(item, Position)
    tail = item.prompt if moment.state.language != "en" else f" {item.prompt}"
    voice.frame("prompt_opens", tail=tail, topic=item.topic)
    voice.ask("prompt_asks")
    return ()


def _assertion(voice: Voice, moment: Moment) -> Cites:
    item = moment.item
    assert isinstance(item, Expectation)
    voice.frame("assertion_opens", topic=item.topic)
    voice.say(item.assertion)
    voice.ask("assertion_asks")
    return moment.cites()


def _restate(voice: Voice, moment: Moment) -> Cites:
    voice.ask("restate", topic=moment.topic(moment.say.target))
    return ()


def _correction(voice: Voice, moment: Moment) -> Cites:
    item = moment.item
    assert isinstance(item, Misconception)
    if moment.state.ladder(item.id).count("correction"):
        voice.insist("correction_last", topic=item.topic)
        voice.say(item.corrected)
        voice.ask("correction_last_asks", topic=item.topic)
    else:
        voice.insist("correction_opens")
        voice.say(item.correction)
        voice.ask("correction_asks", topic=item.topic)
    return moment.cites()


def _challenge(voice: Voice, moment: Moment) -> Cites:
    item = moment.item
    assert isinstance(item, Position)
    voice.ask_text(item.challenge, "reask", topic=item.topic)
    return ()


def _confirm(voice: Voice, moment: Moment) -> Cites:
    target = moment.say.target
    span = shorten(moment.turn.spans.get(target or "", moment.state.last_said))
    voice.ask("confirm", span=span, topic=moment.topic(target))
    return ()


def _answer(voice: Voice, moment: Moment) -> Cites:
    answer = moment.answer
    if answer is None or not answer.found:
        # Where to turn is said once a session; after that the silence is said plainly.
        if answer is None or not answer.note or not voice.say(answer.note):
            voice.insist("not_in_corpus")
        _reask(voice, moment)
        return ()
    new = [voice.say(sentence.text) for sentence in answer.sentences]
    if not any(new):
        voice.frame("answered_before")
    if answer.note:
        voice.say(answer.note)
    _reask(voice, moment)
    return answer.citations


def _acknowledge(voice: Voice, moment: Moment) -> Cites:
    if moment.say.target:
        voice.insist("contest", topic=moment.topic(moment.say.target))
    else:
        voice.frame(moment.say.aside or "resumed")
    _reask(voice, moment)
    return ()


def _redirect(voice: Voice, moment: Moment) -> Cites:
    voice.frame(moment.say.aside or "off_task")
    _reask(voice, moment)
    return ()


def _support(voice: Voice, _moment: Moment) -> Cites:
    voice.insist("support")
    voice.ask("support_asks")
    return ()


def _synthesis(voice: Voice, moment: Moment) -> Cites:
    text, citations = synthesis(moment.case, moment.state, voice.phrases)
    voice.say(text)
    return citations


def _closing(voice: Voice, _moment: Moment) -> Cites:
    voice.frame("closing")
    return ()


def _reask(voice: Voice, moment: Moment) -> None:
    voice.ask("reask", topic=moment.topic(moment.state.focus))


MOVES: Mapping[Move, Callable[[Voice, Moment], Cites]] = {
    "open": _open,
    "question": _question,
    "pump": _pump,
    "hint": _hint,
    "prompt": _prompt,
    "assertion": _assertion,
    "restate": _restate,
    "correction": _correction,
    "challenge": _challenge,
    "confirm": _confirm,
    "answer": _answer,
    "acknowledge": _acknowledge,
    "redirect": _redirect,
    "support": _support,
    "synthesis": _synthesis,
    "closing": _closing,
}
