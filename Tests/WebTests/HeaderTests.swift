import Core
import Support
import Testing

@testable import Web

@Suite("What every answer carries")
struct HeaderTests {
    /// One of each kind of answer: a method, a path, and the status that is expected.
    static let answers = TextTable(
        """
        method   path                  status
        GET      /v1/things/1          200
        HEAD     /v1/things/1          200
        GET      /v1/things/missing    404
        GET      /nowhere              404
        POST     /nowhere              404
        PUT      /v1/things/1          405
        TRACE    /v1/things/1          405
        OPTIONS  /v1/things/1          204
        GET      /v1/public?x=1        400
        GET      /v1/defect            500
        GET      /v1/never             503
        GET      /v1/download          200
        DELETE   /v1/things/1          204
        """
    )

    @Test(arguments: answers.rows)
    func `security, language, quota and request id stand on every answer`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let answer = try await site.send(row["method"], row["path"], headers: [("X-Request-Id", "header-test-1")])
        #expect("\(answer.status)" == row["status"])
        #expect(answer.header("Strict-Transport-Security") == "max-age=31536000; includeSubDomains")
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
        #expect(answer.header("Referrer-Policy") == "no-referrer")
        #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin")
        #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin")
        let policy = try #require(answer.header("Content-Security-Policy"))
        for directive in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            #expect(policy.contains(directive))
        }
        #expect(answer.header("X-Request-Id") == "header-test-1")
        #expect(answer.header("Content-Language") == "zh-CN")
        #expect(answer.values("Vary").contains("Accept-Language"))
        #expect(answer.header("RateLimit-Policy")?.contains(";q=") == true)
        #expect(answer.header("RateLimit")?.contains(";r=") == true)
        #expect(answer.header("Date") != nil)
        #expect(answer.header("Server") == nil)
        #expect(answer.values("Cache-Control").count == 1)
    }

    @Test
    func `nothing is stored unless the endpoint says so`() async throws {
        let site = try await Site.start()
        #expect(try await site.send("GET", "/v1/public").header("Cache-Control") == "no-store")
        #expect(try await site.send("GET", "/nowhere").header("Cache-Control") == "no-store")
        #expect(try await site.send("GET", "/v1/things/1").header("Cache-Control") == "private, max-age=5")
    }

    @Test(arguments: ["abcdefgh", "A-1._zzzz", String(repeating: "x", count: 64)])
    func `a harmless request id is kept`(id: String) async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/nowhere", headers: [("X-Request-Id", id)])
        #expect(answer.header("X-Request-Id") == id)
        #expect(try answer.json()["request_id"] == .string(id))
        #expect(try answer.json()["instance"] == .string("urn:chexin:req:\(id)"))
    }

    @Test(arguments: ["short", "has space", "quote\"quote", "车信车信车信", String(repeating: "x", count: 65)])
    func `another request id is replaced, not reflected`(id: String) async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/nowhere", headers: [("X-Request-Id", id)])
        let given = try #require(answer.header("X-Request-Id"))
        #expect(given != id)
        #expect(RequestID.accepted(given) == given)
        #expect(!answer.text.contains(id))
    }

    @Test
    func `two request ids are none`() async throws {
        let site = try await Site.start()
        let ids = [("X-Request-Id", "first-one"), ("X-Request-Id", "second-one")]
        let answer = try await site.send("GET", "/nowhere", headers: ids)
        #expect(answer.header("X-Request-Id")?.contains("one") == false)
    }

    @Test
    func `generated ids differ`() {
        #expect(Set((0..<1000).map { _ in RequestID.next() }).count == 1000)
    }

    @Test
    func `two languages differ in their texts alone`() async throws {
        let site = try await Site.start()
        let path = "/v1/public?limit=1&limit=2&q=1&q=2"
        let id = [("X-Request-Id", "language-1")]
        let chinese = try await site.send("GET", path, headers: id + [("Accept-Language", "zh")])
        let english = try await site.send("GET", path, headers: id + [("Accept-Language", "en")])
        #expect(chinese.header("Content-Language") == "zh-CN")
        #expect(english.header("Content-Language") == "en")
        #expect(chinese.body != english.body)
        #expect(withoutTexts(try chinese.json()) == withoutTexts(try english.json()))
    }

    private func withoutTexts(_ json: JSON) -> JSON {
        switch json {
        case .object(let members):
            .object(
                members.filter { !["title", "detail"].contains($0.name) }
                    .map { JSON.Member($0.name, withoutTexts($0.value)) }
            )
        case .array(let elements): .array(elements.map(withoutTexts))
        default: json
        }
    }
}
