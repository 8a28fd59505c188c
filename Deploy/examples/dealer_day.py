#!/usr/bin/env python3
"""A dealer's day with Chexin, in one file and with nothing but Python's own library.

    python3 Deploy/examples/dealer_day.py --administrator .chexin/administrator.json [--url http://127.0.0.1:8080]

It makes a dealer and a workshop with their keys, sends a car's papers as a file, offers the car, is refused with every
reason at once, mends the offer, publishes it, and verifies the car's history without trusting the server. Run it again:
whatever was done before is found, not done twice.
"""

import argparse
import hashlib
import json
import sys
import time
import urllib.error
import urllib.request

VIN = "LFV2A21KXG4090318"
ATTEMPTS = 5
TIMEOUT_SECONDS = 30


class Refused(Exception):
    """An answer that names what is wrong (RFC 9457)."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.code = problem.get("code")
        self.faults = problem.get("errors", [])


class Chexin:
    """A caller with a key. What may be sent again is: a dropped connection and a busy server are waited out."""

    def __init__(self, url, key=None):
        self.url = url.rstrip("/")
        self.key = key

    def send(self, method, path, body=None, headers=None, media_type="application/json"):
        """Returns the answer's headers and its body as bytes. Raises Refused, or OSError where nobody answers."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Accept-Language", "zh-CN")
        if data is not None:
            request.add_header("Content-Type", media_type)
        if self.key:
            request.add_header("Authorization", "Bearer " + self.key)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                    return answer.headers, answer.read()
            except urllib.error.HTTPError as error:
                if error.code in (429, 503) and attempt < ATTEMPTS:
                    time.sleep(int(error.headers.get("Retry-After", "1")))
                    continue
                raise Refused(error.code, json.loads(error.read() or b"{}")) from None
            except OSError:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(attempt)

    def get(self, path):
        return json.loads(self.send("GET", path)[1])

    def post(self, path, body, once, version=None):
        """`once` makes a repeat harmless; `version` is the ETag of what is changed."""
        headers = {"Idempotency-Key": once}
        if version:
            headers["If-Match"] = version
        answer_headers, answer = self.send("POST", path, body, headers)
        return answer_headers.get("ETag"), json.loads(answer)


def member(administrator, kind, name, uscc):
    """An organisation with a key of its own; the same one where this was run before."""
    once = f"dealer-day-{uscc}"
    _, organization = administrator.post(
        "/v1/organizations", {"kind": kind, "name": name, "uscc": uscc}, once
    )
    _, key = administrator.post(f"/v1/organizations/{organization['id']}/api-keys", {"name": "示例"}, once + "-key")
    return organization["id"], Chexin(administrator.url, key["secret"])


def report(workshop):
    """A car's papers as one file, a line an event. `ref` is the workshop's own number: a repeat finds what is there."""
    events = [
        ("maintenance.done", "2024-03-01", {"odometer_km": 28_000, "items": ["更换机油", "更换机滤"]}),
        ("accident.reported", "2024-11-12", {"structural": "yes", "severity": "moderate"}),
        ("maintenance.done", "2025-09-20", {"odometer_km": 45_210, "items": ["更换刹车片"]}),
    ]
    lines = [
        json.dumps(
            {"vin": VIN, "kind": kind, "occurred_at": f"{day}T08:00:00+08:00", "ref": f"{VIN}-{day}", "data": data}
        )
        for kind, day, data in events
    ]
    _, answer = workshop.send(
        "POST", "/v1/events/import", "\n".join(lines).encode(), media_type="application/x-ndjson"
    )
    return [json.loads(line) for line in answer.splitlines()]


def offer(dealer):
    """Offers the car the way a hasty dealer would, is told everything that is wrong, and mends it."""
    hasty = {
        "vin": VIN,
        "title": "精品车况，无事故",
        "odometer_km": 38_000,
        "price": {"kind": "one_price", "amount": 8_880_000, "currency": "CNY"},
        "disclosures": {"accident": "no", "flood": "not_known"},
    }
    _, listing = dealer.post("/v1/listings", hasty, f"dealer-day-{VIN}")
    path = f"/v1/listings/{listing['id']}"
    headers, body = dealer.send("GET", path)
    listing, version = json.loads(body), headers["ETag"]
    if listing["status"] == "published":
        return listing, []
    try:
        _, published = dealer.post(path + "/publish", {}, "publish-" + version.strip('"'), version)
        return published, []
    except Refused as refusal:
        if refusal.code != "listing_refused":
            raise
        faults = refusal.faults
    mended = {
        "title": "2020 款，车身结构受过损伤，已修复",
        "vehicle": {
            "make": "大众",
            "series": "速腾",
            "energy": "petrol",
            "first_registered_on": "2020-03-12",
        },
        "location": {"province": "CN-ZJ", "city": "杭州"},
        "odometer_km": 45_300,
        "disclosures": {
            "commercial_use": "no",
            "major_repair": "yes",
            "accident": "yes",
            "inspection_expired": "no",
            "mortgaged": "no",
            "taxes_owed": "no",
            "scrap_due": "no",
            "odometer_altered": "no",
        },
    }
    headers, _ = dealer.send("PATCH", path, mended, {"If-Match": version}, "application/merge-patch+json")
    version = headers["ETag"]
    _, published = dealer.post(path + "/publish", {}, "publish-" + version.strip('"'), version)
    return published, faults


def verify(reader):
    """Recomputes the chain from the very texts that were hashed, and asks the server what it thinks of the hashes."""
    headers = {"Accept": "application/x-ndjson"}
    _, history = reader.send("GET", f"/v1/vehicles/{VIN}/history", headers=headers)
    hashes = []
    for line in history.splitlines():
        previous = hashes[-1] if hashes else "0" * 64
        if json.loads(line)["prev"] != previous:
            raise SystemExit(f"the chain breaks at entry {len(hashes)}")
        hashes.append(hashlib.sha256(line).hexdigest())
    _, answer = reader.send("POST", "/v1/verify", {"vin": VIN, "hashes": hashes})
    return hashes, json.loads(answer)["verdict"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--administrator", required=True, help="what `chexin admin bootstrap` printed")
    arguments = parser.parse_args()
    with open(arguments.administrator, encoding="utf-8") as file:
        administrator = Chexin(arguments.url, json.load(file)["api_key"])

    dealer_id, dealer = member(administrator, "dealer", "示例二手车行", "91330108MADAY00A7J")
    _, workshop = member(administrator, "workshop", "示例汽修", "91330108MADAY00B5D")
    print("dealer", dealer_id)
    lines = report(workshop)
    for line in lines:
        print("line", json.dumps(line, ensure_ascii=False))
    if lines[-1]["summary"]["refused"]:
        raise SystemExit("mend the refused lines and send the file again: the others are found, not doubled")
    listing, faults = offer(dealer)
    for fault in faults:
        print("refused", fault["pointer"], fault["detail"])
    print("published", listing["id"], "on", listing["pinned"]["head"])
    hashes, verdict = verify(Chexin(arguments.url))
    if listing["pinned"]["head"] not in hashes:
        raise SystemExit("what the dealer stood behind is not in the history")
    print("verified", len(hashes), "entries:", verdict)
    return 0 if verdict == "genuine" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refusal:
        print(refusal, json.dumps(refusal.faults, ensure_ascii=False), file=sys.stderr)
        sys.exit(1)
