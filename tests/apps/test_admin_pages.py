"""Pages of an admin as values: what a browser would send, what stands in a list, what was said."""

# ruff: noqa: E501 (lines of HTML)

from __future__ import annotations

from netlab.apps.admin_pages import read

FORM = """
<form id="logout-form" method="post" action="/admin/logout/"><input type="hidden" name="csrfmiddlewaretoken" value="x"></form>
<div id="content"><h1>Change <b>stock</b></h1>
<form method="post" id="stock_form">
<input type="hidden" name="csrfmiddlewaretoken" value="secret">
<ul class="errorlist" id="id_name_error"><li>This field is required.</li></ul>
<div><label for="id_name">Name:</label><input type="text" name="name" value="Fish &amp; Chips"></div>
<input type="checkbox" name="ticked" checked><input type="checkbox" name="empty">
<select name="one"><option value="">-</option><option value="2" selected>Two</option></select>
<select name="none"><option value="first">F</option><option value="second">S</option></select>
<select name="many" multiple><option value="a" selected>A</option><option value="b">B</option><option value="c" selected>C</option></select>
<textarea name="text">
two
lines</textarea>
<div class="flex-container"><label>Told:</label><div class="readonly">Never</div></div>
<input type="text" name="locked" value="1" disabled>
<input type="submit" name="_save" value="Save">
</form></div>
"""
LIST = """
<ul class="messagelist"><li class="success">It was <a href="/x">done</a>.</li></ul>
<details data-filter-title="stock" open></details>
<form id="changelist-form" method="post">
<table id="result_list"><thead><tr>
<th class="action-checkbox-column"><span><input type="checkbox" id="action-toggle"></span></th>
<th class="sortable"><div class="sortoptions"><span class="sortpriority">2</span></div><div class="text"><a href="?o=1">Ticker</a></div></th>
<th><div class="text"><span>Active</span></div></th></tr></thead>
<tbody><tr><td class="action-checkbox"><input type="checkbox" name="_selected_action" value="1"></td>
<th class="field-ticker"><a href="/1/">AAPL</a></th><td><img src="yes.svg" alt="True"></td></tr>
<tr><td class="action-checkbox"><input type="checkbox" name="_selected_action" value="2"></td>
<th class="field-ticker"><input type="text" name="form-1-ticker" value="IBM"></th><td><img src="no.svg" alt="False"></td></tr>
</tbody></table></form>
"""


def test_a_form_holds_what_a_browser_would_send_as_it_stands():
    form = read(FORM).form
    assert form is not None
    assert form.fields == [
        ("csrfmiddlewaretoken", "secret"),
        ("name", "Fish & Chips"),
        ("ticked", "on"),
        ("one", "2"),
        ("none", "first"),
        ("many", "a"),
        ("many", "c"),
        ("text", "two\nlines"),
    ]


def test_a_box_that_is_not_ticked_has_a_name_all_the_same():
    form = read(FORM).form
    assert "empty" in form.names
    assert "locked" not in form.names
    assert "_save" not in form.names


def test_the_log_out_is_not_the_form_of_a_page():
    assert read(FORM).form.id == "stock_form"
    assert read('<form id="logout-form" method="post" action="/admin/logout/"></form>').form is None


def test_what_a_form_says():
    page = read(FORM)
    assert page.title == "Change stock"
    assert page.errors == ["This field is required."]
    assert page.read_only == {"Told": "Never"}
    assert page.options["many"] == ["a", "b", "c"]


def test_that_there_are_errors_is_left_out_when_they_are_told():
    note = '<p class="errornote">Please correct the error below.</p>'
    assert read(note).errors == ["Please correct the error below."]
    assert read(note + FORM).errors == ["This field is required."]


def test_a_list_has_its_titles_rows_messages_and_filters():
    page = read(LIST)
    assert page.head == ["Ticker", "Active"]
    assert page.rows == [["AAPL", "True"], ["IBM", "False"]]
    assert page.messages == ["It was done."]
    assert page.filters == ["stock"]


def test_scripts_say_nothing():
    assert read("<h1>A<script>var x = '<b>';</script></h1>").title == "A"
