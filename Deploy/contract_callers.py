"""Makes an organisation of each kind on a running server, and prints NAME KEY of every sort of caller.

Usage: contract_callers.py BASE ADMINISTRATOR, where ADMINISTRATOR is what `chexin admin bootstrap` printed. Standard
library only.
"""

import json
import sys
import urllib.request

ORGANIZATIONS = {
    "dealer": "91110108551385082Q",
    "workshop": "91350100M000100Y43",
    "insurer": "91110000802100433B",
    "authority": "91440300708461136T",
    "auditor": "91330106MA2CX0108D",
}
SCOPES = {
    "dealer": ["audit:read", "events:write", "keys:write", "listings:write", "organization:read",
               "organization:write", "people:manage"],
    "workshop": ["audit:read", "events:write", "keys:write", "organization:read", "organization:write",
                 "people:manage"],
    "auditor": ["audit:read", "keys:write", "metrics:read", "organization:read", "people:manage"],
}
SCOPES["insurer"] = SCOPES["authority"] = SCOPES["workshop"]


def post(base, path, body, key):
    request = urllib.request.Request(
        base + path,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main(base, administrator):
    with open(administrator, encoding="utf-8") as file:
        key = json.load(file)["api_key"]
    print("stranger -")
    print("administrator", key)
    for kind, uscc in ORGANIZATIONS.items():
        organization = post(base, "/v1/organizations", {"kind": kind, "name": f"测试{kind}", "uscc": uscc}, key)
        path = f"/v1/organizations/{organization['id']}/api-keys"
        print(kind, post(base, path, {"name": "contract", "scopes": SCOPES[kind]}, key)["secret"])


main(*sys.argv[1:])
