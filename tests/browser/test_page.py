"""A page in a notebook's frame: its scripts run, and cannot reach what is around it."""

from __future__ import annotations

import pytest

from netlab.charts import Page

pytestmark = pytest.mark.browser

SCRIPTED = """<!doctype html><html lang="en"><body><p id="said">not run</p><script>
const said = document.getElementById("said");
try { said.textContent = parent.document.title } catch (error) { said.textContent = error.name }
</script></body></html>"""


def test_a_script_runs_and_the_notebook_around_it_is_out_of_reach(browser):
    page = browser.new_page()
    page.set_content(f"<title>secret</title>{Page(SCRIPTED, 'Quotes')._repr_mimebundle_()['text/html']}")
    assert page.frame_locator("iframe").locator("#said").inner_text() == "SecurityError"
    page.close()
