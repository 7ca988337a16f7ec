# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""What the recorded cases were expected to show and what was reported.

A confusion matrix of root causes, one for each form of the recordings; of its
cells only those that are not empty are written, as rows. A finding is wrong
that is neither the case's first nor one that its `expect' allows beside it.
"""
import collections

NONE = "none"


class Matrix:
    def __init__(self):
        self.forms = {}

    def add(self, form, outcome):
        """An outcome is (case, expected, reported, findings, wrong)."""
        self.forms.setdefault(form, []).append(outcome)

    def lines(self):
        for form, outcomes in self.forms.items():
            yield from totals(form, outcomes)
        for form, outcomes in self.forms.items():
            yield ""
            yield from table(form, outcomes)


def outcome(case, expected, allowed, findings, loud):
    """Compares a report's findings with what a case expects."""
    told = [f["id"] for f in findings if f["severity"] in loud]
    reported = told[0] if told else NONE
    if not told and findings and findings[0]["id"] == expected:
        reported = expected
    wrong = [i for i in told if i != expected and i not in allowed]
    return case, expected or NONE, reported, told, wrong


def totals(form, outcomes):
    faulty = [o for o in outcomes if o[1] != NONE]
    healthy = [o for o in outcomes if o[1] == NONE]
    right = sum(o[2] == o[1] for o in faulty)
    missed = sum(o[2] == NONE for o in faulty)
    silent = sum(o[2] == NONE for o in healthy)
    told = sum(len(o[3]) for o in outcomes)
    wrong = sum(len(o[4]) for o in outcomes)
    share = 100 * wrong / told if told else 0
    yield (f"{form}: {len(faulty)} faulty cases: {right} named first, "
           f"{missed} missed, {len(faulty) - right - missed} with another "
           f"first; {len(healthy)} healthy ones: {silent} silent; "
           f"{wrong} wrong of {told} findings ({share:.1f} %)")


def table(form, outcomes):
    cells = collections.defaultdict(list)
    for case, expected, reported, _, _ in outcomes:
        cells[expected, reported].append(case)
    yield f"{form + ': expected':44} {'reported':28} cases"
    for (expected, reported), cases in sorted(cells.items()):
        yield f"{expected:44} {reported:28} {len(cases):5}"
        if expected != reported:
            yield from (f"    {c}" for c in sorted(cases))
    for case, _, _, _, wrong in outcomes:
        if wrong:
            yield f"wrong in {case}: {' '.join(wrong)}"
