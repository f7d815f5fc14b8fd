import pytest

from ingest import Language, detect_language, to_simplified, to_traditional


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The patient refuses.", "en"),
        ("病人拒絕把檢測結果告訴妹妹。", "zh-Hant"),
        ("患者拒绝把检测结果告诉妹妹。", "zh-Hans"),
        ("唔可以私下 WeChat 佢個妹㗎", "zh-Hant"),
        ("我用ChatGPT写discharge summary可以吗", "zh-Hans"),
        ("The term 知情同意 means that a patient was told and agreed.", "en"),
        ("", "en"),
        ("12 / 34", "en"),
    ],
)
def test_a_language_is_told_by_its_characters(text: str, language: Language) -> None:
    assert detect_language(text) == language


def test_characters_of_both_scripts_take_the_fallback() -> None:
    assert detect_language("人工智能", fallback="zh-Hans") == "zh-Hans"
    assert detect_language("人工智能", fallback="zh-Hant") == "zh-Hant"
    assert detect_language("人工智能", fallback="en") == "zh-Hant"
    assert detect_language("42", fallback="zh-Hans") == "zh-Hans"


def test_traditional_becomes_simplified_and_english_stays() -> None:
    assert to_simplified("個人資料（私隱）條例") == "个人资料（私隐）条例"
    assert to_simplified("consent") == "consent"


def test_a_very_long_text_is_judged_by_its_beginning() -> None:
    assert detect_language("患者拒绝" * 50_000) == "zh-Hans"


def test_simplified_becomes_traditional_by_its_context() -> None:
    assert to_traditional("头发和发现") == "頭髮和發現"
    assert to_traditional("consent") == "consent"
