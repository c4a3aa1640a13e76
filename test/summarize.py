#!/usr/bin/env python3
"""Counts single tests in ctest's log, names the skipped ones.

usage: summarize.py LastTest.log

An entry of ctest holds many tests: lit files, GoogleTest cases, ONNX backend
folders. The last line printed is "N passed, N failed, N skipped".
"""
import re
import sys


def count(output):
    """(passed, failed, skipped, names of the skipped) in one entry's output."""
    if "[==========]" in output:  # GoogleTest
        found = {"PASSED": 0, "FAILED": 0, "SKIPPED": 0}
        for word, number in re.findall(
            r"^\[ +(PASSED|FAILED|SKIPPED) +\] (\d+) tests?[.,]", output, re.M
        ):
            found[word] = int(number)
        names = re.findall(r"^\[ +SKIPPED +\] ([\w/]+\.[\w/]+)$", output, re.M)
        return found["PASSED"], found["FAILED"], found["SKIPPED"], names
    if "Testing Time:" in output:  # lit
        found = {"Passed": 0, "Failed": 0, "Unsupported": 0}
        aliases = {"Expectedly Failed": "Passed", "Skipped": "Unsupported"}
        bad = ("Failed", "Timed Out", "Unresolved", "Unexpectedly Passed")
        for word, number in re.findall(r"^ +([A-Z][A-Za-z ]+?) *: +(\d+)", output, re.M):
            word = "Failed" if word in bad else aliases.get(word, word)
            if word in found:
                found[word] += int(number)
        listed = re.search(r"^Unsupported Tests \(\d+\):\n((?:  .*\n)*)", output, re.M)
        names = [line.strip() for line in listed[1].splitlines()] if listed else []
        return found["Passed"], found["Failed"], found["Unsupported"], names
    last = re.findall(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", output, re.M)
    if last:
        listed = re.search(r"^skipped tests .*:\n((?: +\d+ .*\n)*)", output, re.M)
        names = [line.strip() for line in listed[1].splitlines()] if listed else []
        return (*map(int, last[-1]), names)
    return None


def main():
    with open(sys.argv[1], errors="replace") as log:
        entries = re.split(r"^(?=\d+/\d+ Testing: )", log.read(), flags=re.M)
    totals = [0, 0, 0]
    for entry in entries:
        name = re.match(r"\d+/\d+ Testing: (.+)", entry)
        if not name:
            continue
        ok = re.search(r"^Test Pass(ed\.| Reason:)$", entry, re.M)
        counts = count(entry) or ((1, 0, 0, []) if ok else (0, 1, 0, []))
        passed, failed, skipped, names = counts
        if not ok and not failed:
            failed = 1  # The program died or broke a bound of its own.
        print(f"{name[1]:32} {passed:6} passed {failed:4} failed {skipped:5} skipped")
        for skip in names:
            print(f"    skipped: {skip}")
        totals = [a + b for a, b in zip(totals, (passed, failed, skipped))]
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")


if __name__ == "__main__":
    main()
