# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""The json report against its schema, nc-report/report.schema.json.

schema.py REPORT... prints what does not fit; the status is 1 if anything.

Programs must take members that they do not know; the schema says so by not
closing its objects.  Here they are closed: what nc-report writes has to be in
the schema.
"""
import json
import os
import sys

import jsonschema

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../nc-report/report.schema.json")
MOST = 20


def load():
    with open(PATH, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def closed(schema):
    """A copy whose objects take no members but those that it names."""
    if isinstance(schema, list):
        return [closed(v) for v in schema]
    if not isinstance(schema, dict):
        return schema
    out = {k: closed(v) for k, v in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        out.setdefault("additionalProperties", False)
    return out


STRICT = jsonschema.Draft202012Validator(closed(load()))


def faults(report):
    """What does not fit, a line each."""
    out = []
    for e in STRICT.iter_errors(report):
        where = "/".join(str(p) for p in e.absolute_path) or "the report"
        out.append(f"{where}: {e.message[:300]}")
        if len(out) == MOST:
            break
    return out


def main():
    bad = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as f:
            for fault in faults(json.load(f)):
                print(f"{path}: {fault}")
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
