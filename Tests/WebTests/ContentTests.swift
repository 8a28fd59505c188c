import Core
import Cryptography
import Support
import Testing

@testable import Web

@Suite("Bodies")
struct ContentTests {
    /// What is sent to `POST /v1/things`, and what is answered.
    static let refusals = TextTable(
        """
        content type                        | body                                     | status | code
        application/json                    | {"name":"a"}                             | 201    |
        application/json; charset=utf-8     | {"name":"a"}                             | 201    |
        text/plain                          | {"name":"a"}                             | 415    | unsupported_media_type
        application/json; charset=gb18030   | {"name":"a"}                             | 415    | unsupported_media_type
        application/merge-patch+json        | {"name":"a"}                             | 415    | unsupported_media_type
        application/x-www-form-urlencoded   | name=a                                   | 415    | unsupported_media_type
        application/json                    | {"name":                                 | 400    | malformed_json
        application/json                    | {"name":"a"} x                           | 400    | malformed_json
        application/json                    | {"name":"a","name":"b"}                  | 400    | malformed_json
        application/json                    | {"name":"a","weight":1.0}                | 400    | malformed_json
        application/json                    | {"name":"a","weight":1e3}                | 400    | malformed_json
        application/json                    | {"name":"a","weight":9007199254740993}   | 400    | malformed_json
        application/json                    | {"name":"\\ud800"}                       | 400    | malformed_json
        application/json                    | {"name":NaN}                             | 400    | malformed_json
        application/json                    | [1]                                      | 422    | invalid_request
        application/json                    | {}                                       | 422    | invalid_request
        application/json                    | {"name":"a","weight":101}                | 422    | invalid_request
        application/json                    | {"name":"a","status":"paid"}             | 422    | invalid_request
        application/json                    | {"name":"a","weight":"100"}              | 422    | invalid_request
        """
    )

    @Test(arguments: refusals.rows)
    func `a body is read strictly`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let headers = [("Content-Type", row["content type"])]
        let answer = try await site.send("POST", "/v1/things", headers: headers, json: row["body"])
        #expect("\(answer.status)" == row["status"])
        if answer.status >= 400 { #expect(try answer.code() == row["code"]) }
        if answer.status == 415 { #expect(answer.header("Accept-Post") == "application/json") }
        #expect(site.effects.value == (answer.status == 201 ? 1 : 0))
    }

    @Test
    func `every fault of a body is named at once`() async throws {
        let site = try await Site.start()
        let body = #"{"weight":-1,"color":"red","status":"paid"}"#
        let answer = try await site.send("POST", "/v1/things", headers: [("Accept-Language", "en")], json: body)
        let errors = try #require(try answer.json()["errors"]?.arrayValue)
        #expect(Set(errors.compactMap { $0["pointer"]?.stringValue }) == ["/name", "/weight", "/color", "/status"])
        #expect(errors.allSatisfy { $0["code"] != nil && $0["detail"] != nil })
    }

    @Test
    func `a body without a type, and a missing body, are told apart`() async throws {
        let site = try await Site.start()
        let headers = [("Authorization", "Bearer dealer-a")]
        let untyped = try await site.client.send("POST", "/v1/things", headers: headers, body: Array("{}".utf8))
        #expect(untyped.status == 415)
        let missing = try await site.client.send("POST", "/v1/things", headers: headers)
        #expect(missing.status == 400)
        #expect(try missing.code() == "malformed_json")
    }

    @Test(arguments: ["GET", "HEAD"])
    func `reading takes no body`(method: String) async throws {
        let site = try await Site.start()
        let answer = try await site.send(method, "/v1/public", json: "{}")
        #expect(answer.status == 400)
        if method == "GET" { #expect(try answer.code() == "body_not_allowed") }
        #expect(try await site.client.send("GET", "/v1/public", headers: [("Content-Length", "0")]).status == 200)
    }

    @Test
    func `an action without a body takes none`() async throws {
        let site = try await Site.start()
        #expect(try await site.send("POST", "/v1/things/1/publish").status == 204)
        let refused = try await site.send("POST", "/v1/things/1/publish", json: "{}")
        #expect(refused.status == 400)
        #expect(try refused.code() == "body_not_allowed")
        #expect(site.effects.value == 1)
    }

    @Test
    func `a patch is a merge patch`() async throws {
        let site = try await Site.start()
        let headers = [("If-Match", "\"\(Site.idTag)\"")]
        #expect(try await site.send("PATCH", "/v1/things/1", headers: headers, json: "{}").status == 204)
        let other = headers + [("Content-Type", "application/json")]
        let refused = try await site.send("PATCH", "/v1/things/1", headers: other, json: "{}")
        #expect(refused.status == 415)
        #expect(refused.header("Accept-Patch") == "application/merge-patch+json")
    }

    @Test
    func `what the caller cannot read is not acceptable`() async throws {
        let site = try await Site.start()
        let refused = try await site.send("GET", "/v1/things/1", headers: [("Accept", "text/html")])
        #expect(refused.status == 406)
        #expect(refused.header("Content-Type") == "application/problem+json")
        let lines = try await site.send("GET", "/v1/things/1", headers: [("Accept", "application/x-ndjson")])
        #expect(try lines.json()["media"] == "application/x-ndjson")
        #expect(try await site.send("GET", "/v1/things/1").json()["media"] == "application/json")
    }

    @Test(arguments: ["gzip", "br", "identity, gzip"])
    func `an encoded body is refused`(encoding: String) async throws {
        let site = try await Site.start()
        let headers = [("Content-Encoding", encoding)]
        let refused = try await site.send("POST", "/v1/things", headers: headers, json: #"{"name":"a"}"#)
        #expect(refused.status == 415)
        #expect(try refused.code() == "unsupported_content_encoding")
        #expect(refused.header("Accept-Encoding") == "identity")
    }

    // MARK: Length

    @Test
    func `a body may be as long as its limit and no longer, declared or chunked`() async throws {
        let site = try await Site.start()
        let whole = "\"" + String(repeating: "a", count: 4094) + "\""
        #expect(try await site.send("POST", "/v1/echo", json: whole).status == 200)
        let declared = try await site.send("POST", "/v1/echo", json: whole + " ")
        #expect(declared.status == 413)
        #expect(try declared.code() == "payload_too_large")
        for (length, status) in [(4096, 200), (4097, 413)] {
            let body = "\"" + String(repeating: "a", count: length - 2) + "\""
            let answer = try await site.client.upload(
                "POST",
                "/v1/echo",
                headers: [("Content-Type", "application/json")],
                chunks: pieces(of: body, length: 1000)
            )
            #expect(answer.status == status)
        }
    }

    @Test
    func `an endless body is cut off`() async throws {
        let site = try await Site.start()
        let chunks = AsyncStream { continuation in
            let block = [UInt8](repeating: 97, count: 16_384)
            for _ in 0..<256 { continuation.yield(block) }
            continuation.finish()
        }
        let answer = try await site.client.upload(
            "POST",
            "/v1/upload",
            headers: [("Content-Type", "application/octet-stream")],
            chunks: chunks
        )
        #expect(answer.status == 413)
        #expect(answer.header("Connection") == "close")
    }

    private func pieces(of text: String, length: Int) -> AsyncStream<[UInt8]> {
        let bytes = Array(text.utf8)
        return AsyncStream { continuation in
            for start in stride(from: 0, to: bytes.count, by: length) {
                continuation.yield(Array(bytes[start..<min(start + length, bytes.count)]))
            }
            continuation.finish()
        }
    }

    // MARK: Digest

    private func digest(_ text: String) -> String {
        "sha-256=:\(Base64.encode(SHA256.hash(Array(text.utf8)).bytes)):"
    }

    @Test
    func `a body is what its digest says`() async throws {
        let site = try await Site.start()
        let body = #"{"name":"a"}"#
        for field in [digest(body), "sha-512=:AAAA:, " + digest(body)] {
            let fine = try await site.send("POST", "/v1/things", headers: [("Content-Digest", field)], json: body)
            #expect(fine.status == 201)
        }
        let flipped = try await site.send(
            "POST",
            "/v1/things",
            headers: [("Content-Digest", digest(body + " "))],
            json: body
        )
        #expect(flipped.status == 400)
        #expect(try flipped.code() == "digest_mismatch")
    }

    @Test(arguments: ["sha-256=AAAA", "sha-256=:AAAA:", "sha-512=:AAAA:", "nonsense", "sha-256=:!:"])
    func `a digest that cannot be checked is refused`(field: String) async throws {
        let site = try await Site.start()
        let answer = try await site.send("POST", "/v1/things", headers: [("Content-Digest", field)], json: "{}")
        #expect(answer.status == 400)
        #expect(try answer.code() == "unsupported_digest")
        #expect(answer.header("Want-Content-Digest") == "sha-256=10")
    }

    @Test
    func `the digest of a streamed body is checked at its end`() async throws {
        let site = try await Site.start()
        for (field, status) in [(digest("abc"), 200), (digest("abd"), 400)] {
            let answer = try await site.client.upload(
                "POST",
                "/v1/upload",
                headers: [("Content-Type", "application/octet-stream"), ("Content-Digest", field)],
                chunks: pieces(of: "abc", length: 1)
            )
            #expect(answer.status == status)
        }
    }
}
