import Core
import Support
import Testing

@testable import Web

@Suite("Connections, byte by byte")
struct ConnectionTests {
    /// What may not be read in two ways. `~` stands for a line end.
    static let ambiguous = TextTable(
        """
        name                        | request
        CL and TE                   | POST /v1/echo HTTP/1.1~Host: a~Content-Length: 4~Transfer-Encoding: chunked~~0~~
        two lengths                 | POST /v1/echo HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 2~~ab
        two lengths in one          | POST /v1/echo HTTP/1.1~Host: a~Content-Length: 1, 2~~ab
        a length with a sign        | POST /v1/echo HTTP/1.1~Host: a~Content-Length: +1~~a
        a negative length           | POST /v1/echo HTTP/1.1~Host: a~Content-Length: -1~~a
        an unknown coding           | POST /v1/echo HTTP/1.1~Host: a~Transfer-Encoding: xchunked~~0~~
        chunked twice over          | POST /v1/echo HTTP/1.1~Host: a~Transfer-Encoding: chunked, identity~~0~~
        a space before the colon    | POST /v1/echo HTTP/1.1~Host: a~Transfer-Encoding : chunked~~0~~
        a folded header             | GET /v1/public HTTP/1.1~Host: a~X-A: b~ c~~
        bare LF in the head         | GET /v1/public HTTP/1.1\\nHost: a\\n\\n
        NUL in a header             | GET /v1/public HTTP/1.1~Host: a~X-A: b\\0c~~
        bad chunk size | POST /v1/echo HTTP/1.1~Host:a~Content-Type: application/json~Transfer-Encoding: chunked~~zz~a~~
        an unknown method           | BREW /v1/public HTTP/1.1~Host: a~~
        no version                  | GET /v1/public~Host: a~~
        no method                   |  /v1/public HTTP/1.1~Host: a~~
        nonsense                    | \\u{1}\\u{2}\\u{3}~~
        """
    )

    private static func bytes(_ text: String) -> String {
        text.replacing("~", with: "\r\n").replacing("\\n", with: "\n").replacing("\\0", with: "\0")
    }

    @Test(arguments: ambiguous.rows)
    func `what can be read in two ways is refused, and the connection closed`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        // A second request behind it must never be answered.
        await socket.send(
            ConnectionTests.bytes(row["request"]) + "GET /v1/public?q=smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        let answer = try await socket.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.contains("\"code\":\"malformed_request\""))
        #expect(answer.contains("Content-Type: application/problem+json"))
        #expect(answer.contains("X-Request-Id: "))
        #expect(answer.contains("Connection: close"))
        #expect(!answer.contains("smuggled"))
        #expect(!socket.isOpen)
    }

    static let hosts = TextTable(
        """
        headers                          | status
        Host: a~                         | 200
        Host: 127.0.0.1:8080~            | 200
        Host: [::1]:8080~                | 200
        X: y~                            | 400
        Host:~                           | 400
        Host: a~Host: a~                 | 400
        Host: a~Host: b~                 | 400
        Host: a~HOST: b~                 | 400
        Host: user@a~                    | 400
        Host: a/b~                       | 400
        Host: a b~                       | 400
        Host: a?b~                       | 400
        """
    )

    @Test(arguments: hosts.rows)
    func `a request has exactly one host`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send("GET /v1/public HTTP/1.1\r\n" + ConnectionTests.bytes(row["headers"]) + "\r\n")
        let answer = try await socket.read { $0.contains("}") }
        #expect(answer.hasPrefix("HTTP/1.1 \(row["status"]) "))
        if row["status"] == "400" {
            #expect(answer.contains("\"code\":\"invalid_host\""))
            #expect(answer.contains("Connection: close"))
        }
    }

    @Test
    func `a header, a path or a number of headers beyond the limit is refused`() async throws {
        let site = try await Site.start()
        let long = String(repeating: "x", count: 100_000)
        let many = (0..<1100).map { "X-\($0): y\r\n" }.joined()
        for request in [
            "GET /v1/public HTTP/1.1\r\nHost: a\r\nX-Long: \(long)\r\n\r\n",
            "GET /v1/public?q=\(long) HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /v1/public HTTP/1.1\r\nHost: a\r\n\(many)\r\n",
            "GET /v1/public HTTP/1.1\r\nHost: a\r\nX-Long: \(long.prefix(17_000))\r\n\r\n",
        ] {
            let socket = try await site.server.connect()
            await socket.send(request)
            let answer = try await socket.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 431 "))
            #expect(answer.contains("\"code\":\"headers_too_large\""))
        }
        #expect(
            try await site.send("GET", "/v1/public", headers: [("X-Fits", String(long.prefix(15_000)))]).status == 200
        )
    }

    // MARK: Expect

    @Test
    func `a body that is wanted is asked for`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            """
            POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r
            Expect: 100-continue\r\n\r\n
            """
        )
        let first = try await socket.read { $0.contains("\r\n\r\n") }
        #expect(first == "HTTP/1.1 100 Continue\r\n\r\n")
        await socket.send("{}")
        let rest = try await socket.read { $0.contains("{\"got\":{}}") }
        #expect(rest.dropFirst(first.count).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test
    func `a body that is not wanted is not asked for`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            """
            POST /v1/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r
            Expect: 100-continue\r\n\r\n
            """
        )
        let answer = try await socket.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 401 "))
        #expect(!answer.contains("100 Continue"))
        #expect(answer.contains("Connection: close"))
    }

    @Test
    func `another expectation cannot be met`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/public", headers: [("Expect", "200-maybe")])
        #expect(answer.status == 417)
        #expect(try answer.code() == "expectation_failed")
    }

    // MARK: Slowness

    private var impatient: HTTPServerSettings {
        var settings = Site.settings
        settings.bodyPace.grace = .milliseconds(200)
        return settings
    }

    @Test(arguments: ["/v1/echo", "/v1/upload"])
    func `a body that stops coming is not waited for`(path: String) async throws {
        let site = try await Site.start(settings: impatient)
        let socket = try await site.server.connect()
        let type = path == "/v1/echo" ? "application/json" : "application/octet-stream"
        await socket.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\nContent-Length: 100\r\n\r\n{")
        let answer = try await socket.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        #expect(answer.contains("\"code\":\"request_timeout\""))
        #expect(answer.contains("Connection: close"))
        #expect(!socket.isOpen)
    }

    @Test
    func `a body that dribbles outlives the idle timeout, and not the pace`() async throws {
        let site = try await Site.start(settings: impatient)
        let socket = try await site.server.connect()
        await socket.send(
            "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
        )
        let dribble = Task {
            while socket.isOpen {
                await socket.send(" ")
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let answer = try await socket.readToEnd()
        dribble.cancel()
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
    }

    @Test
    func `a streamed answer over a body that stops is cut off`() async throws {
        let site = try await Site.start(settings: impatient)
        let socket = try await site.server.connect()
        await socket.send(
            """
            POST /v1/import HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer dealer-a\r
            Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n
            """
        )
        let answer = try await socket.readToEnd()
        #expect(answer.contains("{\"bytes\":3}"))
        #expect(!answer.hasSuffix("0\r\n\r\n"))
        #expect(!socket.isOpen)
    }

    @Test
    func `the idle timeout is ten seconds unless somebody says otherwise`() {
        #expect(HTTPServerSettings().idleTimeout == .seconds(10))
        #expect(HTTPServerSettings().maximumHeaderBytes == 16_384)
        #expect(HTTPServerSettings().bodyPace.grace < HTTPServerSettings().idleTimeout)
    }

    @Test(arguments: ["", "GET /v1/public HTTP/1.1\r\nHost: a\r\nX-Slow", "GET /v1/public HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `an idle connection is closed, before, within and after a request`(sent: String) async throws {
        var settings = Site.settings
        settings.idleTimeout = .milliseconds(300)
        let site = try await Site.start(settings: settings)
        let socket = try await site.server.connect()
        await socket.send(sent)
        _ = try await socket.readToEnd()
        #expect(!socket.isOpen)
    }

    @Test
    func `a reader that takes nothing is cut off`() async throws {
        var settings = Site.settings
        settings.writeStallTimeout = .milliseconds(300)
        let site = try await Site.start(settings: settings)
        let socket = try await RawSocket.connect(port: site.server.port, reads: false)
        await socket.send("GET /v1/endless HTTP/1.1\r\nHost: a\r\n\r\n")
        while !site.logs.all.contains(where: { $0.contains("streamed answer broke off") }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        await socket.close()
    }

    // MARK: Order

    @Test
    func `an offer to change the protocol is not taken up, and ends the connection`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            """
            GET /v1/public HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r
            HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n
            """
        )
        let answer = try await socket.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
        #expect(answer.contains("Connection: close"))
        #expect(!socket.isOpen)
    }

    @Test
    func `beyond the maximum a connection waits until another is closed`() async throws {
        var settings = Site.settings
        settings.maximumConnections = 1
        let site = try await Site.start(settings: settings)
        let first = try await site.server.connect()
        await first.send("GET /v1/public HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await first.read { $0.contains("}") }
        let second = try await site.server.connect()
        await second.send("GET /v1/public HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try await second.read(within: .milliseconds(200)) { $0.contains("}") }.isEmpty)
        await first.close()
        #expect(try await second.read { $0.contains("}") }.hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test
    func `requests sent together are answered in order`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send((1...5).map { "GET /v1/public?q=n\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        let text = try await socket.read { $0.contains("n5") }
        let order = text.split(separator: "\"q\":\"").dropFirst().map { $0.prefix(2) }
        #expect(order == ["n1", "n2", "n3", "n4", "n5"])
    }

    @Test
    func `a request that is no HTTP behind one that is gets its own refusal`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send("GET /v1/public?q=good HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
        let text = try await socket.readToEnd()
        #expect(text.contains("HTTP/1.1 200 OK"))
        #expect(text.contains("HTTP/1.1 400 Bad Request"))
        #expect(text.contains("\"code\":\"malformed_request\""))
    }

    @Test(arguments: ["close", "Close"])
    func `a caller that wants the connection closed has it closed`(value: String) async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send("GET /v1/public HTTP/1.1\r\nHost: a\r\nConnection: \(value)\r\n\r\n")
        #expect(try await socket.readToEnd().hasPrefix("HTTP/1.1 200 OK"))
        #expect(!socket.isOpen)
    }

    @Test
    func `a refused body that is short leaves the connection usable`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            "POST /v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "GET /v1/public?q=next HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        let text = try await socket.read { $0.contains("next") }
        #expect(text.hasPrefix("HTTP/1.1 401 "))
        #expect(text.contains("\"q\":\"next\""))
    }

    @Test
    func `a refused body that is long takes the connection with it`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send("POST /v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")
        let text = try await socket.readToEnd()
        #expect(text.hasPrefix("HTTP/1.1 401 "))
        #expect(text.contains("Connection: close"))
    }

    @Test
    func `a body cut short by its sender has no effect`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            """
            POST /v1/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer dealer-a\r\nContent-Type: application/json\r
            Content-Length: 100\r\n\r\n{"name":"a"}
            """
        )
        await socket.close()
        // Asked on another connection, after the server has seen the end of the first.
        while !site.logs.all.contains(where: { $0.contains("\"route\":\"/v1/things\"") }) { await Task.yield() }
        #expect(site.effects.value == 0)
    }
}
