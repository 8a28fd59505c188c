"""Makes an organisation of each kind and people who have signed in on a running server, and prints NAME SECRET of every
sort of caller.

Usage: contract_callers.py BASE ADMINISTRATOR INVITATION, where ADMINISTRATOR is what `chexin admin bootstrap` printed
and INVITATION what `chexin admin invite` did. Standard library only.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import time
import urllib.error
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
               "organization:write", "people:manage", "warranties:write", "watches:write"],
    "workshop": ["audit:read", "events:write", "keys:write", "organization:read", "organization:write",
                 "people:manage", "watches:write"],
    "auditor": ["audit:read", "keys:write", "metrics:read", "organization:read", "people:manage",
                "watches:write"],
}
SCOPES["insurer"] = SCOPES["authority"] = SCOPES["workshop"]


class Server:
    def __init__(self, base):
        self.base = base

    def call(self, method, path, body=None, key=None):
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{method} {path}: {refusal.code} {refusal.read().decode()}")

    def last_message(self, key):
        """What the newest message says, as somebody on the staff would pass it on."""
        message = self.call("GET", "/v1/outbox?limit=1", key=key)["data"][0]["id"]
        body = {"purpose": "customer_service", "reason": "合同测试"}
        return self.call("POST", f"/v1/outbox/{message}/reveal", body, key)["text"]

    def join(self, token):
        """Takes up an invitation, and stays signed in."""
        secret = self.call("POST", "/v1/invitations/open", {"token": token})["totp"]["secret"]
        body = {"token": token, "password": "一句自己才记得住的长长的话", "code": one_time_code(secret)}
        return self.call("POST", "/v1/invitations/accept", body)["token"]

    def invite(self, organization, draft, key):
        self.call("POST", f"/v1/organizations/{organization}/invitations", draft, key)
        return self.join(re.search(r"/join#(\S+)", self.last_message(key)).group(1))


def one_time_code(secret):
    """RFC 6238 with SHA-1, six digits and half a minute."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def main(base, administrator, invitation):
    server = Server(base)
    with open(administrator, encoding="utf-8") as file:
        bootstrap = json.load(file)
    with open(invitation, encoding="utf-8") as file:
        link = json.load(file)["link"]
    key, platform = bootstrap["api_key"], bootstrap["organization"]
    print("stranger -")
    print("administrator", key)
    organizations = {}
    for kind, uscc in ORGANIZATIONS.items():
        draft = {"kind": kind, "name": f"测试{kind}", "uscc": uscc}
        organization = server.call("POST", "/v1/organizations", draft, key)
        organizations[kind] = organization["id"]
        path = f"/v1/organizations/{organization['id']}/api-keys"
        print(kind, server.call("POST", path, {"name": "contract", "scopes": SCOPES[kind]}, key)["secret"])
    print("administrator_in_person", server.join(link.split("#")[1]))
    senior = {"name": "李理赔", "login": "li@example.com", "role": "claims_senior"}
    print("claims_in_person", server.invite(platform, senior, key))
    manager = {"name": "张经理", "login": "zhang@example.com", "scopes": SCOPES["dealer"]}
    print("dealer_in_person", server.invite(organizations["dealer"], manager, key))
    server.call("POST", "/v1/buyer-codes", {"login": "13812345678"})
    code = re.search(r"\d{6}", server.last_message(key)).group()
    print("buyer", server.call("POST", "/v1/buyer-sessions", {"login": "13812345678", "code": code})["token"])


main(*sys.argv[1:])
