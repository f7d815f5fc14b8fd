"""Names and addresses go, the words of the field stay. Everybody here is invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.ask.cues import PERSON, PERSON_HAN
from tutor.safety import redact

SECONDS = 5.0
"""Of the processor: what backtracks takes minutes."""


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my patient Chan Siu Ming said", "my patient [NAME] said"),
        ("CHAN Tai Man, Peter came in", "[NAME] came in"),
        ("Nurse Chan and Dr Peter Wong agree", "Nurse [NAME] and Dr [NAME] agree"),
        ("mr chan rang", "mr [NAME] rang"),
        ("Miss So left", "Miss [NAME] left"),
        ("Wang Xiaoming of Foshan", "[NAME] of Foshan"),
        ("Mary Lam's daughter", "[NAME]'s daughter"),
        ("the trainee Wong Ka-yan", "the trainee [NAME]"),
        ("a man called Ramirez", "a man called [NAME]"),
        ("Emma refuses to go", "[NAME] refuses to go"),
        ("陳先生同李醫生", "[NAME]先生同[NAME]醫生"),
        ("王护士说", "[NAME]护士说"),
        ("姓名：李麗珊", "姓名：[NAME]"),
        ("患者王小明今年48岁", "患者[NAME]今年48岁"),
        ("我姓鄧，叫鄧小慧", "我姓[NAME]，叫[NAME]"),
        ("歐陽教授", "[NAME]教授"),
        ("陳婆婆同李太", "[NAME]婆婆同[NAME]太"),
        ("Flat 12B, 15/F, Block C, Mei Foo Sun Chuen, Kowloon.", "[ADDRESS]."),
        ("at 88 Nathan Road, Kowloon", "at [ADDRESS]"),
        ("Rua de Pequim n.º 126, 3.º andar B, Macau", "[ADDRESS]"),
        ("住在九龍彌敦道123號5樓B室", "住在[ADDRESS]"),
        ("广东省深圳市南山区科技园路15号3栋502室", "[ADDRESS]"),
        ("深水埗元州邨元豐樓12樓1203室。", "[ADDRESS]。"),
        ("born 3 April 1956, he", "[DATE OF BIRTH], he"),
        ("1956年3月4日出生", "[DATE OF BIRTH]出生"),
        ("電話，91234567", "電話，[PHONE]"),
        ("电话020-84293557", "电话[PHONE]"),
    ],
)
def test_they_go(text: str, redacted: str) -> None:
    assert redact(text)[0] == redacted
    assert redact(redacted)[0] == redacted


@pytest.mark.parametrize(
    "text",
    [
        "Lynch syndrome, Li-Fraumeni, Down syndrome, Huntington's disease, Stevens-Johnson",
        "the Declaration of Helsinki, Nuremberg, Tuskegee, Montgomery v Lanarkshire, Hippocrates",
        "ABC v St George's Healthcare NHS Trust; Queen Mary Hospital; Prince of Wales Hospital",
        "BRCA1 c.5266dupC p.Gln1756fs, Cap. 486, Article 51, NCT01234567, PD 0332991, LY2811376",
        "Ma On Shan, Tai Po, Sha Tin, Wong Tai Sin and Mong Kok in Hong Kong",
        "So long as the man can decide, may he? Will she? Grace and patience. Mark this.",
        "The Doctor on call, the Nurse in charge, Dr W, Mr and Mrs of that age",
        "Room 5 on Ward 6B, bed 3; Tower 2; Block C; Unit of analysis; 3樓病房",
        "Ping-pong between sites, co-payment, Sino-British, Hong Kong-style",
        "對方醫生、主任醫生、許多醫生、任何醫生、或許醫生、高級醫生、顧問醫生、江湖醫生",
        "对方医生、主任医生、许多医生、任何医生、或许医生、高年资医生、全科医生",
        "王道不是霸道；患者黃疸；病人方面同意；患者周围的人；溫和；何時說；關於家屬；多謝醫生",
        "第486章第51條，第十三条；第三街道辦；女士們先生們；名字是匿名的",
        "born in 1956; a 48-year-old; seen 3/4/2024",
    ],
)
def test_what_is_no_name_stays(text: str) -> None:
    assert redact(text) == (text, ())


TOLD = "Mr Fong, 68, and Dr Hui Sze-man. 方先生、許思敏醫生、張希琳。A fan of Lok-hin's school."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mr Fong decides", True),
        ("Fong's wife asked Mrs Fong", True),
        ("Dr Hui is a trainee, Hui Sze-man", True),
        ("方先生同許醫生", True),
        ("病人張希琳", True),
        ("Mr Fan decides", False),
        ("Mr Fong Tai-man decides", False),
        ("張先生", False),
        ("希先生方小明", False),
    ],
)
def test_people_of_the_case_may_be_named(text: str, kept: bool) -> None:
    assert (redact(text, told=TOLD)[0] == text) is kept


def test_other_data_of_a_case_is_no_excuse() -> None:
    text = "call 9123 4567"
    assert redact(text, told=text)[0] == "call [PHONE]"


@given(
    st.text(
        alphabet="陳李王方高許小明醫生先生病人住在市區路號123室樓，：Mr. ChanTai,-F/l()",
        max_size=120,
    )
)
def test_a_second_time_changes_nothing(text: str) -> None:
    once, _ = redact(text)
    assert redact(once)[0] == once


@pytest.mark.parametrize(
    "pattern",
    ["市", "區路", "市x", "路1號", "邨", "邨1座", "陳", "陳小明", "Mr Chan, ", "Chan ", "A", "A-"]
    + ["Flat ", "1室", "路1", "住", "Dr. ", "Flat 1, ", "12 Ab Road, ", "Tower 1 "],
)  # fmt: skip
def test_no_text_takes_long(pattern: str) -> None:
    text = (pattern * 8000)[:8000]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "question",
    ["陳先生今早血糖22，要打幾多胰島素？", "Mr Chan's creatinine is 300, should I stop the drug?"],
)
def test_somebody_in_particular_is_still_heard_in_a_redacted_question(question: str) -> None:
    redacted, kinds = redact(question)
    assert kinds == ("name",)
    assert PERSON.search(redacted) or PERSON_HAN.search(redacted)
