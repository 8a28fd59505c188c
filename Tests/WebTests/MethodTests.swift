import Core
import HTTPTypes
import Support
import Testing

@testable import Web

@Suite("Paths and methods")
struct MethodTests {
    static let allowed = TextTable(
        """
        method   | path                | status | allow
        PUT      | /v1/things          | 405    | GET, HEAD, OPTIONS, POST
        DELETE   | /v1/things          | 405    | GET, HEAD, OPTIONS, POST
        POST     | /v1/things/1        | 405    | DELETE, GET, HEAD, OPTIONS, PATCH
        GET      | /v1/things/1/publish| 405    | OPTIONS, POST
        PROPFIND | /v1/things          | 405    | GET, HEAD, OPTIONS, POST
        TRACE    | /v1/things          | 405    | GET, HEAD, OPTIONS, POST
        OPTIONS  | /v1/things          | 204    | GET, HEAD, OPTIONS, POST
        OPTIONS  | /v1/import          | 204    | OPTIONS, POST
        """
    )

    @Test(arguments: allowed.rows)
    func `a wrong method is told the right ones`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let answer = try await site.send(row["method"], row["path"])
        #expect("\(answer.status)" == row["status"])
        #expect(answer.header("Allow") == row["allow"])
        if answer.status == 405 { #expect(try answer.code() == "method_not_allowed") }
    }

    @Test(arguments: [
        "/", "/v1", "/v1/thing", "/v1/things/1/publish/x", "/v1/things/", "//v1/things", "/v1//things", "/V1/things",
    ])
    func `an unknown path is not found, whatever the method`(path: String) async throws {
        let site = try await Site.start()
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            let answer = try await site.send(method, path)
            #expect(answer.status == 404)
            #expect(try answer.code() == "not_found")
        }
    }

    @Test
    func `TRACE and CONNECT are allowed nowhere`() async throws {
        let site = try await Site.start()
        #expect(try await site.send("TRACE", "/nowhere").status == 405)
        let socket = try await site.server.connect()
        await socket.send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n")
        let text = try await socket.read { $0.contains("\r\n\r\n") }
        #expect(text.hasPrefix("HTTP/1.1 405 "))
    }

    @Test
    func `the whole server's options are all its methods`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("OPTIONS", "*")
        #expect(answer.status == 204)
        #expect(answer.header("Allow") == "DELETE, GET, HEAD, OPTIONS, PATCH, POST")
    }

    @Test(arguments: ["/v1/things/1", "/v1/public", "/v1/download", "/v1/things/missing", "/problems"])
    func `HEAD is GET without the body`(path: String) async throws {
        let site = try await Site.start()
        let id = [("X-Request-Id", "head-and-get")]
        let get = try await site.send("GET", path, headers: id)
        let head = try await site.send("HEAD", path, headers: id)
        #expect(head.status == get.status)
        #expect(head.body.isEmpty)
        #expect(!get.body.isEmpty)
        #expect(head.header("Content-Type") == get.header("Content-Type"))
        #expect(head.header("ETag") == get.header("ETag"))
        #expect(head.header("Content-Length") == "\(get.body.count)")
        // The connection is in order: what follows is the next answer.
        #expect(try await site.send("GET", path, headers: id).body == get.body)
    }

    @Test
    func `parameters are decoded, and must be text`() async throws {
        let site = try await Site.start()
        #expect(try await site.send("GET", "/v1/things/%E8%BD%A6%20%2F").json()["id"] == "车 /")
        for path in ["/v1/things/%ff", "/v1/things/%4"] {
            let answer = try await site.send("GET", path)
            #expect(answer.status == 400)
            #expect(try answer.code() == "malformed_path")
            #expect(try answer.json()["errors"]?.arrayValue?.first?["pointer"] == "/path/id")
        }
    }

    @Test
    func `a server with two endpoints for one thing does not start`() async {
        let twice = Endpoint(.get, "/a", authorize: AccessDecision.everyone, handler: { _ in Reply(.ok) })
        let parts = WebParts(authenticator: KnownTokens(), refusals: RefusalLog(), secret: Site.secret)
        await #expect(throws: DuplicateEndpoint.self) {
            _ = try await RunningServer.start(parts: parts, endpoints: [twice, twice])
        }
    }
}
