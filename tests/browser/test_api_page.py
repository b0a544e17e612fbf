"""The page of the API's document, in a browser that keeps the Content-Security-Policy."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_call_is_tried_on_the_page_with_the_session_of_the_browser(person: Callable[..., Page]) -> None:
    page = person("ada")
    page.goto("/api/v1/docs")
    post = page.locator("#operations-threads-post_thread")
    post.locator(".opblock-summary").click()
    post.get_by_role("button", name="Try it out").click()
    post.locator("textarea").fill('{"space": "lobby", "title": "From the page", "body": "Tried."}')
    post.get_by_role("button", name="Execute").click()
    answer = post.locator(".live-responses-table tbody").first
    expect(answer).to_contain_text("201")
    expect(answer).to_contain_text("From the page")
