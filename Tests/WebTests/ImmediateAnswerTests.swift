import Core
import Support
import Testing

@testable import Web

@Suite("Answers at hand")
struct ImmediateAnswerTests {
    private static let get = "GET /v1/instant/a HTTP/1.1\r\nHost: a\r\n"

    @Test
    func `an answer at hand is the one that the handler would give`() async throws {
        let site = try await Site.start()
        let first = try await site.send("GET", "/v1/instant/a", token: nil)
        let second = try await site.send("GET", "/v1/instant/a", token: nil)
        #expect(first.status == 200 && second.status == 200)
        #expect(first.body == second.body)
        #expect(site.effects.value == 1, "the second is not the handler's")
        let own = ["X-Request-Id", "RateLimit", "Date"]
        for name in first.headers.map(\.0) where !own.contains(name) {
            #expect(first.header(name) == second.header(name), "\(name)")
        }
        #expect(second.header("X-Request-Id") != first.header("X-Request-Id"))
        #expect(first.headers.map(\.0).sorted() == second.headers.map(\.0).sorted())
    }

    @Test
    func `it is counted, revalidated and logged like any other`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        let counted = try await site.send("GET", "/v1/instant/a", token: nil)
        #expect(counted.header("RateLimit")?.contains("r=5998") == true, "\(counted.headers)")
        let unchanged = try await site.send(
            "GET",
            "/v1/instant/a",
            token: nil,
            headers: [("If-None-Match", "\"instant\"")]
        )
        #expect(unchanged.status == 304)
        #expect(unchanged.body.isEmpty)
        #expect(unchanged.header("RateLimit")?.contains("r=5998") == true, "304 is free")
        #expect(site.logs.all.filter { $0.contains("/v1/instant/{name}") }.count == 3)
    }

    @Test
    func `what would be refused goes the long way, and is refused there`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        #expect(try await site.send("GET", "/v1/instant/a?x=1", token: nil).code() == "invalid_query")
        let accept = [("Accept", "image/png")]
        #expect(try await site.send("GET", "/v1/instant/a", token: nil, headers: accept).status == 406)
        #expect(try await site.send("GET", "/v1/instant/a", token: "wrong").status == 401)
        #expect(site.refusals.all.map(\.status) == [401])
        #expect(site.effects.value == 1)
    }

    @Test
    func `a token that is not recognised at once is looked up`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        let answer = try await site.send("GET", "/v1/instant/a", token: "dealer-a")
        #expect(answer.status == 200)
        #expect(answer.header("RateLimit-Policy")?.contains("q=600000") == true, "the member's quota")
        #expect(site.effects.value == 2)
    }

    @Test
    func `an exhausted quota refuses it, and asks for nothing twice`() async throws {
        let site = try await Site.start()
        for expected in [200, 200, 200, 429, 429] {
            #expect(try await site.send("GET", "/v1/instant-few/a", token: nil).status == expected)
        }
    }

    @Test
    func `HEAD and a body go the long way`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        let head = try await site.send("HEAD", "/v1/instant/a", token: nil)
        #expect(head.status == 200 && head.body.isEmpty)
        let withBody = try await site.client.send("GET", "/v1/instant/a", headers: [], body: [1, 2])
        #expect(try withBody.code() == "body_not_allowed")
    }

    @Test
    func `answers come in the order of their requests`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        let socket = try await site.server.connect()
        await socket.send(
            "GET /v1/wait HTTP/1.1\r\nHost: a\r\n\r\n" + ImmediateAnswerTests.get + "\r\n" + ImmediateAnswerTests.get
                + "Connection: close\r\n\r\n"
        )
        while site.effects.value < 2 { try await Task.sleep(for: .milliseconds(1)) }
        _ = try await site.send("GET", "/v1/count")
        let answers = try await socket.readToEnd()
        let waited = try #require(answers.ranges(of: "\"waited\":true").first)
        let instant = answers.ranges(of: "\"instant\":\"a\"")
        #expect(instant.count == 2)
        #expect(instant.allSatisfy { waited.upperBound < $0.lowerBound })
        #expect(!socket.isOpen)
    }

    @Test
    func `requests in one piece are all answered, and the last one closes where it says so`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        let socket = try await site.server.connect()
        let requests = String(repeating: ImmediateAnswerTests.get + "\r\n", count: 50)
        await socket.send(requests + ImmediateAnswerTests.get + "Connection: close\r\n\r\n")
        let answers = try await socket.readToEnd()
        #expect(answers.ranges(of: "HTTP/1.1 200 ").count == 51)
        #expect(!socket.isOpen)
    }

    @Test
    func `a connection that only gets answers at hand is closed when it is idle`() async throws {
        var settings = Site.settings
        settings.idleTimeout = .seconds(2)
        let site = try await Site.start(settings: settings)
        _ = try await site.send("GET", "/v1/instant/a", token: nil)
        let socket = try await site.server.connect()
        await socket.send(ImmediateAnswerTests.get + "\r\n")
        let answer = try await socket.readToEnd(within: .seconds(20))
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(!socket.isOpen)
    }
}
