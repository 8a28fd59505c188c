import Core
import Support
import Testing

@testable import Web

@Suite("Queries")
struct QueryTests {
    private func faults(_ query: String, known: Set<String> = ["q", "limit"]) -> [String] {
        do {
            _ = try queryMembers(query[...], known: known)
            return []
        } catch {
            return (error as? Failure)?.faults.map { "\($0.pointer) \($0.code)" } ?? ["another error"]
        }
    }

    @Test
    func `known members are decoded as forms are`() throws {
        #expect(try queryMembers("q=a+b%2Bc&limit=", known: ["q", "limit"]) == ["q": "a b+c", "limit": ""])
        #expect(try queryMembers("q=a=b&", known: ["q"]) == ["q": "a=b"])
        #expect(try queryMembers("q", known: ["q"]) == ["q": ""])
        #expect(try queryMembers(nil, known: []) == [:])
        #expect(try queryMembers("", known: []) == [:])
    }

    @Test
    func `every wrong member is named`() {
        #expect(
            faults("x=1&q=1&q=2&y~/z=3&limit=%ff&limit=%00&limit=1") == [
                "/query/x unknown_member", "/query/q duplicate_member", "/query/y~0~1z unknown_member",
                "/query/limit encoding", "/query/limit encoding",
            ]
        )
    }

    @Test
    func `a name that only decodes to a known one is that one`() {
        #expect(faults("%71=1&q=2") == ["/query/q duplicate_member"])
        #expect(faults("Q=1") == ["/query/Q unknown_member"])
    }

    @Test
    func `the answer names them in the caller's language`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/public?x=1&q=1&q=2")
        #expect(answer.status == 400)
        #expect(try answer.code() == "invalid_query")
        #expect(
            try answer.json()["errors"] == [
                ["pointer": "/query/x", "code": "unknown_member", "detail": "未知的查询参数"],
                ["pointer": "/query/q", "code": "duplicate_member", "detail": "查询参数重复出现"],
            ]
        )
    }

    @Test
    func `walking all pages gives every element once`() async throws {
        let site = try await Site.start()
        var path: String? = "/v1/things?color=red&limit=100"
        var seen: [JSON] = []
        while let target = path {
            let answer = try await site.send("GET", target)
            #expect(answer.status == 200)
            seen += try #require(try answer.json()["data"]?.arrayValue)
            let link = answer.header("Link")
            #expect((link == nil) == (try answer.json()["next_cursor"] == .null))
            path = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
        }
        #expect(seen == (1...250).map { JSON($0) })
    }

    @Test
    func `a cursor with another filter is refused by the server`() async throws {
        let site = try await Site.start()
        let first = try await site.send("GET", "/v1/things?color=red").json()
        let cursor = try #require(first["next_cursor"]?.stringValue)
        let other = try await site.send("GET", "/v1/things?color=blue&cursor=\(cursor)")
        #expect(other.status == 400)
        #expect(try other.code() == "cursor_mismatch")
        let foreign = try await site.send("GET", "/v1/things?color=red&cursor=\(cursor)", token: "dealer-b")
        #expect(try foreign.code() == "cursor_mismatch")
        #expect(try await site.send("GET", "/v1/things?limit=0").status == 400)
        #expect(try await site.send("GET", "/v1/things?limit=500").json()["data"]?.arrayValue?.count == 100)
    }
}
