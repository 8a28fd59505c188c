import Core
import Support
import Testing

@testable import Web

@Suite("Versions")
struct ConditionalTests {
    private let tag = "\"\(Site.idTag)\""

    @Test(arguments: ["\"v17-0a1b2c3d\"", "W/\"v17-0a1b2c3d\"", "\"x\", \"v17-0a1b2c3d\"", "*"])
    func `what the caller already has is not sent again`(tags: String) async throws {
        let site = try await Site.start()
        let full = try await site.send("GET", "/v1/things/1")
        for method in ["GET", "HEAD"] {
            let answer = try await site.send(method, "/v1/things/1", headers: [("If-None-Match", tags)])
            #expect(answer.status == 304)
            #expect(answer.body.isEmpty)
            for name in ["ETag", "Cache-Control", "Vary"] { #expect(answer.values(name) == full.values(name)) }
            #expect(answer.header("Content-Type") == nil)
        }
        #expect(try await site.send("GET", "/v1/things/1").body == full.body)
    }

    @Test(arguments: ["\"another\"", "v17-0a1b2c3d", ""])
    func `what the caller does not have is sent`(tags: String) async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/things/1", headers: [("If-None-Match", tags)])
        #expect(answer.status == 200)
        #expect(answer.header("ETag") == tag)
    }

    @Test
    func `an answer without a tag, or that is no success, is always sent`() async throws {
        let site = try await Site.start()
        #expect(try await site.send("GET", "/v1/public", headers: [("If-None-Match", "*")]).status == 200)
        #expect(try await site.send("GET", "/v1/things/missing", headers: [("If-None-Match", "*")]).status == 404)
    }

    static let changes = TextTable(
        """
        path                | if-match                     | status | code
        /v1/things/1        | "v17-0a1b2c3d"               | 204    |
        /v1/things/1        | "x", "v17-0a1b2c3d"          | 204    |
        /v1/things/1        | *                            | 204    |
        /v1/things/1        | -                            | 428    | precondition_required
        /v1/things/1        | "v16-00000000"               | 412    | precondition_failed
        /v1/things/1        | W/"v17-0a1b2c3d"             | 412    | precondition_failed
        /v1/things/1        | v17-0a1b2c3d                 | 412    | precondition_failed
        /v1/things/missing  | *                            | 412    | precondition_failed
        /v1/things/missing  | "v17-0a1b2c3d"               | 412    | precondition_failed
        """
    )

    @Test(arguments: changes.rows)
    func `a change names the version that it was made from`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let headers = row["if-match"] == "-" ? [] : [("If-Match", row["if-match"])]
        let answer = try await site.send("PATCH", row["path"], headers: headers, json: "{}")
        #expect("\(answer.status)" == row["status"])
        if answer.status >= 400 { #expect(try answer.code() == row["code"]) }
        if answer.status == 412 { #expect(answer.header("ETag") == (row["path"] == "/v1/things/1" ? tag : nil)) }
    }
}
