"""The report's page with 50,000 rows in Chromium: size of the file, time until it is drawn, time of the first filter.

The rows are those of 100,000 results as in the benchmark ``report``. A filter counts from the input until the next
frame; the first one comes as soon as the page is there. Medians of five tabs.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path += [str(Path(__file__).parent.parent / "tests"), str(Path(__file__).parent)]
from report import staged
from report_browser import Watched, browser

from rolecall.report.make import Wanted, make

RESULTS = 100_000
ROUNDS = 5
MEGABYTES, FILTER = 25, 200
TYPED = """async (text) => {
  const search = document.getElementById('search');
  search.value = text;
  const from = performance.now();
  search.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  return performance.now() - from;
}"""
LOADED = "performance.getEntriesByType('navigation')[0].domComplete"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, browser() as chromium:
        folder = Path(name)
        made = make(staged(folder, RESULTS), folder / "out", Wanted(("html",)))
        file = folder / "out" / "report.html"
        figures = []
        for _ in range(ROUNDS):
            watched = Watched(chromium)
            page = watched.open(file)
            figures.append((page.evaluate(TYPED, "fn-123"), page.evaluate(TYPED, "vpc"), page.evaluate(LOADED)))
            watched.close()
        first, second, loaded = map(statistics.median, zip(*figures, strict=True))
        print(f"{made.summary.counts.rows:,} rows, of which the page has 50,000: {file.stat().st_size / 1e6:.1f} MB")
        print(f"drawn after {loaded:.0f} ms; first filter {first:.0f} ms (bound {FILTER}), the next {second:.0f} ms")


if __name__ == "__main__":
    main()
