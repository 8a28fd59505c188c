import Core
import Support
import Testing

@testable import Web

@Suite("Who calls")
struct CallerTests {
    @Test
    func `without a credential where one is needed the answer is 401`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/things/1", token: nil)
        #expect(answer.status == 401)
        #expect(try answer.code() == "unauthenticated")
        #expect(answer.header("WWW-Authenticate") == "Bearer")
    }

    @Test(
        arguments: [
            "Bearer", "Bearer ", "Basic ZGVhbGVyLWE6", "dealer-a", "Bearer dealer-a extra", "Bearer dealer-a,dealer-b",
            "Bearer unknown", "Token dealer-a", "Bearer " + String(repeating: "x", count: 513),
        ]
    )
    func `what is no valid credential is refused, even where none is needed`(field: String) async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/public", token: nil, headers: [("Authorization", field)])
        #expect(answer.status == 401)
        #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
    }

    @Test
    func `two credentials are none`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/public", headers: [("Authorization", "Bearer dealer-b")])
        #expect(answer.status == 401)
    }

    @Test
    func `the scheme is read in any case`() async throws {
        let site = try await Site.start()
        let headers = [("Authorization", "bEaReR dealer-a")]
        #expect(try await site.send("GET", "/v1/things/1", token: nil, headers: headers).status == 200)
    }

    @Test
    func `a store that cannot answer is no reason to call the credential wrong`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/things/1", token: "store-busy")
        #expect(answer.status == 503)
        #expect(answer.header("Retry-After") == "3")
        #expect(try answer.code() == "store_busy")
    }

    @Test
    func `who may not is told why, in both languages`() async throws {
        let site = try await Site.start()
        let chinese = try await site.send("DELETE", "/v1/things/1", token: "dealer-b")
        #expect(chinese.status == 403)
        #expect(try chinese.json()["detail"] == "此凭证不能删除")
        let english = try await site.send(
            "DELETE",
            "/v1/things/1",
            token: "dealer-b",
            headers: [("Accept-Language", "en")]
        )
        #expect(try english.json()["detail"] == "This credential may not delete")
    }

    // MARK: Quotas

    @Test
    func `past the quota the answer is 429 until a token is back`() async throws {
        let site = try await Site.start()
        for left in [2, 1, 0] {
            let answer = try await site.send("GET", "/v1/few")
            #expect(answer.status == 200)
            #expect(answer.header("RateLimit") == "\"few\";r=\(left);t=20")
            #expect(answer.header("RateLimit-Policy") == "\"few\";q=3;w=60")
        }
        let refused = try await site.send("GET", "/v1/few")
        #expect(refused.status == 429)
        #expect(try refused.code() == "quota_exceeded")
        #expect(try refused.json()["violated-policies"] == ["few"])
        #expect(refused.header("Retry-After") == "20")
        site.clock.advance(seconds: 20)
        #expect(try await site.send("GET", "/v1/few").status == 200)
        #expect(try await site.send("GET", "/v1/few").status == 429)
    }

    @Test
    func `one caller's quota is not another's, nor an address's`() async throws {
        let site = try await Site.start()
        for token in ["dealer-a", "dealer-b", nil] {
            for _ in 0..<3 { #expect(try await site.send("GET", "/v1/few", token: token).status == 200) }
            #expect(try await site.send("GET", "/v1/few", token: token).status == 429)
        }
        // Another credential of the same organisation is the same caller.
        #expect(try await site.send("GET", "/v1/few", token: "dealer-a-session").status == 429)
    }

    @Test
    func `an answer that nothing has changed is free`() async throws {
        let site = try await Site.start()
        let headers = [("If-None-Match", "\"few\"")]
        for _ in 0..<10 {
            let answer = try await site.send("GET", "/v1/few", headers: headers)
            #expect(answer.status == 304)
            #expect(answer.header("RateLimit")?.hasPrefix("\"few\";r=3;") == true)
        }
    }

    @Test
    func `the quota is asked before the body and the idempotency key`() async throws {
        let site = try await Site.start()
        for _ in 0..<RateLimit.bulk.quota {
            _ = try await site.client.send("POST", "/v1/upload", headers: [("Content-Type", "text/plain")], body: [1])
        }
        let socket = try await site.server.connect()
        // The body never comes: an answer shows that nobody waited for it.
        await socket.send(
            "POST /v1/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nIdempotency-Key: a key\r\n\r\n"
        )
        #expect(try await socket.readToEnd().hasPrefix("HTTP/1.1 429 "))
    }

    @Test
    func `guessing credentials is counted by address`() async throws {
        let site = try await Site.start()
        for number in 0..<RateLimit.authentication.quota {
            #expect(try await site.send("GET", "/v1/public", token: "guess-\(number)").status == 401)
        }
        let refused = try await site.send("GET", "/v1/public", token: "guess-again")
        #expect(refused.status == 429)
        #expect(try refused.json()["violated-policies"] == ["authentication"])
        // A credential that is right suffers nothing from a neighbour's guessing.
        #expect(try await site.send("GET", "/v1/public").status == 200)
    }

    @Test
    func `unknown paths are counted, too`() async throws {
        let site = try await Site.start()
        for _ in 0..<RateLimit.stray.quota { _ = try await site.send("GET", "/nowhere", token: nil) }
        #expect(try await site.send("GET", "/nowhere", token: nil).status == 429)
        site.clock.advance(seconds: 60)
        #expect(try await site.send("GET", "/nowhere", token: nil).status == 404)
    }

    @Test
    func `behind a trusted proxy the caller is whom the proxy names`() async throws {
        var settings = Site.settings
        settings.trustedProxies = ["127.0.0.1"]
        let site = try await Site.start(settings: settings)
        func status(_ forwarded: String) async throws -> Int {
            try await site.send("GET", "/v1/few", token: nil, headers: [("X-Forwarded-For", forwarded)]).status
        }
        for _ in 0..<3 { #expect(try await status("198.51.100.1") == 200) }
        #expect(try await status("198.51.100.1") == 429)
        // Only the last entry is the proxy's own; the others are whatever the caller wrote.
        #expect(try await status("203.0.113.9, 198.51.100.1") == 429)
        #expect(try await status("198.51.100.2") == 200)
        // One IPv6 subscriber is one caller.
        for host in 1...3 { #expect(try await status("2001:db8:1:2::\(host)") == 200) }
        #expect(try await status("2001:db8:1:2:ffff::4") == 429)
        #expect(try await status("2001:db8:1:3::1") == 200)
    }

    @Test
    func `from anybody else X-Forwarded-For means nothing`() async throws {
        let site = try await Site.start()
        for host in 1...3 {
            let headers = [("X-Forwarded-For", "198.51.100.\(host)")]
            #expect(try await site.send("GET", "/v1/few", token: nil, headers: headers).status == 200)
        }
        let headers = [("X-Forwarded-For", "198.51.100.4")]
        #expect(try await site.send("GET", "/v1/few", token: nil, headers: headers).status == 429)
    }

    // MARK: Refusals

    @Test
    func `refusals are noted before they are answered`() async throws {
        let site = try await Site.start()
        let id = [("X-Request-Id", "refusal-1")]
        _ = try await site.send("GET", "/v1/things/1", token: nil, headers: id)
        _ = try await site.send("DELETE", "/v1/things/SECRETVIN", token: "dealer-b", headers: id)
        _ = try await site.send("POST", "/v1/things", headers: id, json: "{}")
        _ = try await site.send("POST", "/nowhere/SECRETVIN", headers: id)
        _ = try await site.send("PUT", "/v1/things/1", headers: id)
        let all = site.refusals.all.map {
            "\($0.method) \($0.route) \($0.status) \($0.code) \($0.principal?.credential ?? "-")"
        }
        #expect(
            all == [
                "GET /v1/things/{id} 401 unauthenticated -",
                "DELETE /v1/things/{id} 403 forbidden key_b",
                "POST /v1/things 422 invalid_request key_a",
                "POST unmatched 404 not_found -",
                "PUT unmatched 405 method_not_allowed -",
            ]
        )
        #expect(site.refusals.all.allSatisfy { $0.requestID == "refusal-1" && $0.remoteAddress == "127.0.0.1" })
    }

    @Test
    func `what was not refused, and reading what is not there, is not noted`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/things/1")
        _ = try await site.send("GET", "/v1/things/missing")
        _ = try await site.send("GET", "/v1/public?x=1")
        _ = try await site.send("POST", "/v1/things", json: #"{"name":"a"}"#)
        #expect(site.refusals.all.isEmpty)
    }

    @Test
    func `a recorder that hangs does not keep the answer`() async throws {
        let site = try await Site.start(refusals: RefusalLog(hangs: true))
        let answer = try await site.send("GET", "/v1/things/1", token: nil)
        #expect(answer.status == 401)
        #expect(site.refusals.all.count == 1)
        #expect(site.logs.all.contains { $0.contains("refusal was not noted in time") })
    }
}
