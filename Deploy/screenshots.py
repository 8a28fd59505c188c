"""Drives a Chromium through the pages, for Deploy/screenshots. Python's standard library is all it needs."""

import argparse
import base64
import datetime
import hashlib
import hmac
import http.server
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

WIDTHS = [360, 768, 1280]
PASSWORD = "a sentence for the shop"
CLEAN = {
    name: "no"
    for name in [
        "commercial_use", "major_repair", "accident", "inspection_expired", "mortgaged", "taxes_owed", "scrap_due", "flood",
        "odometer_altered",
    ]
}


class API:
    """The public API over HTTP."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def send(self, method, path, key, body=None, headers=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"Bearer {key}")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or b"null"), answer.headers
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{method} {path}: {refusal.code} {refusal.read().decode()}")


class TLS(threading.Thread):
    """What a proxy does in front of the server: speaks TLS, and hands on the bytes."""

    def __init__(self, port, server_port, data):
        super().__init__(daemon=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{data}/tls.crt", f"{data}/tls.key")
        self.listener = context.wrap_socket(socket.create_server(("127.0.0.1", port)), server_side=True)
        self.server_port = server_port

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except (ssl.SSLError, OSError):
                continue
            server = socket.create_connection(("127.0.0.1", self.server_port))
            for source, target in [(client, server), (server, client)]:
                threading.Thread(target=self.copy, args=(source, target), daemon=True).start()

    @staticmethod
    def copy(source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.close()
            except OSError:
                pass


class Browser:
    """A headless Chromium at the end of a pipe (the DevTools protocol, messages apart by a zero byte)."""

    def __init__(self, data):
        to_read, self.to_write = os.pipe()
        self.to_listen, to_answer = os.pipe()

        def pipes():
            # Kept out of the way first: one of them may have the number that another is to get.
            reading, answering = os.dup(to_read), os.dup(to_answer)
            os.dup2(reading, 3)
            os.dup2(answering, 4)

        self.process = subprocess.Popen(
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors",
                "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={data}/chromium", "about:blank",
            ],
            preexec_fn=pipes,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_answer)
        self.buffer = b""
        self.count = 0
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "DOM", "Network"]:
            self.ask(f"{domain}.enable")
        self.speak("zh-CN")

    def ask(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.count:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]

    def next(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.to_listen, 1 << 20)
            if not piece:
                sys.exit("Chromium has gone")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def run(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def speak(self, language):
        self.ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def dim(self, scheme):
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def go(self, url):
        self.ask("Page.navigate", url=url)
        self.settle()

    def settle(self):
        """Until the page stands still: its script may send a form on its own."""
        before = None
        for _ in range(100):
            time.sleep(0.15)
            try:
                now = self.run("document.readyState + ' ' + location.href + ' ' + document.body.innerText.length")
            except SystemExit:
                continue
            if now == before and now.startswith("complete"):
                return
            before = now
        sys.exit(f"the page does not settle: {before}")

    def fill(self, form, **fields):
        script = f"const form = document.querySelector({json.dumps(form)});"
        for name, value in fields.items():
            script += f"form.elements[{json.dumps(name)}].value = {json.dumps(value)};"
        self.run(f"{{{script} form.requestSubmit(); 0}}")
        time.sleep(0.3)
        self.settle()


class Shots:
    def __init__(self, browser, directory):
        self.browser = browser
        self.directory = directory
        self.faults = []

    def paper(self, name):
        pdf = self.browser.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        with open(f"{self.directory}/{name}.pdf", "wb") as file:
            file.write(base64.b64decode(pdf["data"]))
        pages = base64.b64decode(pdf["data"]).count(b"/Type /Page\n") or base64.b64decode(pdf["data"]).count(b"/Type/Page\n")
        if pages > 1:
            self.faults.append(f"{name} is {pages} pages of paper")

    def take(self, name, limit=2400):
        for width in WIDTHS:
            self.browser.ask(
                "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False
            )
            time.sleep(0.1)
            if not self.browser.run("document.documentElement.scrollWidth <= innerWidth"):
                wide = self.browser.run("document.documentElement.scrollWidth")
                self.faults.append(f"{name} is {wide} px wide at {width} px")
            height = self.browser.run(f"Math.min(document.documentElement.scrollHeight, {limit})")
            clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
            picture = self.browser.ask(
                "Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip
            )
            with open(f"{self.directory}/{name}-{width}.png", "wb") as file:
                file.write(base64.b64decode(picture["data"]))
        text = self.browser.run("document.title")
        print(f"{name}: {text}")


def code(secret):
    """RFC 6238."""
    key = base64.b32decode(secret.replace(" ", ""))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = mac[-1] & 15
    number = struct.unpack(">I", mac[place:place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1000000:06d}"


def checked(body):
    """A VIN with its check digit (GB 16735)."""
    values = dict(zip("ABCDEFGH", range(1, 9))) | dict(zip("JKLMN", range(1, 6))) | {"P": 7, "R": 9}
    values |= dict(zip("STUVWXYZ", range(2, 10))) | {str(digit): digit for digit in range(10)}
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    rest = sum(values[letter] * weight for letter, weight in zip(body, weights)) % 11
    return body[:8] + ("X" if rest == 10 else str(rest)) + body[9:]


CARS = [
    ("比亚迪", "秦 PLUS", "plug_in_hybrid", 8_880_000), ("大众", "朗逸", "petrol", 6_580_000),
    ("丰田", "卡罗拉", "hybrid", 9_280_000), ("特斯拉", "Model 3", "battery", 16_800_000),
    ("本田", "雅阁", "petrol", 11_900_000), ("吉利", "星越 L", "petrol", 10_500_000),
]


def stock(api, key, count):
    today = datetime.date.today()
    listings = []
    for number in range(count):
        make, series, energy, fen = CARS[number % len(CARS)]
        since = today - datetime.timedelta(days=(number * 37) % 120)
        body = {
            "vin": checked(f"LSVDEM330MD{number:06d}"), "title": f"20{18 + number % 6} 款 {make} {series}",
            "odometer_km": 18_000 + 3_700 * number, "disclosures": CLEAN,
            "price": {"kind": "asking", "amount": fen - 120_000 * (number % 5), "currency": "CNY"},
            "vehicle": {"make": make, "series": series, "energy": energy, "first_registered_on": "2021-05-08"},
            "location": {"province": "CN-ZJ", "city": "杭州"},
            "stock": {"number": f"A-{number + 101}", "since": since.isoformat()},
        }
        if number % 7 == 3:
            del body["location"], body["vehicle"]["energy"]
            body["disclosures"] = {"flood": "not_known"}
            body["title"] += " 精品车况 无事故无泡水 一手车主 全程4S店保养 支持第三方检测"
        listing, headers = api.send("POST", "/v1/listings", key, body)
        if number % 7 in (0, 1, 4, 5):
            api.send("POST", f"/v1/listings/{listing['id']}/publish", key, {}, {"If-Match": headers["ETag"]})
        listings.append(listing)
    return listings


def accident(api, administrator, vin):
    event = {
        "kind": "accident.reported", "occurred_at": "2023-06-01T08:00:00.000Z", "ref": "CLAIM-1",
        "data": {"structural": "yes"},
    }
    api.send("POST", f"/v1/vehicles/{vin}/events", administrator, event)


def sales(api, administrator, count):
    """Sales of one trim and some of its series, dearer where they are newer and less driven."""
    today = datetime.date.today()
    lines = []
    for number in range(count):
        km = 20_000 + (number * 7_919) % 90_000
        car = {
            "brand": "大众", "series": "朗逸", "model_year": 2021, "registered_on": "2021-05-20", "odometer_km": km,
            "trim": "2021款 1.5L 自动舒适版" if number % 3 else "2021款 280TSI 豪华版", "energy": "petrol",
            "new_price": {"amount": 12_990_000 if number % 3 else 15_090_000, "currency": "CNY"},
        }
        sold = today - datetime.timedelta(days=10 + (number * 13) % 170)
        price = (8_300_000 if number % 3 else 9_400_000) - km * 12 + (number * 104_729) % 500_000
        lines.append({
            "car": car, "price_fen": price, "sold_on": sold.isoformat(), "vehicle": f"V{number}", "kind": "retail",
        })
    body = "\n".join(json.dumps(line) for line in lines).encode()
    request = urllib.request.Request(api.url + "/v1/pricing/comparables", data=body, method="POST")
    request.add_header("Authorization", f"Bearer {administrator}")
    request.add_header("Content-Type", "application/x-ndjson")
    with urllib.request.urlopen(request) as answer:
        print(f"sales: {answer.read().decode()}")


def pricing(api, administrator, site, browser, shots):
    sales(api, administrator, 60)
    browser.go(f"{site}/price")
    shots.take("price-form")
    browser.fill(".price-form", brand="大众", series="朗逸", odometer_km="far", new_price="12.99")
    shots.take("price-refused")
    browser.fill(
        ".price-form", brand="大众", series="朗逸", trim="2021款 1.5L 自动舒适版", model_year="2021",
        registered_on="2021-06-18", odometer_km="45260", new_price="12.99", energy="petrol", colour="白色", city="杭州",
    )
    shots.take("price")
    browser.dim("dark")
    shots.take("price-dark")
    browser.dim("light")
    browser.speak("en")
    browser.go(browser.run("location.href"))
    shots.take("price-english")
    browser.speak("zh-CN")


def stock_file(path):
    header = "车架号,品牌,车系,车型,上牌日期,表显里程(万公里),报价(万元),燃料类型,所在城市,收购价(万元)"
    rows = [header]
    for number in range(40):
        bad = number % 9 == 4
        vin = "太短" if number == 13 else checked(f"LFV2A21K0G{number:07d}")
        price, energy = ("面议", "核动力") if bad else (f"{6 + number % 5}.{number % 10}", "汽油")
        rows.append(f"{vin},大众,朗逸,2021款 1.5L 自动舒适版,2021-05,{2 + number % 7},{price},{energy},浙江省杭州市,5")
    with open(path, "w", encoding="gb18030") as file:
        file.write("\r\n".join(rows))


def link(chexin, kind):
    """The operator delivers what waits in the outbox: the path of the link in the newest letter of this kind."""

    def told(*arguments):
        lines = subprocess.run([chexin, "outbox", *arguments], capture_output=True, check=True, text=True).stdout
        return [json.loads(line) for line in lines.splitlines()]

    message = next(one for one in told("list") if one["kind"] == kind)
    text = json.dumps(told("show", message["id"]), ensure_ascii=False)
    return text.split("https://localhost", 1)[1].split("/", 1)[1].split('"', 1)[0].rstrip("\\")


LIFE = [
    ("2019-06-03", "vehicle.registered", {
        "make": "长安", "series": "CS75", "model": "2019款 1.8T 尊贵型", "energy": "petrol", "color": "白色", "use": "private",
    }),
    ("2019-09-20", "odometer.read", {"odometer_km": 4_980}),
    ("2020-05-11", "maintenance.done", {"odometer_km": 16_240, "items": ["更换机油", "更换机油滤清器"]}),
    ("2021-04-02", "maintenance.done", {"odometer_km": 48_310, "items": ["更换变速箱油"]}),
    ("2021-10-15", "accident.reported", {"structural": "no", "severity": "minor"}),
    ("2022-03-28", "odometer.read", {"odometer_km": 78_900}),
    ("2023-02-19", "ownership.transferred", {"use": "private"}),
    ("2023-06-30", "maintenance.done", {"odometer_km": 121_700, "items": ["更换刹车片"]}),
    ("2024-07-08", "odometer.read", {"odometer_km": 155_534}),
    ("2025-03-12", "odometer.read", {"odometer_km": 77_452}),
    ("2025-05-22", "maintenance.done", {"odometer_km": 80_130, "items": ["全车保养"]}),
    ("2020-11-03", "repair.done", {"structural": "yes"}),
]


def life(api, administrator, vin):
    """A car with a past: turned back, one entry corrected, one erased, one reported years late."""
    hashes = []
    for number, (day, kind, data) in enumerate(LIFE):
        event = {"kind": kind, "occurred_at": f"{day}T02:00:00.000Z", "ref": f"{kind}-{number}", "data": data}
        hashes.append(api.send("POST", f"/v1/vehicles/{vin}/events", administrator, event)[0]["hash"])
    correction = {
        "kind": "entry.corrected", "occurred_at": "2019-09-21T02:00:00.000Z", "ref": "correction", "corrects": hashes[1],
        "data": {"reason": "少录一位", "data": {"odometer_km": 5_980}},
    }
    api.send("POST", f"/v1/vehicles/{vin}/events", administrator, correction)
    erasure = {"entry": hashes[3], "ground": "consent_withdrawn", "ref": "erasure"}
    api.send("POST", f"/v1/vehicles/{vin}/erasures", administrator, erasure)


VERIFIED = "document.getElementById('checks').dataset.state || ''"


def verified(browser, state):
    for _ in range(100):
        found = browser.run(VERIFIED)
        if found:
            break
        time.sleep(0.1)
    if found != state:
        sys.exit(f"the page came to {found}: {browser.run('document.body.innerText')}")


def cars(api, administrator, site, browser, shots):
    """What a buyer sees who scans the code on a car."""
    vin = checked("LS5DEM020KD386300")
    life(api, administrator, vin)
    browser.go(f"{site}/v/{vin}")
    verified(browser, "genuine")
    shots.take("car", limit=6000)
    browser.dim("dark")
    shots.take("car-dark")
    browser.dim("light")
    browser.speak("en")
    browser.go(f"{site}/v/{vin}")
    verified(browser, "genuine")
    shots.take("car-english")
    browser.speak("zh-CN")
    browser.go(f"{site}/v/{vin}/certificate")
    verified(browser, "genuine")
    shots.take("certificate")
    shots.paper("certificate")
    browser.go(f"{site}/v/{checked('LSVDEM330MD999900')}")
    verified(browser, "genuine")
    shots.take("car-unknown")
    # Somebody between the log and the buyer, who makes an odometer look better.
    meddling = browser.ask("Page.addScriptToEvaluateOnNewDocument", source="""
        const honest = window.fetch;
        window.fetch = async (...question) => {
          const text = await (await honest(...question)).text();
          return new Response(text.replace('155534', '75534'));
        };
        """)["identifier"]
    browser.go(f"{site}/v/{vin}")
    verified(browser, "refused")
    shots.take("car-tampered", limit=6000)
    browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=meddling)
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    browser.go(f"{site}/v/{vin}")
    shots.take("car-without-script")
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "tls-port"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ["chexin", "data", "directory"]:
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    api = API(options.port)
    TLS(options.tls_port, options.port, options.data).start()
    site = f"https://localhost:{options.tls_port}"
    with open(f"{options.data}/administrator.json", encoding="utf-8") as file:
        text = file.read()
    administrator = next(word for word in text.replace('"', " ").split() if word.startswith("chx_live_"))
    dealer, _ = api.send(
        "POST", "/v1/organizations", administrator,
        {"kind": "dealer", "name": "杭州西湖诚信二手车有限公司", "uscc": "91110108551385082Q"},
    )
    key, _ = api.send("POST", f"/v1/organizations/{dealer['id']}/api-keys", administrator, {"name": "库存系统"})
    invitation = {
        "name": "张伟", "login": "zhang.wei@example.com",
        "scopes": ["organization:read", "listings:write", "keys:write", "events:write", "audit:read", "watches:write"],
    }
    api.send("POST", f"/v1/organizations/{dealer['id']}/invitations", administrator, invitation)

    browser = Browser(options.data)
    shots = Shots(browser, options.directory)
    try:
        walk(options, api, administrator, key["secret"], site, browser, shots)
    finally:
        browser.process.kill()
    if shots.faults:
        sys.exit("\n".join(shots.faults))


def walk(options, api, administrator, key, site, browser, shots):
    cars(api, administrator, site, browser, shots)
    browser.go(f"{site}/sign-in")
    shots.take("sign-in")
    browser.fill("form.narrow", login="zhang.wei@example.com", password="wrong", code="000000")
    shots.take("sign-in-refused")
    browser.go(f"{site}/{link(options.chexin, 'invitation')}")
    shots.take("join")
    secret = browser.run("document.querySelector('.secret').textContent")
    browser.fill("form.narrow", password="password", code="12")
    shots.take("join-refused")
    browser.fill("form.narrow", password=PASSWORD, code=code(secret))
    shots.take("recovery-codes")
    if not browser.run("document.cookie === ''"):
        sys.exit("a script can see the cookie")
    browser.go(f"{site}/dealer")
    shots.take("stock-empty")
    listings = stock(api, key, 60)
    accident(api, administrator, listings[3]["vin"])
    browser.go(f"{site}/dealer")
    shots.take("stock")
    browser.dim("dark")
    shots.take("stock-dark")
    browser.dim("light")
    browser.speak("en")
    browser.go(f"{site}/dealer?band=overdue&sort=price")
    shots.take("stock-english")
    browser.speak("zh-CN")
    browser.go(f"{site}/dealer/listings/{listings[3]['id']}")
    shots.take("listing-draft")
    browser.fill("form[action$=publish]")
    shots.take("listing-refused")
    browser.go(f"{site}/dealer/listings/{listings[0]['id']}")
    shots.take("listing-published")
    importing(site, browser, shots, options.data)
    pricing(api, administrator, site, browser, shots)
    browser.go(f"{site}/dealer/keys")
    shots.take("keys")
    browser.go(f"{site}/dealer/keys/new")
    shots.take("key-form")
    browser.fill("form.narrow", name="官网同步")
    shots.take("key-made")
    webhooks(api, administrator, listings[0]["vin"], site, browser, shots)
    for name, path in [("account", "account"), ("not-found", "dealer/listings/nothing"), ("step-up", "step-up")]:
        browser.go(f"{site}/{path}")
        shots.take(name)
    browser.fill("form[action='/sign-out']")
    for name in ["new-password", "enter"]:
        browser.go(f"{site}/{name}")
        shots.take(name)


class Receiver(threading.Thread):
    """What is told to: it refuses what comes first."""

    def __init__(self):
        super().__init__(daemon=True)
        self.count = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.count += 1
                self.rfile.read(int(self.headers["Content-Length"]))
                body = "库存系统正在维护 / down for maintenance".encode() if receiver.count == 1 else b""
                self.send_response(503 if body else 204)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)

    def run(self):
        self.server.serve_forever()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/chexin/hooks"


def webhooks(api, administrator, vin, site, browser, shots):
    receiver = Receiver()
    receiver.start()
    browser.go(f"{site}/dealer/webhooks")
    shots.take("webhooks-empty")
    browser.go(f"{site}/dealer/webhooks/new")
    shots.take("webhook-form")
    browser.fill("form.narrow", url="ftp://10.0.0.1/")
    shots.take("webhook-refused")
    browser.fill("form.narrow", kind="stock", url=receiver.url, name="库存系统")
    shots.take("webhook-made")
    page = browser.run("document.querySelector('a.main').href")
    browser.go(page)
    browser.fill("form[action$=test]")
    shots.take("webhook-test-refused")
    event = {
        "kind": "odometer.read", "occurred_at": "2026-01-05T08:00:00.000Z", "ref": "READ-1", "data": {"odometer_km": 51_000},
    }
    api.send("POST", f"/v1/vehicles/{vin}/events", administrator, event)
    while receiver.count < 2:
        time.sleep(0.2)
    time.sleep(1)
    browser.fill("form[action$=test]")
    browser.run("for (const one of document.querySelectorAll('details')) one.open = true; 0")
    shots.take("webhook")
    browser.fill("form[action$=state]")
    browser.speak("en")
    browser.go(page)
    shots.take("webhook-paused-english")
    browser.speak("zh-CN")
    browser.go(f"{site}/dealer/webhooks")
    shots.take("webhooks")


def importing(site, browser, shots, data):
    browser.go(f"{site}/dealer/imports")
    shots.take("imports-empty")
    stock_file(f"{data}/stock.csv")
    root = browser.ask("DOM.getDocument")["root"]["nodeId"]
    field = browser.ask("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
    browser.ask("DOM.setFileInputFiles", nodeId=field, files=[f"{data}/stock.csv"])
    browser.fill("form[data-upload]", mode="skip_bad")
    for _ in range(60):
        if browser.run("document.querySelector('.result') !== null"):
            break
        time.sleep(0.5)
        browser.settle()
    shots.take("import-done")
    browser.go(f"{site}/dealer/imports")
    shots.take("imports")


if __name__ == "__main__":
    main()
