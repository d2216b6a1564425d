#!/usr/bin/env python3
"""Does the page of an audit do in a browser what it says?

    page.py TAPEGRAD PAGES [SCREENSHOTS]

TAPEGRAD is the command, PAGES the folder that `TAPEGRAD_PAGES=PAGES swift test --filter PageTests` filled. Chromium opens each
page from disk: no console message, nothing wider than a phone, every control does what it says, and the numbers are those of
`compare --json`. With an environment variable AXE, the path of axe-core, accessibility is checked too. Exits with 1 at the
first failure.
"""

import json
import math
import os
import struct
import base64
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

AXE = os.environ.get("AXE")


class Browser:
    """Chromium at one width, light or dark."""

    def __init__(self, width=1280, dark=False):
        options = webdriver.ChromeOptions()
        for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars"):
            options.add_argument("--" + argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(300)  # axe-core takes its time on a busy machine
        self.width = width
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme, {"name": "prefers-reduced-motion", "value": "reduce"}])

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def open(self, path, fragment=""):
        self.driver.get("about:blank")
        self.driver.get(f"file://{path}{fragment}")

    def js(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def first_paint(self):
        """Milliseconds until something was drawn, which a busy machine may not yet have done."""
        for _ in range(100):
            time.sleep(0.3)
            paint = self.js("return performance.getEntriesByType('paint')[0]?.startTime ?? null")
            if paint is not None:
                return paint
        raise AssertionError("nothing is drawn")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector):
        self.js("arguments[0].click()", self.find(selector))

    def text(self, selector):
        return self.js("return arguments[0].textContent", self.find(selector))

    def shown(self, selector):
        return [element for element in self.all(selector) if element.is_displayed()]

    def check_console(self, name):
        messages = self.driver.get_log("browser")
        assert not messages, f"{name}: console says {messages}"

    def check_width(self, name):
        assert self.js("return document.documentElement.scrollWidth") <= self.width, f"{name}: wider than {self.width}"

    def check_accessibility(self, name):
        if not AXE:
            return
        self.js(Path(AXE).read_text() + ";window.axe = axe")
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(result => done(result.violations))")
        lines = [f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}" for rule in found for node in rule["nodes"][:3]]
        assert not found, f"{name}: axe-core finds\n" + "\n".join(lines)

    def screenshot(self, path):
        height = self.js("return document.documentElement.scrollHeight")
        self.command("Emulation.setDeviceMetricsOverride", width=self.width, height=min(height, 12000), deviceScaleFactor=1,
                     mobile=self.width < 500)
        time.sleep(0.5)
        self.driver.save_screenshot(str(path))
        self.command("Emulation.setDeviceMetricsOverride", width=self.width, height=900, deviceScaleFactor=1, mobile=self.width < 500)


def close(a, b):
    return a is b is None or a is not None and b is not None and math.isclose(a, b, rel_tol=1e-12)


def numbers(browser, report):
    """The table's cells and the embedded arrays are the numbers of the JSON."""
    rows = browser.all("#gradients tr[data-row]")
    assert len(rows) == len(report["quantities"])
    for row, quantity in zip(rows, report["quantities"]):
        cells = browser.js("return [...arguments[0].cells].map(cell => [cell.textContent, cell.dataset.value])", row)
        name = quantity["name"]
        assert cells[0][0].split()[-1] == name, cells
        assert cells[1][0] == f"({', '.join(map(str, quantity['shape']))})", cells
        for column, key in ((4, "automatic"), (5, "handDerived"), (6, "numerical")):
            assert close(float(cells[column][1]), quantity[key]), f"{name}, {key}: {cells[column]}, {quantity[key]}"
        assert quantity["verdict"] in cells[9][0]
    data = json.loads(browser.text("#data"))
    for quantity in report["quantities"]:
        array = data["arrays"][f"∂J/∂{quantity['name']}"]
        values = struct.unpack(f"<{len(base64.b64decode(array['data'])) // 8}d", base64.b64decode(array["data"]))
        columns = array["columns"] or range(array["shape"][-1])
        kept_rows = array["rows"] or range(array["shape"][0])
        row, column = quantity["worstElement"]
        at = list(kept_rows).index(row) * len(columns) + list(columns).index(column)
        assert close(values[at], quantity["automatic"]), quantity["name"]
    assert report["conclusion"] in browser.text(".conclusion")


def stepping(browser):
    steps = len(browser.all(".step.forward, .step.backward"))
    assert len(browser.shown(".step")) == len(browser.all(".step"))
    browser.click("#next")
    assert [step.get_attribute("data-name") for step in browser.shown(".step")] == ["Z1"]
    assert browser.text("#now") == f"Step 1 of {steps}, forward: Z1"
    labels = browser.js("return [...document.querySelectorAll('.layer .value')].map(label => label.textContent)")
    assert any(label.startswith("Z1 ±") for label in labels) and labels.count("not computed yet") > 8, labels
    browser.click("#next")
    assert browser.text("#now").endswith("forward: A1")
    browser.click("#previous")
    assert browser.text("#now").endswith("forward: Z1")
    browser.find("#next").send_keys(Keys.ARROW_RIGHT)
    assert browser.text("#now").endswith("forward: A1")
    browser.js("const p = document.getElementById('position'); p.value = p.max; p.dispatchEvent(new Event('input'))")
    assert browser.text("#now").startswith(f"Step {steps} of {steps}, backward: ∂J/∂")
    labels = browser.js("return [...document.querySelectorAll('.layer .value')].map(label => label.textContent)")
    assert "not computed yet" not in labels
    browser.click("#play")
    assert browser.find("#play").get_attribute("aria-pressed") == "true" and browser.text("#now").startswith("Step 1 ")
    time.sleep(1.2)
    assert browser.text("#now").startswith("Step 2 ")
    browser.click("#play")
    assert browser.find("#play").get_attribute("aria-pressed") == "false"
    browser.click("#all")
    assert len(browser.shown(".step")) == len(browser.all(".step"))


def selecting(browser):
    """A place in a map gives its number, its equation, and the place in the net."""
    canvas = browser.find(".layer li[data-name='Z1'] canvas")
    browser.js("arguments[0].focus()", canvas)
    canvas.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    label = browser.text(".layer li[data-name='Z1'] .value")
    index, value = label.split("[")[1].split("] = ")
    data = json.loads(browser.text("#data"))["arrays"]["Z1"]
    columns, rows = data["columns"] or range(data["shape"][-1]), data["rows"] or range(data["shape"][0])
    assert index == f"{rows[1]}, {columns[1]}", label
    values = struct.unpack(f"<{len(base64.b64decode(data['data'])) // 8}d", base64.b64decode(data["data"]))
    assert math.isclose(float(value.replace("−", "-")), values[len(columns) + 1], rel_tol=1e-5), label
    assert browser.text("#here").startswith("You are here: net › hidden layer › Z1[")
    # Forward and backward: Z1 = w·x + w·x + w·x + … (30 terms) + b = number.
    lines = browser.js("return [...document.querySelectorAll('#element math')].map(line => line.textContent)")
    assert len(lines) == 2 and "(30 terms)" in lines[0] and "∂J/∂Z1[" in lines[1], lines
    address = browser.js("return location.hash")
    assert address.startswith("#at=Z1:")
    return address


def table(browser):
    def column():
        return browser.js("return [...document.querySelectorAll('#gradients tr[data-row]')].map(row => Math.abs(row.cells[4].dataset.value))")

    button = browser.all("#gradients thead th")[4].find_element(By.TAG_NAME, "button")
    button.send_keys(Keys.ENTER)
    assert column() == sorted(column()) and browser.all("#gradients thead th")[4].get_attribute("aria-sort") == "ascending"
    button.send_keys(Keys.ENTER)
    assert column() == sorted(column(), reverse=True)
    toggle = browser.find("#gradients tr[data-row='0'] button")
    assert not browser.shown("#detail-0")
    toggle.send_keys(Keys.ENTER)
    assert browser.shown("#detail-0") and toggle.get_attribute("aria-expanded") == "true"
    assert len(browser.all("#detail-0 canvas")) == 5, "automatic, by hand, numerical and two differences"
    toggle.send_keys(Keys.ENTER)
    assert not browser.shown("#detail-0")


def convention(browser):
    read = "return document.querySelector('.layer li[data-name=Z2] .pair .grid:last-child .value').textContent"
    browser.js("document.activeElement.blur()")
    before = browser.js(read)
    browser.click("#convention input[value='notes']")
    after = browser.js(read)
    assert before.startswith("∂J/∂Z2") and after.startswith("dZ2"), (before, after)
    ratio = float(after.split("±")[1]) / float(before.split("±")[1])
    assert abs(ratio - 569) < 6, (before, after)
    bias = browser.js("return document.querySelector('.layer li[data-name=b2] .pair .grid:last-child .value').textContent")
    browser.click("#convention input[value='tape']")
    assert browser.js(read) == before
    same = browser.js("return document.querySelector('.layer li[data-name=b2] .pair .grid:last-child .value').textContent")
    assert bias.split()[1] == same.split()[1], "db is the same in both conventions"


def plants(browser):
    select = Select(browser.find("#plant"))
    titles = [option.text for option in select.options]
    select.select_by_visible_text("the sign flipped at Z2")
    states = browser.js("return [...document.querySelectorAll('#plant-flow .state')].map(state => state.textContent.trim())")
    assert browser.text("#plant-title") == "the sign flipped at Z2"
    assert states[:3] == ["✓ A2: right", "✗ Z2: own", "↘ b2: inherited"], states
    assert all(state.endswith("inherited") for state in states[2:]), states
    reasons = browser.text("#plant-flow")
    assert "so the error arises here: binaryCrossEntropy" in reasons and "came from Z2, which is wrong already" in reasons
    assert any(title.startswith("the derivative of the function forgotten") for title in titles), titles


def links(browser):
    browser.click("#next")
    # A symbol leads to its step: W1, which is given, is shown with all.
    browser.js("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", browser.find(".step.now [data-symbol='W1']"))
    assert len(browser.shown(".step")) == len(browser.all(".step"))
    browser.click("#next")
    browser.js("arguments[0].click()", browser.all(".step.now .flow a[href^='#s']")[-1])
    assert browser.text("#now").endswith("forward: A1"), browser.text("#now")
    browser.click("#all")
    source = browser.find(".step.backward [data-symbol='Z2']")
    browser.js("arguments[0].dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))", source)
    lit = "return [...document.querySelectorAll('.lit')].map(use => use.dataset.symbol)"
    assert len(browser.js(lit)) > 3 and set(browser.js(lit)) == {"Z2"}, browser.js(lit)
    # So does a link to its step that the keyboard reaches.
    browser.js("document.querySelector('.step.backward .flow a[href^=\"#s\"]').focus()")
    name = browser.js("return JSON.parse(document.querySelector('#data').textContent).steps.find(step => `#${step.id}` === document.activeElement.getAttribute('href')).name")
    assert name != "Z2" and len(browser.js(lit)) > 1 and set(browser.js(lit)) == {name}, (name, browser.js(lit))


def saving(browser):
    """Every map and drawing is saved as a drawing that stands alone."""
    browser.js("""window.saved = [];
        URL.createObjectURL = blob => { saved.push(blob.text()); return "blob:none"; };
        HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };""")
    browser.find("#gradients tr[data-row='0'] button").send_keys(Keys.ENTER)
    Select(browser.find("#plant")).select_by_visible_text("the sign flipped at Z2")
    selectors = {
        "#detail-0 .save": "automatic-J-A2.svg", "#training .save": "Curve-of-the-loss.svg",
        "#tape .save": "Drawing-of-the-tape.svg", ".layer li[data-name='Z1'] .save": "Z1.svg",
        "#plant-flow li.own .save": "error-at-Z2.svg", "#route-maps .save": "route-1.svg",
    }
    for selector in selectors:
        browser.js("document.querySelector(arguments[0]).click()", selector)
    saved = browser.driver.execute_async_script("Promise.all(saved).then(arguments[0])")
    assert saved[1::2] == list(selectors.values()), saved[1::2]
    drawings = dict(zip(selectors, map(ElementTree.fromstring, saved[::2])))
    space = "{http://www.w3.org/2000/svg}"
    data = json.loads(browser.text("#data"))
    for selector, name in (("#detail-0", "∂J/∂A2"), (".layer li[data-name='Z1']", "Z1")):
        cells = len(base64.b64decode(data["arrays"][name]["data"])) // 8
        drawing = drawings[f"{selector} .save"]
        assert drawing.find(f"{space}title").text == browser.text(f"{selector} .value"), selector
        assert len(drawing.findall(f"{space}rect")) == cells + 1, "a background, and a cell for each number"
    plant = next(plant for plant in data["plants"] if plant["title"] == "the sign flipped at Z2")
    cells = sum(map(len, next(row for row in plant["rows"] if row["name"] == "Z2")["cells"]))
    assert len(drawings["#plant-flow li.own .save"].findall(f"{space}rect")) == cells + 1
    assert len(list(drawings["#tape .save"].iter(f"{space}text"))) > 3
    # Whatever can be seen as a map or a drawing has a button of its own.
    assert browser.js("return [...document.querySelectorAll('.grid, .paper')].filter(map => map.clientWidth "
                      "&& !map.querySelector('.save') && !map.nextElementSibling?.matches('.save')).length") == 0


def copying(browser):
    """Every equation is copied as LaTeX and as MathML that stands alone; without a clipboard too."""
    browser.js("""window.copied = [];
        Object.defineProperty(navigator, "clipboard", { value: { writeText: async text => copied.push(text) }, configurable: true });
        document.addEventListener("copy", event => copied.push(event.target.value));""")
    data, space = json.loads(browser.text("#data")), "{http://www.w3.org/1998/Math/MathML}"
    steps = [step for step in data["steps"] if step["forms"]]
    assert len(browser.all(".step .take")) == len(steps)
    for step in steps:
        before = len(browser.js("return copied"))
        for button in browser.all(f"#{step['id']} .take .copy")[:2]:
            browser.js("arguments[0].click()", button)
        latex, mathml = browser.js("return copied")[before:]
        assert browser.text("#said") == f"the equation of {step['name']} as MathML is copied."
        if len(step["forms"]) == 1:
            left, right = latex.split(" = ", 1)
            assert left in data["latex"] and right in data["latex"], latex
        else:
            assert latex.startswith("\\begin{array}{rl}") and latex.count("& =") == len(step["forms"]), latex
        tree = ElementTree.fromstring(mathml)
        assert tree.tag == f"{space}math" and len(tree.findall(f".//{space}mtr")) == len(step["forms"]), mathml
        assert "data-symbol" not in mathml
    browser.js("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    for button in browser.all("#derivation .take .copy"):
        button.send_keys(Keys.ENTER)  # a script's click may not copy
    latex, mathml = browser.js("return copied")[-2:]
    assert latex == data["latex"] and "\\paragraph{Backward}" in latex
    assert all(ElementTree.fromstring(part).tag == f"{space}math" for part in mathml.split("\n<math")[:1])
    browser.js("arguments[0].focus()", browser.find(".layer li[data-name='Z1'] canvas"))
    browser.js("document.querySelector('#element .copy').click()")
    assert browser.js("return copied.at(-1)").startswith("<math")


def source(browser):
    """Line of the source, node, formula and gradient lead to each other."""
    assert "TwoLayerNetwork.swift:" in browser.text("#source"), browser.text("#source")
    browser.click("#next")
    place = browser.find(".step.now .flow a[href^='#line-']")
    row = browser.find(f"{place.get_attribute('hash')}").find_element(By.XPATH, "./ancestor::tr")
    links = [link.text for link in row.find_elements(By.TAG_NAME, "a")]
    assert links == ["Z1", "∂J/∂Z1"], links
    assert row.find_elements(By.TAG_NAME, "math")
    browser.js("arguments[0].click()", row.find_elements(By.TAG_NAME, "a")[1])
    assert browser.text("#now").endswith("backward: ∂J/∂Z1"), browser.text("#now")


def special_names(path):
    """Names with marks that cannot be seen lead to their steps, as others do."""
    browser = Browser()
    browser.open(path)
    symbols = set(browser.js("return [...document.querySelectorAll('math [data-symbol]')].map(use => use.dataset.symbol)"))
    special = sorted(symbol for symbol in symbols if "202E" in symbol)
    assert len(special) > 4, symbols
    for symbol in special[:6]:
        browser.open(path, "#step=1")
        browser.js(
            "document.querySelector(`math [data-symbol=\"${CSS.escape(arguments[0])}\"]`)"
            ".dispatchEvent(new MouseEvent('click', {bubbles: true}))", symbol)
        # Where the name is given, all steps are shown; else the one that defines it.
        shown = browser.js("return document.querySelector('.step.now math [data-symbol]')?.dataset.symbol")
        assert shown == symbol or browser.find("#all").get_attribute("aria-pressed") == "true", (symbol, shown)
    browser.driver.quit()


def without_script(path, name):
    browser = Browser()
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(path)
    assert len(browser.shown(".step")) == len(browser.all(".step")) > 10, name
    assert browser.shown("#gradients .detail") and not browser.shown("#player"), name
    assert len(browser.shown("svg.map")) > 10, name
    browser.driver.quit()


def main(tapegrad, pages, screenshots=None):
    pages = Path(pages).resolve()
    audit = pages / "audit.html"
    report = json.loads(subprocess.run(
        [tapegrad, "compare", "--json", "--page", str(audit)], capture_output=True, check=True, text=True).stdout)
    subprocess.run([tapegrad, "derive", "--page", str(pages / "derive.html")], capture_output=True, check=True)
    size = audit.stat().st_size
    assert size < 500_000, f"{size} bytes"

    browser = Browser()
    browser.open(audit)
    numbers(browser, report)
    for part in (stepping, selecting, table, convention, plants, links, saving, copying, source):
        browser.open(audit)
        part(browser)
        browser.check_console(part.__name__)
    browser.open(audit)
    address = selecting(browser)
    browser.open(audit, address)
    assert browser.text("#here").endswith("]") and not browser.find("#element").get_attribute("hidden"), "the address is not recalled"
    browser.open(audit, "#step=3&notes")
    assert browser.text("#now").startswith("Step 3 ") and browser.find("#convention input[value='notes']").is_selected()
    times = {}
    for path in sorted(pages.glob("*.html")):
        browser.open(path)
        browser.check_console(path.name)
        browser.check_accessibility(path.name)
        paints = []
        for _ in range(3):
            browser.open(path)
            paints.append(browser.first_paint())
        times[path.name] = f"{path.stat().st_size // 1000} kB, first paint {min(paints):.0f} ms"
    assert "alert" not in browser.js("return document.title") and not browser.all("img")
    browser.driver.quit()
    without_script(audit, "audit")
    special_names(pages / "hostile.html")
    for width in (1280, 390):
        for dark in (False, True):
            browser = Browser(width, dark)
            for path in sorted(pages.glob("*.html")):
                browser.open(path)
                browser.check_width(f"{path.name} at {width}")
                if path == audit:
                    browser.check_accessibility(f"{path.name} at {width}, {'dark' if dark else 'light'}")
                if screenshots:
                    browser.screenshot(Path(screenshots) / f"{path.stem}-{width}-{'dark' if dark else 'light'}.png")
            browser.driver.quit()
    for name, text in times.items():
        print(f"{name}: {text}")
    print(f"{len(times)} pages in a browser; " + ("axe-core finds nothing" if AXE else "axe-core is not here: accessibility was not checked"))


if __name__ == "__main__":
    main(*sys.argv[1:])
