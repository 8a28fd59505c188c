import Core
import Logging
import Storage
import Support
import Testing

/// The dealer's pages: stock, one car, imports and keys.
@Suite struct DealerPageTests {
    private func shop(_ scopes: [String] = PageTests.manager) async throws -> (
        house: House, dealer: House.Member, browser: Browser
    ) {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (browser, _) = try await house.browser(dealer.id, as: "zhang@example.com", scopes: scopes)
        return (house, dealer, browser)
    }

    private func draft(
        _ house: House,
        _ key: String,
        _ change: [JSON.Member] = [],
        vin: String = House.vin
    ) async throws -> String {
        let kept = (ListingTests.draft(vin).members ?? []).filter { old in !change.contains { $0.name == old.name } }
        let made = try await house.post("/v1/listings", .object(kept + change), as: key)
        return try #require(made.json["id"]?.stringValue, "\(made.http.text)")
    }

    // MARK: Stock

    @Test func `cars are counted by how long they stand, and found by it`() async throws {
        let (house, dealer, browser) = try await shop()
        #expect(try await browser.get("/dealer").text.contains("还没有车辆"))
        // The clock stands at 2026-03-01: 52 days, and entered today.
        _ = try await draft(house, dealer.key)
        _ = try await draft(house, dealer.key, [.init("stock", .null), .init("title", "今天进的车")], vin: House.otherVIN)
        let all = try await browser.get("/dealer")
        #expect(all.text.contains("52 天"))
        #expect(all.text.contains("0 天"))
        #expect(all.text.contains("<rect class=\"fresh\" x=\"0\" y=\"0\" width=\"500\""))
        #expect(all.text.contains("<rect class=\"slow\" x=\"500\" y=\"0\" width=\"500\""))
        #expect(!all.text.contains("style="))
        let slow = try await browser.get("/dealer?band=slow")
        #expect(slow.text.contains("秦 PLUS"))
        #expect(!slow.text.contains("今天进的车"))
        #expect(try await browser.get("/dealer?status=sold").text.contains("没有符合条件的车辆"))
        #expect(try await browser.get("/dealer?unknown=1").status == 400)
        browser.language = "en"
        let english = try await browser.get("/dealer")
        #expect(english.text.contains("<html lang=\"en\">"))
        #expect(english.text.contains("52 days"))
    }

    @Test func `hostile names stay names`() async throws {
        let (house, dealer, browser) = try await shop()
        let hostile = "\"><img src=x onerror=alert(1)>"
        let id = try await draft(house, dealer.key, [.init("title", JSON(hostile)), .init("text", "</p><script>")])
        for path in ["/dealer", "/dealer/listings/\(id)"] {
            let page = try await browser.get(path)
            #expect(page.text.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"))
            #expect(!page.text.contains("<img src=x"))
            #expect(!page.text.contains("</p><script>"))
        }
    }

    // MARK: One car

    @Test func `what stands in the way is a list, and publishing goes by the API's own rules`() async throws {
        let (house, dealer, browser) = try await shop()
        let insurer = try await house.insurer()
        _ = try await house.append("accident.reported", ["structural": "yes"], ref: "a", as: insurer.key)
        let id = try await draft(house, dealer.key, [.init("title", "精品无事故")])
        let page = try await browser.get("/dealer/listings/\(id)")
        #expect(page.text.contains("还有 2 项须先处理"))
        #expect(page.text.contains("class=\"verdict critical\""))
        let tag = try #require(page.value(between: "name=\"tag\" value=\"", and: "\""))
        let refused = try await browser.post("/dealer/listings/\(id)/publish", [("tag", tag)])
        #expect(refused.status == 422)
        #expect(refused.text.contains("未能发布：还有 2 项须先处理"))
        #expect(refused.text.contains("与车辆历史矛盾"))
        let mended = try await house.send(
            "PATCH",
            "/v1/listings/\(id)",
            ["title": "秦 PLUS", "disclosures": ["accident": "yes"]],
            as: dealer.key,
            headers: [("If-Match", "\"\(tag)\"")]
        )
        #expect(mended.status == 200, "\(mended.http.text)")
        let stale = try await browser.post("/dealer/listings/\(id)/publish", [("tag", tag)])
        #expect(stale.status == 412)
        let fresh = try #require(stale.value(between: "name=\"tag\" value=\"", and: "\""))
        let published = try await browser.post(
            "/dealer/listings/\(id)/publish",
            [("tag", fresh), ("next", "/dealer?band=slow")]
        )
        #expect(published.header("Location") == "/dealer?band=slow&done=published")
        let offered = try await browser.get("/dealer/listings/\(id)")
        let newest = try #require(offered.value(between: "name=\"tag\" value=\"", and: "\""))
        let silent = try await browser.post("/dealer/listings/\(id)/withdraw", [("tag", newest), ("reason", "")])
        #expect(silent.status == 422)
        #expect(silent.value(between: "id=\"reason-fault\">", and: "<") == "请填写")
        let withdrawn = try await browser.post("/dealer/listings/\(id)/withdraw", [("tag", newest), ("reason", "整备")])
        #expect(withdrawn.header("Location") == "/dealer/listings/\(id)?done=withdrawn")
    }

    @Test func `another dealer's car answers byte for byte like one that does not exist`() async throws {
        let (house, dealer, browser) = try await shop()
        let other = try await house.member("dealer", "91330106MA2CX0108D")
        let theirs = try await draft(house, other.key)
        let tag = try #require(try await house.get("/v1/listings/\(theirs)", as: other.key).http.header("ETag"))
        _ = try await house.post("/v1/listings/\(theirs)/publish", [:], as: other.key, headers: [("If-Match", tag)])
        #expect(try await house.get("/v1/listings/\(theirs)").status == 200)
        let nobodys = "lst_" + String(repeating: "0", count: 26)
        for path in ["", "/publish", "/withdraw"] {
            let fields = path.isEmpty ? nil : path == "/withdraw" ? [("tag", tag), ("reason", "x")] : [("tag", tag)]
            var answers: [HTTPAnswer] = []
            for id in [theirs, nobodys] {
                let target = "/dealer/listings/\(id)\(path)"
                if let fields {
                    answers.append(try await browser.post(target, fields))
                } else {
                    answers.append(try await browser.get(target))
                }
            }
            #expect(answers.map(\.status) == [404, 404])
            #expect(answers[0].body == answers[1].body)
            #expect(Set(answers[0].headers.map(\.name)) == Set(answers[1].headers.map(\.name)))
        }
        #expect(dealer.id != other.id)
    }

    // MARK: Roles

    @Test func `each role gets where its own rights lead`() async throws {
        let house = try await House.open()
        let platform = try await house.platformID()
        let dealer = try await house.dealer()
        let id = try await draft(house, dealer.key)
        let car = "/dealer/listings/\(id)"
        let table = [
            // Before there is an administrator, who would have to approve of it.
            ("finance", [403, 403, 200, 403], platform), ("admin", [200, 200, 200, 403], platform),
            ("dealer", [200, 200, 200, 403], dealer.id), ("auditor", [200, 200, 200, 403], platform),
            ("workshop", [403, 403, 200, 403], try await house.workshop().id),
        ]
        for (role, expected, organization) in table {
            let staff = ["finance", "auditor", "admin"].contains(role) ? role : nil
            let (browser, _) = try await house.browser(organization, as: "\(role)@example.com", role: staff)
            // What was shown at the sign-in is stale by now.
            house.clock.advance(seconds: 6 * 60)
            var found: [Int] = []
            for path in ["/dealer", car, "/account", "/dealer/keys/new"] {
                found.append(try await browser.get(path).status)
            }
            #expect(found == expected, "\(role)")
            if role == "auditor" { #expect(!(try await browser.get(car).text.contains("/publish"))) }
        }
    }

    // MARK: Keys

    @Test func `a key is made after the second factor, shown once, and revoked`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (browser, app) = try await house.browser(dealer.id, as: "li@example.com", scopes: PageTests.manager)
        house.clock.advance(seconds: 6 * 60)
        #expect(try await browser.get("/dealer/keys").text.contains("href=\"/dealer/keys/new\""))
        let turned = try await browser.get("/dealer/keys/new")
        #expect(turned.header("Location") == "/step-up?next=%2Fdealer%2Fkeys%2Fnew")
        let wrong = try await browser.post("/step-up", [("code", "000000"), ("next", "/dealer/keys/new")])
        #expect(wrong.status == 422)
        let before = browser.cookie
        let code = try app.code(at: house.clock.now())
        let shown = try await browser.post("/step-up", [("code", code), ("next", "/dealer/keys/new")])
        #expect(shown.header("Location") == "/dealer/keys/new", "\(shown.text)")
        #expect(browser.cookie != before)
        let form = try await browser.get("/dealer/keys/new")
        #expect(form.text.contains("name=\"scope.listings:write\" value=\"on\" checked"))
        #expect(!form.text.contains("scope.payloads:erase"))
        let refused = try await browser.post("/dealer/keys", [("name", ""), ("days", "90")])
        #expect(refused.status == 422)
        #expect(refused.value(between: "id=\"name-fault\">", and: "<") == "请填写")
        let made = try await browser.post(
            "/dealer/keys",
            [("name", "库存系统"), ("days", "90"), ("scope.listings:write", "on"), ("scope.organization:read", "on")]
        )
        #expect(made.status == 200, "\(made.text)")
        let secret = try #require(made.value(between: ">chx_live_", and: "<"))
        #expect(made.header("Cache-Control") == "no-store")
        let me = try await house.get("/v1/me", as: "chx_live_\(secret)")
        #expect(me.json["scopes"] == ["listings:write", "organization:read"])
        let list = try await browser.get("/dealer/keys")
        #expect(!list.text.contains(secret))
        let id = try #require(me.json["api_key"]?["id"]?.stringValue)
        let revoked = try await browser.post("/dealer/keys/\(id)/revoke")
        #expect(revoked.header("Location") == "/dealer/keys?done=revoked")
        #expect(try await house.get("/v1/me", as: "chx_live_\(secret)").status == 401)
        house.clock.advance(seconds: 6 * 60)
        let late = try await browser.post("/dealer/keys", [("name", "x"), ("scope.audit:read", "on")])
        #expect(late.header("Location") == "/step-up?next=%2Fdealer%2Fkeys")
    }
}
