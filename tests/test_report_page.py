"""The report's page in a real, headless Chromium: what it shows, filters, copies and prints, and that nothing leaves it.

Every test fails on a message in the console, an error, a violation of the page's policy, or a request for anything but
the file itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="the report needs the extra rolecall[report]")

from page import ACCOUNT, Watched, browser, chromium, finding, function, in_code, told, wiring, written
from playwright.sync_api import Browser, Page, expect

from rolecall.overlay import team
from rolecall.report.make import make
from rolecall.report.wirings import resource_id

if chromium() is None and not os.environ.get("CI"):
    pytest.skip("no Chromium here: ROLECALL_CHROMIUM names one", allow_module_level=True)

DATA = Path(__file__).with_name("data") / "report"
ORDERS, MAILER, OTHER = function("shop-orders"), function("shop-mailer"), function("audit", "210987654321", "eu-central-1")
CODE = in_code("shop-orders", "aws_lambda_function.orders")
RESOURCE = f"resource={resource_id(ORDERS['arn'])}"
WIRINGS = [
    wiring(
        ORDERS,
        role={"name": "shop-orders-role", "arn": None, "address": None, "state": "there", "status": "FAIL",
              "rules": ["RC103"]},
        invokers=[{"kind": "sns", "what": "The SNS topic orders", "rule": "RC304", "status": "PASS", "message": "It may.",
                   "role": None},
                  {"kind": "scheduler", "what": "The schedule nightly", "rule": "RC320", "status": "UNKNOWN",
                   "message": "Its role could not be read.", "role": "nightly-role"}],
        sources=[{"service": None, "what": "The SQS queue work", "arn": None, "status": None, "rules": []}],
        destinations=[{"purpose": "dead-letter queue", "what": "The SQS queue dead", "arn": None, "status": "FAIL",
                       "rules": ["RC127"]}],
        more=True,
        left_out={"invokers": 3},
    ),
    wiring(CODE, role={"name": None, "address": "aws_iam_role.orders", "state": "missing", "status": "FAIL"}),
    wiring(function("nobody")),  # no row is on it
    {"event": "wiring", "wiring": {"framework": "live", "function": ORDERS, "invokers": "<script>"}},
    {"event": "wiring", "wiring": None},
]  # fmt: skip
LINES = [
    finding("RC103", "FAIL", ORDERS, "critical"),
    finding("RC103", "FAIL", CODE, "critical"),
    finding("RC103", "PASS", MAILER, "critical"),
    finding("RC103", "FAIL", OTHER, "critical"),
    finding("RC341", "UNKNOWN", ORDERS, "medium", message="lambda:GetPolicy was denied."),
    finding("RC341", "FAIL", MAILER, "medium"),
    finding("RC124", "PASS", ORDERS, "low"),
    finding("RC124", "ERROR", OTHER, "low", message="RC124 broke on audit: KeyError('x')."),
    finding("RC126", "MUTED", OTHER, "high", evidence=["skipped: the team knows"]),
    *WIRINGS,
]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def watched(chrome: Browser) -> Iterator[Watched]:
    one = Watched(chrome)
    yield one
    one.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("shop"), LINES)


def shown(page: Page) -> int:
    return int(page.locator("#shown").inner_text().split(" ")[0].replace(",", ""))


def lines(page: Page) -> list[str]:
    """The lines in sight: the rule and the resource of each."""
    return [f"{line.locator('.rule b').inner_text()} {line.locator('.resource .name').first.inner_text()}"
            for line in page.locator(".line:not(.group)").all()]  # fmt: skip


def where(page: Page) -> str:
    return page.evaluate("location.hash")


def test_the_numbers_are_those_of_the_report(watched: Watched, tmp_path: Path) -> None:
    page_file = written(tmp_path, LINES, str(DATA / "checkov.json"), str(DATA / "prowler.ocsf.json"))
    report = told(page_file)
    page = watched.open(page_file)
    tiles = [tile.inner_text().split() for tile in page.locator(".tiles a").all()]
    assert {status: int(number) for number, status in tiles} == report["summary"]["status"]
    assert shown(page) == sum(row["status"] != "PASS" for row in report["rows"])
    assert f"of {report['summary']['rows']} rows" in page.locator("#shown").inner_text()
    severities = page.locator(".chart", has_text="by severity").locator(".bar")
    failing = [row for row in report["rows"] if row["status"] == "FAIL"]
    for severity, number, code, live in [
        (s, sum(row["severity"] == s for row in failing), report["summary"]["fail"][s]["code"],
         report["summary"]["fail"][s]["account"]) for s in ("critical", "medium")
    ]:  # fmt: skip
        bar = severities.filter(has_text=severity)
        assert bar.locator(".bar-count").inner_text() == str(number)
        assert f"{code} in code, {live} in account" in bar.inner_text()
    found = page.locator(".chart", has_text="Code against cloud").locator(".bar-count").all_inner_texts()
    assert sum(map(int, found)) == sum(report["summary"]["found"].values()) == len(failing)
    assert "could not parse src/broken.yaml" in page.locator(".problems").inner_text()


@pytest.mark.parametrize(
    ("hash_", "fits"),
    [
        ("", lambda row: row["status"] != "PASS"),
        ("status=FAIL", lambda row: row["status"] == "FAIL"),
        ("status=PASS,ERROR", lambda row: row["status"] in ("PASS", "ERROR")),
        ("severity=medium", lambda row: row["severity"] == "medium" and row["status"] != "PASS"),
        ("rule=RC103", lambda row: row["rule"] == "RC103" and row["status"] != "PASS"),
        (f"account={ACCOUNT}", lambda row: row["account"] == ACCOUNT and row["status"] != "PASS"),
        ("region=eu-central-1", lambda row: row["region"] == "eu-central-1" and row["status"] != "PASS"),
        ("found=both", lambda row: row["found"] == "both"),
        ("q=AUDIT", lambda row: row["resource"] == "audit" and row["status"] != "PASS"),
        ("q=audit-role", lambda row: row["resource"] == "audit" and row["status"] in ("FAIL", "MUTED")),
        ("q=edgelambda+shop-mailer", lambda row: row["resource"] == "shop-mailer" and row["status"] == "FAIL"),
        ("q=main.tf", lambda row: row["found"] == "both"),
        ("q=no such thing", lambda row: False),
    ],
)
def test_filters(watched: Watched, shop: Path, hash_: str, fits: Callable[[dict[str, Any]], bool]) -> None:
    wanted = [f"{row['rule']} {row['resource']}" for row in told(shop)["rows"] if fits(row)]
    page = watched.open(shop, hash_)
    assert shown(page) == len(wanted)
    assert lines(page) == wanted
    assert page.locator("#nothing").is_visible() == (not wanted)


def test_the_controls_filter_and_the_address_keeps_it(watched: Watched, shop: Path) -> None:
    page = watched.open(shop)
    page.get_by_role("checkbox", name="UNKNOWN").uncheck()
    page.get_by_label("severity").select_option("critical")
    page.get_by_label("Search").press_sequentially("shop")
    expect(page.locator("#shown")).to_have_text("1 of 8 rows")
    page.wait_for_function("location.hash.includes('q=shop')")
    again = watched.open(shop, where(page).removeprefix("#"))
    assert lines(again) == lines(page) == ["RC103 shop-orders"]
    assert again.get_by_label("Search").input_value() == "shop"
    assert not again.get_by_role("checkbox", name="UNKNOWN").is_checked()
    assert again.get_by_label("severity").input_value() == "critical"
    page.get_by_role("button", name="Clear").click()
    assert (where(page), shown(page)) == ("", 6)


def test_back_undoes_each_step(watched: Watched, shop: Path) -> None:
    page = watched.open(shop)
    page.locator(".bar", has_text="medium").click()
    assert where(page) == "#status=FAIL&severity=medium"
    page.locator(".line").first.click()
    expect(page.get_by_role("heading", name="shop-mailer")).to_be_visible()
    page.go_back()
    expect(page.locator(".line")).to_have_count(1)
    assert where(page) == "#status=FAIL&severity=medium"
    page.go_back()
    expect(page.locator("#shown")).to_have_text("6 of 8 rows")


@pytest.mark.parametrize("what", ["#q=%E0%A4%A", "#status=&severity=,&x=1", "#resource=nothing", "#group=evil", "#at=%00"])
def test_any_address_shows_something(watched: Watched, shop: Path, what: str) -> None:
    page = watched.open(shop, what.removeprefix("#"))
    assert page.locator("h2:visible").count()


def test_groups(watched: Watched, shop: Path) -> None:
    page = watched.open(shop)
    page.get_by_label("group by").select_option("resource")
    groups = page.locator(".group")
    assert [group.inner_text().split()[0] for group in groups.all()] == ["audit", "shop-orders", "shop-mailer"]
    assert page.locator(".list").get_attribute("role") == "treegrid"
    groups.first.click()
    assert groups.first.get_attribute("aria-expanded") == "false"
    assert page.locator(".line:not(.group)").count() == 3
    page.get_by_label("group by").select_option("rule")
    assert [group.locator("b").inner_text() for group in groups.all()] == ["RC103", "RC341", "RC124", "RC126"]
    groups.nth(1).press("ArrowLeft")
    assert page.locator(".line:not(.group)").count() == 4


def test_the_page_of_a_resource(watched: Watched, shop: Path) -> None:
    page = watched.open(shop, RESOURCE)
    assert page.title() == "shop-orders – Rolecall report"
    facts = page.locator(".facts").inner_text()
    assert ORDERS["arn"] in facts and ACCOUNT in facts and "main.tf:1-7 aws_lambda_function.orders" in facts
    assert "probably the same: type and name" in facts
    first = page.locator(".finding").first
    assert first.get_attribute("data-rule") == "RC103"
    text = first.inner_text()
    for said in ("in code and live – probably the same", "Lambda cannot assume shop-orders-role.", "main.tf:1-7",
                 "statement 1 admits the service edgelambda.amazonaws.com", "Admit lambda.amazonaws.com"):  # fmt: skip
        assert said in text
    assert page.locator(".passing").inner_text() == "1 control passes"
    links = page.locator(".about a").evaluate_all("all => all.map((one) => one.href)")
    assert links and all(link.startswith("https://") for link in links)


def test_what_is_wired_is_drawn_and_said(watched: Watched, shop: Path) -> None:
    page = watched.open(shop, RESOURCE)
    live, code = page.locator(".wiring").all()
    assert "in the account" in live.inner_text() and "in code (terraform) main.tf:1" in code.inner_text()
    assert live.locator(".edge").count() == 5
    assert live.locator(".edge.FAIL").count() == live.locator(".mark.FAIL").count() == 2
    assert set(live.locator(".mark.FAIL").all_inner_texts()) == {"✕ broken"}
    assert live.locator(".edge.FAIL").first.evaluate("edge => getComputedStyle(edge).strokeDasharray") != "none"
    assert live.locator(".edge.PASS").evaluate("edge => getComputedStyle(edge).strokeDasharray") == "none"
    assert live.locator("svg title").first.evaluate("title => title.textContent").startswith("What is wired to shop-orders")
    assert live.locator(".in-words li").all_inner_texts() == [
        "invokes it: The SNS topic orders – works (RC304)",
        "invokes it, with the role nightly-role: The schedule nightly – not known (RC320)\nIts role could not be read.",
        "is polled for it: The SQS queue work – not judged",
        "execution role: shop-orders-role – broken (RC103)",
        "dead-letter queue: The SQS queue dead – broken (RC127)",
    ]
    assert "3 more edges" in live.inner_text() and "may be more that invokes it" in live.inner_text()
    assert code.locator(".box.lost").inner_text().split("\n")[-1:] or code.locator(".box.lost").count() == 1
    assert "execution role, is missing: aws_iam_role.orders – broken" in code.inner_text()
    assert watched.open(shop, f"resource={resource_id(MAILER['arn'])}").locator(".wiring").count() == 0


@pytest.mark.parametrize("denied", [False, True], ids=["clipboard", "clipboard denied"])
def test_copying(watched: Watched, shop: Path, denied: bool) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched.open(shop, RESOURCE)
    if denied:
        page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
    first = page.locator(".finding").first
    first.get_by_role("tab", name="Terraform").click()
    first.get_by_role("button", name="Copy Terraform").click()
    expect(page.locator("#said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == '# of shop-orders\nassume_role_policy = "{}"'
    assert first.get_by_role("button", name="Copy AWS CLI").count() == 0  # of the tab that is not chosen


def test_by_keyboard_alone(watched: Watched, shop: Path) -> None:
    page = watched.open(shop)
    focused = "(document.activeElement.closest('.line') || document.activeElement).innerText"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Skip to the findings"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "findings"
    page.keyboard.press("/")
    page.keyboard.type("shop")
    expect(page.locator("#shown")).to_have_text("3 of 8 rows")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "RC341" in page.evaluate(focused) and "shop-mailer" in page.evaluate(focused)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert "RC103" in page.evaluate(focused)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H3"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "tab"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    page.keyboard.press("Escape")
    assert "RC103" in page.evaluate(focused)
    assert page.locator(".line[tabindex='0']").count() == 1


CONTRAST = """(selector) => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const shine = (color) => {
    const [r, g, b] = parts(color).slice(0, 3).map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const under = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (parts(color)[3] !== 0) return color;
    }
  };
  return [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((element) => {
    const [one, other] = [shine(getComputedStyle(element).color), shine(under(element))].sort((a, b) => b - a);
    return [(one + 0.05) / (other + 0.05), element.outerHTML.slice(0, 90)];
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("hash_", ["status=FAIL,ERROR,UNKNOWN,MUTED,PASS", RESOURCE])
def test_contrast(chrome: Browser, shop: Path, scheme: Any, hash_: str) -> None:
    """WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum"""
    watched = Watched(chrome, color_scheme=scheme)
    page = watched.open(shop, hash_)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 21, 28)"
    assert dark == (scheme == "dark")
    ratios = page.evaluate(CONTRAST, ".pill, a, small, p, button, label, summary, dt, dd, h2, h3, h4, li, .severity")
    assert len(ratios) > 30
    assert [ratio for ratio in ratios if ratio[0] < 4.5] == []
    watched.close()


def test_on_paper_all_is_said(watched: Watched, shop: Path) -> None:
    page = watched.open(shop, "status=FAIL")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = page.locator("#print")
    assert paper.locator(".finding").count() == 3
    for said in ("3 of 8 rows: status FAIL", "statement 1 admits", "AWS CLI", "# of shop-mailer", "file://trust.json"):
        assert said in paper.inner_text()
    assert page.locator("#overview").is_visible()
    assert not page.locator("#filter").is_visible() and not page.locator("#list").is_visible()
    assert not page.locator(".copy").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert paper.locator(".finding").count() == 0
    assert page.pdf().startswith(b"%PDF")


HOSTILE = (
    '<img src="https://example.com/x.png" onerror="window.broken = 1">',
    "</script><script>window.broken = 1</script>",
    "<!--<script>",
    "\"' onfocus=window.broken=1 autofocus x='",
    "{{ 7 * 7 }} {% raw %}",
    "ab\u202egnp.exe\u2066\u0007",
    "x" * 3000,
    "javascript:window.broken=1",
    "\u2028\u2029\ue000\ue001&lt;b&gt;&amp;",
    "שלום עולם",
)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_stay_text(watched: Watched, tmp_path: Path, name: str) -> None:
    there = {**in_code(name, name, file=name), "type": name, "region": name, "account": name}
    fix = dict.fromkeys(("text", "cli", "terraform", "cloudformation", "serverless"), name)
    said = finding("RC103", "FAIL", there, message=name, evidence=[name], remediation=fix)
    foreign = {**said, "rule": name, "title": name}
    drawn = wiring(there, role={"name": name, "status": "FAIL"}, invokers=[{"what": name, "message": name}])
    page_file = written(tmp_path, [said, foreign, drawn, {"event": "unread", "host": "checkov", "what": name}])
    rows = told(page_file)["rows"]
    page = watched.open(page_file)
    assert sorted(page.locator(".line .resource .name").first.text_content() for _ in "1") == [rows[0]["resource"]]
    page.locator(".line").first.click()
    assert page.locator("#resource-title").text_content() == rows[0]["resource"]
    assert page.locator(".wiring").count() == 1
    message = rows[0]["in_code"]["results"][0]["message"]
    assert page.locator(".finding .message").first.text_content() == message
    assert page.locator(".copyable code").first.evaluate("code => code.textContent") == rows[0]["in_code"]["results"][0][
        "remediation"
    ]["terraform"]
    assert page.evaluate("document.scripts.length") == 3 and page.locator("img, iframe, object").count() == 0
    assert page.evaluate("window.broken") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#print .finding").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_else_may_run_or_load(watched: Watched, shop: Path) -> None:
    """The policy itself: what a hole in the page would let in does nothing."""
    page = watched.open(shop)
    page.evaluate("""() => {
      const script = document.createElement('script');
      try { script.text = 'window.broken = 1'; } catch { script.append('window.broken = 1'); }
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'https://example.com/x.png';
      document.body.append(image);
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.broken") is None
    refused = [said for said in watched.complaints if "Content Security Policy" in said or "Trusted" in said]
    assert len(refused) >= 2 and refused == watched.complaints
    watched.complaints.clear()
    assert page.evaluate("() => { try { document.body.innerHTML = '<b>'; return 'set'; } catch (e) { return e.name; } }") == "TypeError"
    watched.complaints.clear()


def test_without_scripts(chrome: Browser, shop: Path) -> None:
    watched = Watched(chrome, java_script_enabled=False)
    page = watched.open(shop)
    text = page.locator("body").inner_text()
    for status, number in told(shop)["summary"]["status"].items():
        assert f"{number} {status}" in " ".join(text.split())
    table = page.locator(".static tbody tr")
    assert [row.locator("td").nth(3).inner_text().split("\n")[0] for row in table.all()] == [
        row["resource"] for row in told(shop)["rows"]
    ]
    assert not page.locator("#filter").is_visible()
    watched.close()


def test_waivers_and_a_baseline(watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written(tmp_path, [finding("RC103", "FAIL", ORDERS), finding("RC341", "FAIL", OTHER)])
    overlay = tmp_path / "rolecall.yaml"
    overlay.write_text("""version: 1
waivers:
  - {rule: RC341, resource: shop-mailer, reason: "<b>replaced</b> soon", owner: platform, expires: 2999-03-31}
  - {rule: RC103, resource: shop-orders, reason: legacy, owner: shop, expires: 2020-01-31}
""")
    monkeypatch.setenv("ROLECALL_CONFIG", str(overlay))
    team.cache_clear()
    try:
        (tmp_path / "after").mkdir()
        trace = written(tmp_path / "after", LINES).with_name("trace.jsonl")
        make([str(trace)], tmp_path / "after", ("html", "json"), baseline=str(before.with_name("report.json")))
    finally:
        monkeypatch.undo()
        team.cache_clear()
    page = watched.open(tmp_path / "after" / "report.html", f"resource={resource_id(MAILER['arn'])}")
    assert page.locator(".waived").inner_text() == "Waived: <b>replaced</b> soon · owner platform · until 2999-03-31"
    page.get_by_role("link", name="All findings").click()
    waivers = page.get_by_role("region", name="Waivers")
    assert "Expired: what they muted counts again (1)" in waivers.inner_text()
    assert waivers.get_by_text("2020-01-31").is_visible()
    waivers.get_by_text("Holding (1)").click()
    assert waivers.get_by_text("<b>replaced</b> soon").is_visible()
    page.get_by_label("baseline").select_option("new")
    assert lines(page) == ["RC103 audit"]
    assert page.locator(".line .new").inner_text() == "new"
    page.get_by_text("1 fault").click()
    assert page.get_by_text("gone high RC341 audit").is_visible()
