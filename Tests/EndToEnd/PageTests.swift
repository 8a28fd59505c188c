import Core
import People
import Support
import Testing

/// A dealer's staff in their browsers.
@Suite struct PageTests {
    static let manager = ["organization:read", "listings:write", "keys:write", "events:write", "audit:read"]

    private func shop() async throws -> (house: House, dealer: House.Member, browser: Browser, app: AuthenticatorApp) {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (browser, app) = try await house.browser(dealer.id, as: "zhang@example.com", scopes: Self.manager)
        return (house, dealer, browser, app)
    }

    private func draft(_ house: House, _ key: String, _ change: [JSON.Member] = [], vin: String = House.vin)
        async throws
        -> String
    {
        let kept = (ListingTests.draft(vin).members ?? []).filter { old in !change.contains { $0.name == old.name } }
        let made = try await house.post("/v1/listings", .object(kept + change), as: key)
        return try #require(made.json["id"]?.stringValue, "\(made.http.text)")
    }

    // MARK: Signing in

    @Test func `an invitation is accepted, the codes are shown once, and the cookie is locked up`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        _ = try await house.post(
            "/v1/organizations/\(dealer.id)/invitations",
            ["name": "张伟", "login": "zhang@example.com"],
            as: house.administrator
        )
        let browser = Browser(house)
        let token = try house.channel.secret(.invitation)
        #expect(try await browser.get("/join").status == 200)
        let wrong = try await browser.post("/join", [("token", "nonsense")])
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("链接无效、已使用或已过期"))
        let opened = try await browser.post("/join", [("token", token)])
        #expect(opened.text.contains("<svg class=\"qr\""))
        #expect(opened.text.contains("z***@example.com"))
        let secret = try #require(opened.value(between: "<code class=\"secret\">", and: "</code>"))
        let app = try AuthenticatorApp(secret: secret.replacing(" ", with: ""))
        let refused = try await browser.post(
            "/join/accept",
            [("token", token), ("password", "password"), ("code", "")]
        )
        #expect(refused.status == 422)
        // Everything that is wrong, each at its field, and what was entered is not shown again.
        #expect(refused.value(between: "id=\"password-fault\">", and: "<") != nil)
        #expect(refused.value(between: "id=\"code-fault\">", and: "<") == "请填写")
        #expect(!refused.text.contains("value=\"password\""))
        #expect(refused.text.contains("<svg class=\"qr\""))
        let joined = try await browser.post(
            "/join/accept",
            [("token", token), ("password", House.password), ("code", try app.code(at: house.clock.now()))]
        )
        #expect(joined.status == 200, "\(joined.text)")
        #expect(joined.text.components(separatedBy: "<li><code>") == 11)
        let cookie = try #require(joined.header("Set-Cookie"))
        #expect(cookie.hasPrefix("__Host-chexin=chx_ses_"))
        #expect(cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Strict"))
        #expect(try await browser.get("/dealer").status == 200)
    }

    @Test func `signing in leads to where one wanted to go, and out again`() async throws {
        let (house, _, browser, app) = try await shop()
        let out = try await browser.post("/sign-out")
        #expect(out.status == 303)
        #expect(out.header("Set-Cookie")?.contains("Max-Age=0") == true)
        #expect(try await browser.get("/").header("Location") == "/sign-in")
        let turned = try await browser.get("/dealer?status=draft&band=slow")
        #expect(turned.status == 303)
        let target = try #require(turned.header("Location"))
        #expect(target == "/sign-in?next=%2Fdealer%3Fstatus%3Ddraft%26band%3Dslow")
        let form = try await browser.get(target)
        #expect(form.text.contains("name=\"next\" value=\"/dealer?status=draft&amp;band=slow\""))
        let wrong = try await browser.post(
            "/sign-in",
            [("login", "zhang@example.com"), ("password", "wrong"), ("code", "000000"), ("next", "//evil.example")]
        )
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("role=\"alert\""))
        #expect(wrong.text.contains("value=\"zhang@example.com\""))
        #expect(wrong.text.contains("name=\"next\" value=\"/dealer\""))
        #expect(wrong.header("Set-Cookie") == nil)
        house.clock.advance(seconds: 60)
        let entered = try await browser.post(
            "/sign-in",
            [
                ("login", "zhang@example.com"), ("password", House.password),
                ("code", try app.code(at: house.clock.now())), ("next", "/dealer?status=draft"),
            ]
        )
        #expect(entered.status == 303, "\(entered.text)")
        #expect(entered.header("Location") == "/dealer?status=draft")
        #expect(try await browser.get("/dealer").status == 200)
    }

    @Test func `a session gets another token as it ages, and ends in a page that says so`() async throws {
        let (house, _, browser, _) = try await shop()
        let first = browser.cookie
        #expect(try await browser.get("/dealer").header("Set-Cookie") == nil)
        house.clock.advance(seconds: 16 * 60)
        #expect(try await browser.get("/dealer").status == 200)
        let second = browser.cookie
        #expect(second != first)
        house.clock.advance(seconds: 60)
        browser.cookie = first
        #expect(try await browser.get("/dealer").status == 303)
        browser.cookie = second
        #expect(try await browser.get("/dealer").status == 200)
        house.clock.advance(seconds: 31 * 60)
        let over = try await browser.get("/dealer")
        #expect(over.header("Location") == "/sign-in?next=%2Fdealer&because=session_expired")
        #expect(over.header("Set-Cookie")?.contains("Max-Age=0") == true)
        #expect(try await browser.get("/sign-in?because=session_expired").text.contains("会话已过期"))
    }

    @Test func `a page takes no key, and the API no cookie`() async throws {
        let (house, dealer, browser, _) = try await shop()
        let token = try #require(browser.cookie)
        for key in [dealer.key, token] {
            let answer = try await house.client.send("GET", "/dealer", headers: [("Authorization", "Bearer \(key)")])
            #expect(answer.status == 303)
        }
        let keyed = Browser(house)
        keyed.cookie = dealer.key
        #expect(try await keyed.get("/dealer").status == 303)
        let api = try await house.client.send("GET", "/v1/me", headers: [("Cookie", "__Host-chexin=\(token)")])
        #expect(api.status == 401)
    }

    @Test(arguments: [
        ([] as HTTPClient.Headers, 403), ([("Sec-Fetch-Site", "cross-site")], 403), ([("Sec-Fetch-Site", "none")], 403),
        ([("Sec-Fetch-Site", "same-site")], 403), ([("Origin", "https://evil.example")], 403),
        ([("Origin", "null")], 403),
        ([("Sec-Fetch-Site", "cross-site"), ("Origin", "https://shop.example")], 403),
        ([("Origin", "https://shop.example")], 303), ([("Origin", "http://shop.example")], 303),
    ])
    func `no other site acts in a browser of ours`(_ site: HTTPClient.Headers, _ status: Int) async throws {
        let (_, _, browser, _) = try await shop()
        let answer = try await browser.post("/sign-out", site: [("Host", "shop.example")] + site)
        #expect(answer.status == status)
        #expect(answer.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
        if status == 403 {
            #expect(try await browser.get("/dealer").status == 200)
            #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
        }
    }

    @Test func `a forgotten password is replaced by a link and the app`() async throws {
        let (house, _, browser, app) = try await shop()
        _ = try await browser.post("/sign-out")
        let sent = try await browser.post("/new-password/link", [("login", "zhang@example.com")])
        #expect(sent.header("Location") == "/new-password?done=sent")
        let token = try house.channel.secret(.passwordLink)
        house.clock.advance(seconds: 60)
        let form = { (code: String) in [("token", token), ("password", "another long sentence"), ("code", code)] }
        let wrong = try await browser.post("/new-password", form("000000"))
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("验证码不正确"))
        #expect(wrong.text.contains("value=\"\(token)\""))
        let changed = try await browser.post("/new-password", form(try app.code(at: house.clock.now())))
        #expect(changed.header("Location") == "/sign-in?done=password")
        let again = try await browser.post("/new-password", form("000000"))
        #expect(again.text.contains("链接无效"))
    }

    @Test func `buyers come by a code, and have an account and no stock`() async throws {
        let house = try await House.open()
        let browser = Browser(house)
        let sent = try await browser.post("/enter/code", [("login", "13812345678")])
        #expect(sent.text.contains("one-time-code"))
        let wrong = try await browser.post("/enter", [("login", "13812345678"), ("code", "1")])
        #expect(wrong.status == 422)
        let code = try house.channel.secret(.signInCode)
        let entered = try await browser.post("/enter", [("login", "13812345678"), ("code", code)])
        #expect(entered.header("Location") == "/account", "\(entered.text)")
        #expect(entered.header("Set-Cookie")?.contains("Max-Age=2592000") == true)
        let account = try await browser.get("/account")
        #expect(account.text.contains("138****5678"))
        #expect(!account.text.contains("href=\"/dealer/keys\""))
        #expect(try await browser.get("/dealer").status == 403)
    }

    // MARK: Every page

    @Test func `every page has a language, one heading, labels, and nothing inline`() async throws {
        let (house, dealer, browser, _) = try await shop()
        let car = try await draft(house, dealer.key)
        let stranger = Browser(house)
        let own = [
            "/dealer", "/dealer/listings/\(car)", "/dealer/imports", "/dealer/keys", "/dealer/keys/new", "/account",
        ]
        let everybodys = ["/sign-in", "/join", "/new-password", "/enter"]
        for path in own + everybodys {
            let page = try await (everybodys.contains(path) ? stranger : browser).get(path)
            #expect(page.status == 200, "\(path)")
            #expect(page.text.hasPrefix("<!doctype html>\n<html lang=\"zh-CN\">"), "\(path)")
            #expect(page.text.contains("<a class=\"skip\" href=\"#main\">"), "\(path)")
            #expect(page.text.components(separatedBy: "<h1>") == 2, "\(path)")
            #expect(page.text.components(separatedBy: "<script") == 2, "\(path)")
            for inline in [" style=", " onclick=", " onload=", "<style", "javascript:"] {
                #expect(!page.text.contains(inline), "\(path) \(inline)")
            }
            for field in page.text.split(separator: "<input id=\"").dropFirst()
                + page.text.split(
                    separator: "<select id=\""
                ).dropFirst()
            {
                let id = field.prefix { $0 != "\"" }
                #expect(page.text.contains("<label for=\"\(id)\""), "\(path) \(id)")
            }
            #expect(page.header("Cache-Control") == "no-store", "\(path)")
        }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}
