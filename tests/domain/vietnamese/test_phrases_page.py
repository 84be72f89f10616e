from tests.domain.vietnamese.phrases_page import PAGE, page
from tests.domain.vietnamese.table import labelled_sentences


def test_the_page_of_phrases_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_heading_has_an_example_on_the_page() -> None:
    sentences = labelled_sentences()
    shown = {sentence.heading for sentence in sentences if sentence.shown}
    assert shown >= {sentence.heading for sentence in sentences} - {"Thêm: cách viết khác"}
