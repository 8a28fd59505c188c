import Core
import Cryptography
import HTTPTypes
import Testing

@testable import Web

@Suite("Cursors")
struct CursorTests {
    private let signer = CursorSigner(secret: SecretBytes(Array(repeating: 1, count: 32)))

    private func call(
        _ query: [String: String] = [:],
        organization: String? = "org_a",
        id: String = "1",
        path: String = "/v1/lists/{id}",
        signer: CursorSigner? = nil
    ) -> Call {
        Call(
            endpoint: Endpoint(.get, path, authorize: AccessDecision.everyone, handler: { _ in Reply(.ok) }),
            cursors: signer ?? self.signer,
            principal: organization.map { Principal(organization: $0, role: .dealer, scopes: [], credential: "key_1") },
            path: "/v1/lists/\(id)",
            parameters: ["id": id],
            query: query
        )
    }

    private func code(_ body: () throws -> some Any) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? Failure)?.type.code
        }
    }

    @Test
    func `a cursor leads back to the position that it was made for`() throws {
        let cursor = call(["color": "red"]).nextPage(after: "2026-03-01|lst_7|é车").cursor
        #expect(try call(["color": "red", "cursor": cursor]).page().position == "2026-03-01|lst_7|é车")
        #expect(try call(["color": "red", "cursor": cursor, "limit": "5"]).page().limit == 5)
    }

    @Test
    func `a cursor of another filter, caller, path or parameter does not match`() {
        let cursor = call(["color": "red"]).nextPage(after: "7").cursor
        #expect(code { try call(["color": "blue", "cursor": cursor]).page() } == "cursor_mismatch")
        #expect(code { try call(["cursor": cursor]).page() } == "cursor_mismatch")
        #expect(
            code { try call(["color": "red", "cursor": cursor], organization: "org_b").page() } == "cursor_mismatch"
        )
        #expect(code { try call(["color": "red", "cursor": cursor], organization: nil).page() } == "cursor_mismatch")
        #expect(code { try call(["color": "red", "cursor": cursor], id: "2").page() } == "cursor_mismatch")
        #expect(code { try call(["color": "red", "cursor": cursor], path: "/v1/x/{id}").page() } == "cursor_mismatch")
    }

    @Test
    func `changing any character of a cursor is noticed`() throws {
        let cursor = call().nextPage(after: "position 12345").cursor
        for index in cursor.indices {
            var forged = cursor
            forged.replaceSubrange(index...index, with: cursor[index] == "A" ? "B" : "A")
            #expect(code { try call(["cursor": forged]).page() } == "invalid_cursor")
        }
    }

    @Test(arguments: ["", "x", "!!!!", "AAAA", "a b", String(repeating: "A", count: 3000), "cursor=="])
    func `what is no cursor is refused`(text: String) {
        #expect(code { try call(["cursor": text]).page() } == "invalid_cursor")
    }

    @Test
    func `a cursor of a server with another secret is refused`() {
        let other = CursorSigner(secret: SecretBytes(Array(repeating: 2, count: 32)))
        let cursor = call(signer: other).nextPage(after: "7").cursor
        #expect(code { try call(["cursor": cursor]).page() } == "invalid_cursor")
    }

    @Test(arguments: [("1", 1), ("20", 20), ("100", 100), ("101", 100), ("99999999999999999", 100)])
    func `a limit over the maximum is the maximum`(text: String, limit: Int) throws {
        #expect(try call(["limit": text]).page().limit == limit)
    }

    @Test(arguments: ["0", "-1", "x", "", "1.5", "1e3", " 1", "99999999999999999999"])
    func `a limit that is no positive number is refused`(text: String) {
        #expect(code { try call(["limit": text]).page() } == "invalid_query")
    }

    @Test
    func `without a limit there are twenty`() throws {
        #expect(try call().page() == Page(limit: 20, position: nil))
    }

    @Test
    func `a page says whether and how to go on`() throws {
        let reply = call(["color": "red & blue"]).list([1, 2], next: "2")
        let json = try JSONParser.parse(reply.body.bytes)
        let cursor = try #require(json["next_cursor"]?.stringValue)
        #expect(json["data"] == [1, 2])
        #expect(json["has_more"] == true)
        #expect(
            reply.headers[.link] == "</v1/lists/1?color=red%20%26%20blue&cursor=\(cursor)>; rel=\"next\""
        )
    }

    @Test
    func `the last page has no cursor and no link`() {
        let reply = call().list([], next: nil)
        #expect(
            String(decoding: reply.body.bytes, as: UTF8.self) == #"{"data":[],"has_more":false,"next_cursor":null}"#
        )
        #expect(reply.headers[.link] == nil)
    }
}
