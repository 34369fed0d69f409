"""A long select is written at once, and nothing in it is taken for HTML."""

from fieldsvc.office.options import options


def test_values_and_words_are_escaped_and_one_is_chosen() -> None:
    made = str(options([('a"b', "王<一>（农业局）"), ("c", "李 & 张")], "c"))
    assert made == (
        '<option value="a&quot;b">王&lt;一&gt;（农业局）</option><option value="c" selected>李 &amp; 张</option>'
    )
