"""What the kernel does with cells, through Jupyter's own client: python -m pytest Notebooks/tests"""
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

NOTEBOOKS = Path(__file__).resolve().parents[1]
os.environ["JUPYTER_PATH"] = str(NOTEBOOKS)


class Outcome:
    """What one cell showed."""

    def __init__(self):
        self.printed, self.data, self.error, self.order = "", [], "", []

    @property
    def text(self):
        return self.data[-1]["text/plain"] if self.data else None


class Session:
    """A kernel, and cells run in it one after the other."""

    def __init__(self):
        self.manager = KernelManager(kernel_name="tapegrad")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code, interrupt_after=None, timeout=1500):
        outcome, request = Outcome(), self.client.execute(code)
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if interrupt_after is not None and outcome.printed:
                time.sleep(interrupt_after)
                self.manager.interrupt_kernel()
                interrupt_after = None
            try:
                message = self.client.get_iopub_msg(timeout=0.2)
            except Exception:  # nothing yet
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            outcome.order.append(content.get("execution_state", kind))
            if kind == "stream":
                outcome.printed += content["text"]
            elif kind in ("execute_result", "display_data", "update_display_data"):
                outcome.data.append(content["data"])
            elif kind == "error":
                outcome.error = content["ename"] + ": " + "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                self.client.get_shell_msg(timeout=60)
                return outcome
        raise TimeoutError(code)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)


@pytest.fixture(scope="module")
def session():
    session = Session()
    session.run("import Foundation\nimport TapeGrad")
    yield session
    session.stop()


# Several cells, one after the other, and what the last one shows.
CELLS = {
    "a variable is changed in a later cell": (["var a = 1", "a += 41", "a"], "42"),
    "a name declared anew hides the old": (["let b = 1", 'let b = "two"', "b"], '"two"'),
    "a function sees the names of its own cell's time": (
        ["let c = 1\nfunc readC() -> Int { c }", "let c = 2", "[readC(), c]"], "[1, 2]"),
    "a function declared anew hides the old": (["func d() -> Int { 1 }", "func d() -> Int { 2 }", "d()"], "2"),
    "overloads from two cells stand side by side": (
        ["func e(_ x: Int) -> String { \"Int\" }", "func e(_ x: Double) -> String { \"Double\" }", "[e(1), e(1.5)]"],
        '["Int", "Double"]'),
    "generics over cells": (
        ["func twice<T>(_ x: T, _ f: (T) -> T) -> T { f(f(x)) }", "twice(3) { $0 * $0 }"], "81"),
    "a generic type with a constraint over cells": (
        ["protocol Area { var area: Double { get } }",
         "struct Square: Area { var side: Double\n  var area: Double { side * side } }",
         "struct Pile<A: Area> { var things: [A]\n  var total: Double { things.reduce(0) { $0 + $1.area } } }",
         "Pile(things: [Square(side: 2), Square(side: 3)]).total"], "13.0"),
    "an extension of a type of another cell": (
        ["struct P { var x = 2.0 }", "extension P { var squared: Double { x * x } }", "P().squared"], "4.0"),
    "a conformance in a later cell": (
        ["struct Q { var x = 2 }", 'extension Q: CustomStringConvertible { var description: String { "Q of \\(x)" } }',
         "Q()"], "Q of 2"),
    "an operator over cells": (
        ["infix operator <+>: AdditionPrecedence\nfunc <+> (a: Int, b: Int) -> Int { 10 * a + b }", "4 <+> 2"], "42"),
    "a subclass in another cell": (
        ["class Animal { func voice() -> String { \"…\" } }",
         "final class Dog: Animal { override func voice() -> String { \"wau, \" + super.voice() } }", "Dog().voice()"],
        '"wau, …"'),
    "an enum with values": (["indirect enum T { case leaf, node(T, T) }", "T.node(.leaf, .leaf)"], "node(T.leaf, T.leaf)"),
    "a property wrapper": (
        ["@propertyWrapper struct Even { var wrappedValue: Int { didSet { wrappedValue &= ~1 } } }",
         "struct W { @Even var n = 0 }", "var w = W()\nw.n = 7\nw.n"], "6"),
    "a result builder": (
        ["@resultBuilder enum Lines {\n  static func buildBlock(_ parts: String...) -> String { parts.joined(separator: \" \") }\n}",
         "func text(@Lines _ body: () -> String) -> String { body() }", 'text {\n  "two"\n  "lines"\n}'], '"two lines"'),
    "a protocol with a default, and one as a type": (
        ["protocol Named { var name: String { get } }\nextension Named { var name: String { \"nobody\" } }",
         "struct Somebody: Named {}", "let named: any Named = Somebody()", "named.name"], '"nobody"'),
    "a module of Swift's, and a text that looks like a linker's option": (
        ["import RegexBuilder", 'let digits = Regex { OneOrMore(.digit) }\nlet options = ["-la", "-lx"]',
         '"12".wholeMatch(of: digits) != nil'], "true"),
    "members of a type that the cell does not mention": (
        ["struct Inner { var depth = 3 }", "struct Outer { var inner = Inner() }", "func make() -> Outer { Outer() }",
         "let made = make()", "made.inner.depth"], "3"),
    "a closure that captures": (["var count = 0\nlet step = { count += 1 }", "step()\nstep()\ncount"], "2"),
    "characters of several bytes": (['let größe = "naïve 🌊"\nlet 数 = größe.count', "数"], "7"),
    "an expression with a comment after it": (["2 + 2  // four"], "4"),
    "an expression over several lines": (["[1, 2, 3]\n  .map { $0 * 2 }\n  .reduce(0, +)"], "12"),
    "a semicolon hides the value": (["2 + 2;"], None),
    "an assignment has no value to show": (["var z = 1", "z = 2"], None),
    "a call without a result shows nothing": (["print(1)"], None),
    "a comment alone": (["// nothing"], None),
    "a gradient": (["let x = Tensor<Double>([1, 2, 3])", "try gradient(at: x) { x in (x * x).sum() }"], "[2, 4, 6]"),
    "a custom operation over cells": (
        ["struct Cube: Elementwise {\n  static let name = \"cube\"\n"
         "  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * x * x }\n"
         "  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 3 * x * x }\n}",
         "func cube<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Cube()) }",
         "try gradient(at: Tensor<Double>([1, 2])) { cube($0).sum() }"], "[ 3, 12]"),
    "a compiled program": (
        ["let program = compiled { (x: Tensor<Float>) in x * 2 }", "try program(Tensor<Float>([1, 2]))"], "[2, 4]"),
}


# These start threads of Dispatch, after which the host does not fork any more.
ASYNC_CELLS = {
    "await at the top level": (["func later() async -> Int { 5 }", "let got = await later()", "got"], "5"),
    "an await that is shown, with a line after it": (["func late() async -> Int { 6 }", "await late()\n// six\n"], "6"),
    "an async sequence": (
        ["func stream() -> AsyncStream<Int> { AsyncStream { for i in 1...3 { $0.yield(i) }; $0.finish() } }",
         "var streamed = 0\nfor await i in stream() {\n  streamed += i\n}", "streamed"], "6"),
    "characters of several bytes before an await": (
        ["func wave() async -> String { \"🌊\" }", 'let größer = "größer" + (await wave())\nlet 後 = 1', "größer"], '"größer🌊"'),
    "an actor": (["actor Counter { var n = 0\n  func next() -> Int { n += 1; return n } }", "let counter = Counter()",
                  "await counter.next()"], "1"),
}


@pytest.mark.parametrize("title", CELLS)
def test_cells(session, title):
    assert_shows(session, *CELLS[title])


def assert_shows(session, texts, expected):
    for text in texts:
        outcome = session.run(text)
        assert not outcome.error
    assert outcome.text == expected


def complete(session, code):
    """What completion offers at the code's end, once the server is there: it says nothing while it starts."""
    for _ in range(40):
        content = session.client.complete(code, reply=True, timeout=60)["content"]
        assert content["status"] == "ok"
        if content["matches"]:
            return [code[:content["cursor_start"]] + match for match in content["matches"]]
        time.sleep(0.5)
    return []


def hover(session, code, part=""):
    """What is said about the code's end; asked until `part` is in it, since a busy machine may take too long."""
    for _ in range(40 if part else 1):
        content = session.client.inspect(code, reply=True, timeout=60)["content"]
        text = content["data"]["text/plain"] if content["found"] else ""
        if part in text:
            break
        time.sleep(0.5)
    return text


def test_completion_and_hover_know_the_cells(session):
    session.run("/// Says twice.\nfunc again(_ x: Int) -> Int { 2 * x }\nlet counted = Tensor<Double>([1, 2])\n"
                "struct Größe { var länge = 1 }\nlet größe2 = Größe()")
    assert "counted.shape" in complete(session, "counted.sh")
    assert 'let s = "🌊"; größe2.länge' in complete(session, 'let s = "🌊"; größe2.l')
    assert "// two\nlet x = counted" in complete(session, "// two\nlet x = coun")
    assert complete(session, "%re") == ["%reload"]
    assert hover(session, "print(counted", "let counted: Tensor<Double>")
    assert "func again(_ x: Int) -> Int" in hover(session, "again(1)", "Says twice.")
    assert "matmul(a: Tensor" in hover(session, "matmul(", "matmul")  # not written to its end: which ones there are
    session.run("let counted = 1")  # the newest declaration counts
    assert "Int" in hover(session, "counted", "counted") and hover(session, "") == ""


def children(kernel):
    found = subprocess.run(["ps", "-ww", "-o", "pid=,args=", "--ppid", str(kernel)], capture_output=True, text=True).stdout.splitlines()
    return {int(line.split()[0]): line for line in found}


def test_a_language_server_that_hangs_or_dies_costs_no_cell(session):
    session.run("let survivor = 1")
    assert complete(session, "survivor.descr") == ["survivor.description"]
    server, = [pid for pid, line in children(session.manager.provisioner.process.pid).items() if "sourcekit-lsp" in line]
    os.kill(server, signal.SIGSTOP)
    assert session.client.complete("survivor.descr", reply=True, timeout=60)["content"]["matches"] == []
    assert session.run("survivor + 1").text == "2"
    os.kill(server, signal.SIGKILL)
    assert complete(session, "survivor.descr") == ["survivor.description"]


def test_completion_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("TAPEGRAD_COMPLETION", "off")
    session = Session()
    session.run("let quiet = 1")
    content = session.client.complete("qui", reply=True, timeout=60)["content"]
    assert content["matches"] == [] and hover(session, "quiet") == ""
    assert not any("sourcekit-lsp" in line for line in children(session.manager.provisioner.process.pid).values())
    session.stop()


def test_what_vs_code_sends_from_start_to_restart():
    session = Session()  # asks for kernel_info
    client = session.client
    for code in ("", "1 + 1"):  # silent cells, which count for nothing and show nothing
        client.execute(code, silent=True, store_history=False)
        assert client.get_shell_msg(timeout=600)["content"]["status"] == "ok"
    for kind, content in (("comm_info_request", {}), ("is_complete_request", {"code": "1 +"}), ("history_request", 
                           {"hist_access_type": "tail", "n": 1, "output": False, "raw": True})):
        client.shell_channel.send(client.session.msg(kind, content))
        assert client.get_shell_msg(timeout=60)["content"]["status"] in ("ok", "unknown")
    # A widget's channel that nobody here knows: no reply, and no harm.
    client.shell_channel.send(client.session.msg("comm_open", {"comm_id": "1", "target_name": "jupyter.widget", "data": {}}))
    assert session.run("let one = 1\none").order[-2:] == ["execute_result", "idle"]
    client.complete("on", reply=True, timeout=60)
    client.inspect("one", reply=True, timeout=60)
    assert session.run('print("on")\nwhile true {}', interrupt_after=0.2).error.startswith("Interrupted")
    assert session.run("one").text == "1"
    session.manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=60)
    assert session.run("one").error and session.run("2").text == "2"
    session.stop()


def test_messages_come_in_the_order_that_vs_code_wants(session):
    outcome = session.run('print("one")\ndisplay(2)\nprint("three")\n4')
    assert outcome.order == ["busy", "execute_input", "stream", "display_data", "stream", "execute_result", "idle"]


def test_tensors_are_tables(session):
    html = session.run("Tensor<Double>([[1, -2], [0, 4]])").data[0]["text/html"]
    assert html.count("<td") == 4 and "style" not in html


# What the last line shows, as which type, and a part of it.
DISPLAYS = {
    "a derivation in LaTeX": ("text/markdown", "\\frac{\\partial J}{\\partial w}", "try madeTape.derivation(of: madeJ)"),
    "a tape as a table": ("text/html", "<td align=\"right\">J = w²</td>", "madeTape"),
    "a tape as a diagram": ("image/svg+xml", "<svg", "try TapeDiagram(of: madeJ, on: madeTape)"),
    "gradients as a table": ("text/html", "∂J/∂w", "try madeTape.gradients(of: madeJ)"),
    "an audit as a drawing": ("image/svg+xml", "within the bound", "try madeTape.audit(madeJ)"),
    "a data set as a table": ("text/html", "malignant</td>", "try DataSet<Double>.breastCancer()"),
    "a history as a table": ("text/html", "epoch</th>", "madeHistory"),
    "a program as its plan": ("text/plain", "1. ", "madeProgram"),
}


@pytest.mark.parametrize("title", DISPLAYS)
def test_a_value_shows_itself(session, title):
    session.run("let madeTape = Tape()\nlet madeW = madeTape.variable(Tensor<Double>(3), named: \"w\")\n"
                "let madeJ = square(madeW).named(\"J\")\n"
                "let madeProgram = compiled { (x: Tensor<Double>) in x * 2 }\n_ = try madeProgram(Tensor<Double>([1]))")
    session.run("var madeGenerator = SeededGenerator(seed: 1)\nvar madeNet = TwoLayerNetwork<Double>(inputs: 2, hidden: 2, using: "
                "&madeGenerator)\nlet madeData = DataSet<Double>.exclusiveOr(count: 8, noise: 0.1, seed: 1)\n"
                "let madeHistory = try madeNet.fit(madeData.features, labels: madeData.labels, epochs: 2)")
    kind, part, code = DISPLAYS[title]
    outcome = session.run(code)
    assert outcome.error == ""
    assert part in outcome.data[-1][kind]
    assert "text/plain" in outcome.data[-1] and "<style" not in outcome.data[-1][kind] and "```" not in outcome.data[-1][kind]


def test_plots_are_drawings_with_words(session):
    data = session.run('Plot(title: "A line") { line([1.0, 2.0, 4.0], named: "y") }').data[0]
    assert data["image/svg+xml"].startswith("<svg") and data["text/plain"].startswith("A line: Y rises")
    assert "<style" not in data["image/svg+xml"] and "<use" not in data["image/svg+xml"]


def test_a_display_is_updated_in_its_place(session):
    outcome = session.run("let shown = display(1)\nshown.update(2)")
    assert outcome.order.count("update_display_data") == 1 and outcome.text == "2"


def test_a_progress_bar_fills_in_its_place(session):
    outcome = session.run('import Foundation\nfor _ in progress(0..<8, "rounds") { Thread.sleep(forTimeInterval: 0.06) }')
    texts = [data["text/plain"] for data in outcome.data]
    assert texts[0] == "rounds " + 24 * "░" + " 0 of 8" and texts[-1] == "rounds " + 24 * "█" + " 8 of 8"
    assert outcome.order.count("display_data") == 1 and 3 <= outcome.order.count("update_display_data") <= 9
    assert all(re.fullmatch(r"rounds █+░+ [1-7] of 8, \d+ s left", text) for text in texts[1:-1]), texts
    # What is drawn costs no more where rounds are short, and a loop that is left keeps its bar.
    outcome = session.run("var sum = 0\nfor i in progress(1...100_000) { sum += i }\nsum")
    assert outcome.text == "5000050000" and len(outcome.data) < 1000
    assert "░" in session.run("for i in progress([1, 2, 3]) where i == 2 { break }").text
    assert session.run("for _ in progress([Int]()) {}").text == 24 * "█" + " 0 of 0"


def test_who_lists_variables_with_shapes(session):
    session.run("let listed = Tensor<Float>([[1, 2, 3]])")
    assert "listed" in (printed := session.run("%who").printed) and "Tensor<Float> (1, 3)" in printed


def test_an_optimized_cell_keeps_its_lines(session):
    assert session.run("%optimize\nvar total = 0\nfor i in 0..<1000 { total &+= i }\ntotal").text == "499500"
    assert "]:2:14: error" in session.run("%optimize\nlet n: Int = \"\"").error


def test_compile_errors_have_the_cells_own_lines(session):
    error = session.run('let fine = 1\nlet wrong: Int = "text"').error
    assert error.startswith("CompileError") and "]:2:18: error: cannot convert value" in error
    assert session.run("fine").error  # a cell that failed declares nothing


def test_a_formula_that_the_compiler_gives_up_on_gets_advice(session):
    error = session.run(
        "let slowA = Tensor<Double>(1), slowB = Tensor<Float>(1)\n"
        "let slow = -(1 - slowA) * 2 + 3 * slowA - (slowA * slowB + 1) / 2 * (1 + slowA * (2 - slowB))"
        " + 0.5 * slowA - 1 / (2 + slowA) * (3 - 2 * slowB)").error
    assert "]:2:12: error: the compiler is unable to type-check this expression" in error
    assert "types are mixed" in error and "name a part of the formula with `let`" in error


def test_syntax_errors_have_the_cells_own_lines(session):
    assert "]:2:" in session.run("let a = 1\nlet b = (").error


def test_an_uncaught_error_keeps_the_variables(session):
    session.run("struct Late: Error { var days: Int }\nvar kept = 1")
    outcome = session.run('kept = 2\nprint("before")\nthrow Late(days: 3)')
    assert outcome.printed == "before\n" and outcome.error == "Late: Late(days: 3)"
    assert session.run("kept").text == "2"


def test_an_operation_that_does_not_fit_is_named(session):
    error = session.run("let p = Tensor<Double>([1, 2])\ntry (p + Tensor<Double>([1, 2, 3])).scalars").error
    assert error.startswith("TensorError: add of (2) and (3)") and re.search(r"\(In\[\d+\]:2\)$", error)
    # In a function of an earlier cell, and in an optimized cell.
    session.run("func fails(_ x: Tensor<Double>) -> Tensor<Double> {\n  x + Tensor<Double>([1, 2, 3])\n}")
    for code in ("try fails(Tensor<Double>([1, 2])).scalars", "%optimize\ntry fails(Tensor<Double>([1, 2])).scalars"):
        assert re.search(r"\(In\[\d+\]:2\)$", session.run(code).error)


@pytest.mark.parametrize("code, reason", [
    ("let array = [1]\nprint(array[3 - \"\".count])", "Index out of range"),
    ('fatalError("on purpose")', "on purpose"),
    ("func deep(_ n: Int) -> Int { n == -1 ? 0 : deep(n + 1) + 1 }\nprint(deep(0))", "process ended"),
    ("exit(3)", "status 3"),
])
def test_a_trap_keeps_the_variables_and_names_the_line(session, code, reason):
    session.run("var safe = 7")
    error = session.run("safe = 8\n" + code).error
    assert error.startswith("Crash") and reason in error and "as they were" in error
    if "exit" not in code and "deep" not in code:
        assert f"]:{1 + len(code.splitlines())}" in error
    assert session.run("safe").text == "7"


def test_a_trap_keeps_the_variables_where_the_librarys_threads_work(session):
    # A product of this size is shared among threads; the child of the fork has to start its own.
    session.run("let big = Tensor<Float>.ones([700, 700])\nvar product = try matmul(big, big).scalars[0]")
    assert "as they were" in session.run("product = try matmul(big, big).scalars[0] + 1\n[Int]()[1]").error
    assert session.run("product += try matmul(big, big).scalars[5]\nproduct").text == "1400.0"


def test_an_interrupt_keeps_the_variables(session):
    session.run("var patience = 1")
    outcome = session.run('patience = 2\nprint("on")\nwhile true { patience &+= 1 }', interrupt_after=0.5)
    assert outcome.error.startswith("Interrupted") and "as they were" in outcome.error
    assert session.run("patience").text == "1"


def test_many_lines_of_output_all_arrive(session):
    printed = session.run('for i in 0..<20_000 { print("line", i) }').printed
    assert printed == "".join(f"line {i}\n" for i in range(20_000))


def test_no_process_outlives_a_killed_kernel():
    session = Session()
    session.run("1")
    session.run("let two = 2")
    assert complete(session, "tw")
    kernel = session.manager.provisioner.process.pid
    processes = children(kernel)
    assert all(any(name in line for line in processes.values()) for name in ("host.py", "sourcekit-lsp"))
    os.kill(kernel, signal.SIGKILL)
    session.client.stop_channels()
    for _ in range(50):
        alive = [pid for pid in processes if Path(f"/proc/{pid}").exists()
                 and Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"]
        if not alive:
            break
        time.sleep(0.1)
    assert not alive
    session.manager.cleanup_resources()


def test_await_and_what_a_trap_costs_after_it():
    session = Session()
    for cells in ASYNC_CELLS.values():
        assert_shows(session, *cells)
    assert_shows(session, ["func late2() async -> Int { 8 }", "await Task.detached { await late2() }.value"], "8")
    error = session.run('fatalError("now")').error
    assert "now" in error and "All variables are lost" in error
    assert_shows(session, ["let anew = 1", "anew"], "1")
    session.run("%reload")
    assert "cannot find 'anew'" in session.run("anew").error
    session.stop()


def test_a_reload_builds_what_changed():
    session = Session()
    session.run("import TapeGrad\nlet before = 1")
    os.utime(NOTEBOOKS / "kernels/tapegrad/Support/Sources/NotebookSupport/Variables.swift")
    assert "Building the library" in session.run("%reload\n1 + 1").printed
    assert session.run("before").error and session.run("%who").printed == ""
    session.stop()


def test_two_hundred_cells_live_side_by_side(session, capsys):
    times = []
    for i in range(200):
        start = time.monotonic()
        session.run(f"let live{i} = {i}")
        times.append(time.monotonic() - start)
    assert session.run("live0 + live100 + live199").text == "299"
    last = sorted(times[150:])
    with capsys.disabled():
        print(f"\nsmall cells with 150 to 200 live: median {last[25]:.2f} s, slowest {last[-1]:.2f} s")
