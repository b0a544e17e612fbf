"""The text of a public copy: links lead to what is public, and to nothing inside."""

from threads.rendering.public import copied_html, practices_linked, public_html


def test_public_html_leaves_nothing_that_leads_inside() -> None:
    made = public_html('<p>a <a href="/practices/5/#x">b</a> <a href="/practices/6/">c</a> &lt;i&gt;</p>', {5: "/p/b/"})
    assert made == '<p>a <a href="/p/b/">b</a> (inside the network) &lt;i&gt;</p>'
    assert public_html(made, {5: "/p/b/"}).count("(inside the network)") == 2


def test_a_copy_keeps_what_it_links_to_until_it_is_read() -> None:
    html = '<p><a href="/practices/5/#x">b</a> <a href="/threads/6/">c</a> <a href="/practices/5x/">d</a></p>'
    kept = copied_html(html)
    assert kept == '<p><a href="/practices/5/">b</a> (inside the network) (inside the network)</p>'
    assert practices_linked(kept) == {5}
    assert (copied_html(kept), public_html(kept)) == (kept, public_html(html))
    assert '<a href="/p/b/">b</a>' in public_html(kept, {5: "/p/b/"})
