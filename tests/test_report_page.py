"""The report's page in a real, headless Chromium: what it shows, filters, copies, prints, and that nothing leaves it.

Every test fails on a message in the console, an error, a violation of the page's policy, or a request for anything but
the file itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="the report needs the extra rolecall[report]")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from rolecall.findings import TRACE_SCHEMA, Finding, Remediation, Status, to_record
from rolecall.model import Location
from rolecall.overlay import team
from rolecall.report.outputs.html import MOST_ROWS
from rolecall.report.outputs.html_rows import MOST_RESULTS
from rolecall.report.wirings import resource_id
from tests.report_browser import Watched, browser, chromium, told, wiring
from tests.report_inputs import ACCOUNT, CHECKOV, PROWLER, code, file_of, live, report

if chromium() is None and not os.environ.get("CI"):
    pytest.skip("no Chromium here: ROLECALL_CHROMIUM names one", allow_module_level=True)

FORMATS = ("html", "json")
FAIL, UNKNOWN, PASS = Status.FAIL, Status.UNKNOWN, Status.PASS


def wrong(finding: Finding, severity: str = "critical") -> Finding:
    """The finding with all that is said of a fault."""
    name = finding.resource.name
    return finding._replace(
        severity=severity,
        message=f"Lambda cannot assume {name}-role.",
        evidence=("statement 1 admits the service edgelambda.amazonaws.com",),
        remediation=Remediation(
            f"Admit lambda.amazonaws.com in the trust policy of {name}-role.",
            f"aws iam update-assume-role-policy --role-name {name}-role --policy-document file://trust.json",
            f'# of {name}\nassume_role_policy = "{{}}"',
        ),
    )


def elsewhere(rule: str, status: Status, **more: Any) -> Finding:
    return live("audit", status, "eu-central-1", account="210987654321", rule=rule, **more)


ORDERS, CODE, MAILER = wrong(live()), wrong(code()), wrong(live("shop-mailer", rule="RC341"), "medium")
FINDINGS = (
    ORDERS,
    CODE,
    MAILER,
    live("shop-mailer", PASS, severity="critical"),
    wrong(elsewhere("RC103", FAIL)),
    live(status=UNKNOWN, rule="RC341", severity="medium", message="lambda:GetPolicy was denied."),
    live(status=PASS, rule="RC124", severity="low"),
    elsewhere("RC124", Status.ERROR, severity="low", message="RC124 broke on audit: KeyError('x')."),
    wrong(elsewhere("RC126", Status.MUTED), "high"),
)
WIRINGS = (
    wiring(
        ORDERS,
        role={"name": "shop-orders-role", "arn": None, "address": None, "state": "there", "status": "FAIL",
              "rules": ["RC103"]},
        invokers=[{"kind": "sns", "what": "The SNS topic orders", "rule": "RC304", "status": "PASS",
                   "message": "It may.", "role": None},
                  {"kind": "scheduler", "what": "The schedule nightly", "rule": "RC320", "status": "UNKNOWN",
                   "message": "Its role could not be read.", "role": "nightly-role"}],
        sources=[{"service": None, "what": "The SQS queue work", "arn": None, "status": None, "rules": []}],
        destinations=[{"purpose": "dead-letter queue", "what": "The SQS queue dead", "arn": None, "status": "FAIL",
                       "rules": ["RC127"]}],
        more=True,
        left_out={"invokers": 3},
    ),
    wiring(CODE, role={"name": None, "address": "aws_iam_role.orders", "state": "missing", "status": "FAIL"}),
    wiring(live("nobody")),  # no row is on it
    wiring(MAILER, invokers="<script>"),
    wiring(MAILER, role={"status": "EVIL"}),
    '{"schema": "rolecall/trace/1", "event": "wiring", "wiring": null}\n',
)  # fmt: skip


def page_of(finding: Finding) -> str:
    """The address of the page of what a finding in the account is on."""
    return f"resource={resource_id(str(finding.resource.arn))}"


def written(folder: Path, *inputs: Finding | str, **wanted: Any) -> Path:
    """The page of a report."""
    report(folder, *inputs, formats=FORMATS, **wanted)
    return folder / "out" / "report.html"


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
    folder = tmp_path_factory.mktemp("shop")
    return written(folder, *FINDINGS, file_of(folder, "wirings.jsonl", "".join(WIRINGS)))


def shown(page: Page) -> int:
    return int(page.locator("#shown").inner_text().split(" ")[0].replace(",", ""))


def lines(page: Page) -> list[str]:
    """The lines in sight: the rule and the resource of each."""
    return [f"{line.locator('.rule b').inner_text()} {line.locator('.resource .name').first.inner_text()}"
            for line in page.locator(".line:not(.group)").all()]  # fmt: skip


def where(page: Page) -> str:
    return page.evaluate("location.hash")


def test_the_numbers_are_those_of_the_report(watched: Watched, tmp_path: Path) -> None:
    file = written(tmp_path, *FINDINGS, CHECKOV, PROWLER)
    report = told(file)
    page = watched.open(file)
    tiles = [tile.inner_text().split() for tile in page.locator(".tiles a").all()]
    assert {status: int(number) for number, status in tiles} == report["summary"]["status"]
    assert shown(page) == sum(row["status"] != "PASS" for row in report["rows"])
    assert f"of {report['summary']['rows']} rows" in page.locator("#shown").inner_text()
    severities = page.locator(".chart", has_text="by severity").locator(".bar")
    failing = [row for row in report["rows"] if row["status"] == "FAIL"]
    for severity, number, in_code, in_account in [
        (s, sum(row["severity"] == s for row in failing), report["summary"]["fail"][s]["code"],
         report["summary"]["fail"][s]["account"]) for s in ("critical", "medium")
    ]:  # fmt: skip
        bar = severities.filter(has_text=severity)
        assert bar.locator(".bar-count").inner_text() == str(number)
        assert f"{in_code} in code, {in_account} in account" in bar.inner_text()
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
    page.locator("#filter").get_by_label("severity").select_option("critical")
    page.get_by_label("Search").press_sequentially("shop")
    expect(page.locator("#shown")).to_have_text("1 of 8 rows")
    expect(page).to_have_url(re.compile("q=shop"))
    again = watched.open(shop, where(page).removeprefix("#"))
    assert lines(again) == lines(page) == ["RC103 shop-orders"]
    assert again.get_by_label("Search").input_value() == "shop"
    assert not again.get_by_role("checkbox", name="UNKNOWN").is_checked()
    assert again.locator("#filter").get_by_label("severity").input_value() == "critical"
    again.close()
    page.get_by_role("button", name="Clear").click()
    assert (where(page), shown(page)) == ("", 6)
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    assert (where(page), shown(page)) == ("#status=none", 0)


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


@pytest.mark.parametrize(
    "what", ["#q=%E0%A4%A", "#status=&severity=,&x=1", "#resource=nothing", "#group=evil", "#at=%00"]
)
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
    page = watched.open(shop, page_of(ORDERS))
    assert page.title() == "shop-orders – Rolecall report"
    facts = page.locator(".facts").inner_text()
    assert str(ORDERS.resource.arn) in facts and ACCOUNT in facts and "main.tf:1-7 aws_lambda_function.orders" in facts
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


def test_a_row_of_many_results(watched: Watched, tmp_path: Path) -> None:
    found = [code(location=Location("main.tf", line, line + 1)) for line in range(1, 61)]
    page = watched.open(written(tmp_path, *found))
    page.locator(".line").click()
    assert page.locator(".result").count() == MOST_RESULTS
    assert "10 more results in the report’s other files" in page.locator(".side").inner_text()


def test_what_is_wired_is_drawn_and_said(watched: Watched, shop: Path) -> None:
    page = watched.open(shop, page_of(ORDERS))
    account, code = page.locator(".wiring").all()
    assert "in the account" in account.inner_text() and "in code (terraform) main.tf:1" in code.inner_text()
    assert account.locator(".edge").count() == 5
    assert account.locator(".edge.FAIL").count() == account.locator(".mark.FAIL").count() == 2
    assert set(account.locator(".mark.FAIL").all_text_contents()) == {"✕ broken"}
    assert account.locator(".edge.FAIL").first.evaluate("edge => getComputedStyle(edge).strokeDasharray") != "none"
    assert account.locator(".edge.PASS").evaluate("edge => getComputedStyle(edge).strokeDasharray") == "none"
    assert (
        account.locator("svg title")
        .first.evaluate("title => title.textContent")
        .startswith("What is wired to shop-orders")
    )
    assert account.locator(".in-words li").all_inner_texts() == [
        "invokes it: The SNS topic orders – works (RC304)",
        "invokes it, with the role nightly-role: The schedule nightly – not known (RC320)\nIts role could not be read.",
        "is polled for it: The SQS queue work – not judged",
        "execution role: shop-orders-role – broken (RC103)",
        "dead-letter queue: The SQS queue dead – broken (RC127)",
    ]
    assert "3 more edges" in account.inner_text() and "may be more that invokes it" in account.inner_text()
    assert "aws_iam_role.orders" in str(code.locator(".box.lost").text_content())
    assert "execution role, is missing: aws_iam_role.orders – broken" in code.inner_text()
    assert watched.open(shop, page_of(MAILER)).locator(".wiring").count() == 0


@pytest.mark.parametrize("denied", [False, True], ids=["clipboard", "clipboard denied"])
def test_copying(watched: Watched, shop: Path, denied: bool) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched.open(shop, page_of(ORDERS))
    if denied:
        page.evaluate(
            "() => { navigator.clipboard.writeText = async () => { throw new DOMException('', 'NotAllowedError'); }; }"
        )
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
    const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = parts(color).slice(0, 3).map((c) => linear(c / 255));
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
@pytest.mark.parametrize("hash_", ["status=FAIL,ERROR,UNKNOWN,MUTED,PASS", page_of(ORDERS)])
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
    "<!--<script ",
    "</script ",
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
    made = code(name, address=name, region=name, account=name, location=Location(name, 1, 2), message=name,
                evidence=(name,), remediation=Remediation(*[name] * 5))  # fmt: skip
    foreign = made._replace(rule=name, title=name)
    edges = {"role": {"name": name, "status": "FAIL"}, "invokers": [{"what": name, "message": name, "status": "FAIL"}]}
    unread = json.dumps({"schema": TRACE_SCHEMA, "event": "unread", "host": "checkov", "what": name}) + "\n"
    file = written(tmp_path, made, foreign, file_of(tmp_path, "more.jsonl", wiring(made, **edges) + unread))
    row = told(file)["rows"][0]
    page = watched.open(file)
    assert page.locator(".line .resource .name").first.text_content() == row["resource"]
    page.locator(".line").first.click()
    assert page.locator("#resource-title").text_content() == row["resource"]
    [result] = row["in_code"]["results"]
    assert page.locator(".finding .message").first.text_content() == result["message"]
    assert page.locator(".copyable code").first.text_content() == result["remediation"]["cli"]
    assert page.locator(".wiring .edge.FAIL").count() == 2
    assert page.locator("script").count() == 3 and page.locator("img, iframe, object").count() == 0
    assert fits(page)
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#print .finding").count() == 2
    assert fits(page)
    assert page.evaluate("window.broken") is None


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_nothing_else_may_run_or_load(watched: Watched, shop: Path) -> None:
    """The policy itself: what a hole in the page would let in does nothing."""
    page = watched.open(shop)
    policy = str(page.locator("meta[http-equiv]").get_attribute("content"))
    by_hash = re.sub(r"'sha256-[\w+/]{43}='", "HASH", policy)
    assert by_hash == (
        "default-src 'none'; style-src HASH; script-src HASH; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    refused: list[str | None] = []
    page.on("requestfailed", lambda request: refused.append(request.failure))
    page.evaluate("""() => {
      const script = document.createElement('script');
      script.append('window.broken = 1');
      const image = document.createElement('img');
      image.src = 'https://example.com/x.png';
      document.body.append(script, image);
      try { document.body.innerHTML = '<b>'; } catch (refused) { window.refused = refused.name; }
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("[window.broken, window.refused]") == [None, "TypeError"]
    assert refused == ["csp"]
    assert [
        said for said in watched.complaints if "Content Security Policy" not in said and "Trusted" not in said
    ] == []
    assert len(watched.complaints) >= 2
    watched.complaints.clear()
    watched.asked.discard("https://example.com/x.png")


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
    (tmp_path / "before").mkdir()
    before = written(tmp_path / "before", ORDERS, elsewhere("RC341", FAIL)).with_name("report.json")
    overlay = file_of(
        tmp_path,
        "rolecall.yaml",
        """version: 1
waivers:
  - {rule: RC341, resource: shop-mailer, reason: "<b>replaced</b> soon", owner: platform, expires: 2999-03-31}
  - {rule: RC103, resource: shop-orders, reason: legacy, owner: shop, expires: 2020-01-31}
""",
    )
    monkeypatch.setenv("ROLECALL_CONFIG", overlay)
    team.cache_clear()
    try:
        file = written(tmp_path, *FINDINGS, baseline=str(before))
    finally:
        monkeypatch.undo()
        team.cache_clear()
    page = watched.open(file, page_of(MAILER))
    assert page.locator(".waived").inner_text() == "Waived: <b>replaced</b> soon · owner platform · until 2999-03-31"
    page.get_by_role("link", name="All findings").click()
    waivers = page.get_by_role("region", name="Waivers")
    assert "Expired: what they muted counts again (1)" in waivers.inner_text()
    assert waivers.get_by_text("2020-01-31").is_visible()
    waivers.get_by_text("Holding (1)").click()
    assert waivers.get_by_text("<b>replaced</b> soon").is_visible()
    page.get_by_label("baseline", exact=False).and_(page.locator("select")).select_option("new")
    assert lines(page) == ["RC103 audit"]
    assert page.locator(".line .new").inner_text() == "new"
    page.get_by_text("1 fault").click()
    assert page.get_by_text("gone high RC341 audit").is_visible()


def test_more_rows_than_the_page_holds(watched: Watched, tmp_path: Path) -> None:
    """Rows are made cheaply: the lines of one function with other names."""
    file = written(tmp_path, many(tmp_path, MOST_ROWS + 10))
    assert file.stat().st_size < 25_000_000
    # the quickest of three first filters: other tests keep the machine busy
    assert min(watched.open(file).evaluate(TYPED, "fn-4711") for _ in range(3)) < FILTERS_WITHIN
    page = watched.open(file)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < LOADS_WITHIN
    assert "10 are not in it" in page.locator("#not-held").inner_text()
    assert page.locator("#shown").inner_text() == f"{MOST_ROWS:,} of {MOST_ROWS:,} rows"
    page.evaluate(TYPED, "fn-4711")
    assert page.locator("#shown").inner_text() == f"5 of {MOST_ROWS:,} rows"
    page.get_by_role("button", name="Clear").click()
    page.locator(".line").first.focus()
    page.keyboard.press("End")
    assert page.locator(".line:focus").get_attribute("aria-rowindex") == str(MOST_ROWS + 1)
    assert page.locator(".list").get_attribute("aria-rowcount") == str(MOST_ROWS + 1)
    assert page.locator("*").count() < 2000
    page.keyboard.press("PageUp")
    page.mouse.wheel(0, -100_000)
    page.locator("#filter").get_by_label("group by").select_option("resource")
    assert page.locator(".list").get_attribute("aria-rowcount") == str((MOST_ROWS + 10) // 5 + 1)
    assert page.locator("*").count() < 2000


LOADS_WITHIN, FILTERS_WITHIN = 5000, 200
TYPED = """async (text) => {
  const search = document.getElementById('search');
  search.value = text;
  const from = performance.now();
  search.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  return performance.now() - from;
}"""


def many(folder: Path, count: int) -> str:
    """A trace of that many findings, five on a function."""
    line = json.dumps(to_record(wrong(live("NAME", rule="RULE"))))
    rules = ("RC101", "RC103", "RC107", "RC124", "RC301")
    made = (line.replace("RULE", rules[n % 5]).replace("NAME", f"fn-{n // 5}") + "\n" for n in range(count))
    return file_of(folder, "many.jsonl", "".join(made))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "hash_", ["", "status=FAIL&group=resource", page_of(ORDERS)], ids=["all", "groups", "resource"]
)
def test_all_can_use_it(chrome: Browser, shop: Path, scheme: Any, hash_: str) -> None:
    """By the rules of axe-core; it puts itself into the page, which the page's policy forbids."""
    watched = Watched(chrome, color_scheme=scheme, bypass_csp=True)
    found = Axe().run(watched.open(shop, hash_)).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 20
    watched.close()
