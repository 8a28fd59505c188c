import Core
import Storage
import Support
import Testing

@testable import Web

@Suite("Streams and deadlines")
struct StreamTests {
    private static let ndjson = [("Authorization", "Bearer dealer-a"), ("Content-Type", "application/x-ndjson")]

    @Test
    func `an import answers a line for each line`() async throws {
        let site = try await Site.start()
        let (chunks, continuation) = AsyncStream<[UInt8]>.makeStream()
        for piece in ["one\ntw", "o\n", "three"] { continuation.yield(Array(piece.utf8)) }
        continuation.finish()
        let answer = try await site.client.upload("POST", "/v1/import", headers: StreamTests.ndjson, chunks: chunks)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/x-ndjson")
        #expect(answer.text == "{\"bytes\":3}\n{\"bytes\":3}\n{\"bytes\":5}\n")
        #expect(site.effects.value == 3)
    }

    @Test
    func `lines are answered while others are still to come`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            """
            POST /v1/import HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer dealer-a\r
            Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n
            """
        )
        #expect(try await socket.read { $0.contains("{\"bytes\":3}") }.contains("{\"bytes\":3}"))
        await socket.send("5\r\nthree\r\n0\r\n\r\n")
        #expect(try await socket.read { $0.contains("{\"bytes\":5}") }.contains("{\"bytes\":5}"))
    }

    @Test
    func `a line over the limit cuts the answer short`() async throws {
        let site = try await Site.start()
        let body = Array("ok\n".utf8) + Array(repeating: UInt8(97), count: 1001)
        await #expect(throws: (any Error).self) {
            try await site.client.send("POST", "/v1/import", headers: StreamTests.ndjson, body: body)
        }
        #expect(site.logs.all.contains { $0.contains("streamed answer broke off") })
    }

    @Test
    func `while a keyed import runs the same key has to wait`() async throws {
        let site = try await Site.start()
        let socket = try await site.server.connect()
        await socket.send(
            """
            POST /v1/import HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer dealer-a\r\nIdempotency-Key: k1\r
            Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n
            """
        )
        _ = try await socket.read { $0.contains("{\"bytes\":3}") }
        let headers = StreamTests.ndjson + [("Idempotency-Key", "k1")]
        let second = try await site.client.send("POST", "/v1/import", headers: headers, body: [97])
        #expect(second.status == 409)
        #expect(try second.code() == "idempotency_in_progress")
        #expect(second.header("Retry-After") == "1")
        await socket.send("0\r\n\r\n")
        _ = try await socket.read { $0.hasSuffix("0\r\n\r\n") }
        #expect(try await site.client.send("POST", "/v1/import", headers: headers, body: [97]).status == 200)
    }

    @Test
    func `a streamed answer comes whole`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/download")
        #expect(answer.text == "part 1\npart 2\npart 3\n")
        #expect(answer.header("Transfer-Encoding") == "chunked")
    }

    @Test
    func `what takes too long is answered without it`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/never")
        #expect(answer.status == 503)
        #expect(try answer.code() == "deadline_exceeded")
        #expect(answer.header("Retry-After") == "1")
    }

    @Test
    func `one more than the maximum in hand is turned away`() async throws {
        var settings = Site.settings
        settings.maximumInFlight = 1
        let site = try await Site.start(settings: settings)
        async let waiting = site.send("GET", "/v1/wait")
        while site.effects.value == 0 { await Task.yield() }
        let refused = try await site.send("GET", "/v1/count")
        #expect(refused.status == 503)
        #expect(try refused.code() == "overloaded")
        site.effects.increment()
        #expect(try await waiting.status == 200)
        #expect(try await site.send("GET", "/v1/count").status == 200)
    }

    @Test
    func `what was answered over its head still comes to its end`() async throws {
        let site = try await Site.start()
        let before = site.effects.value
        let answer = try await site.send("POST", "/v1/late", headers: [("X-Request-Id", "late-request")])
        #expect(answer.status == 503)
        #expect(answer.header("Connection") == "close")
        #expect(answer.header("X-Request-Id") == "late-request")
        #expect(site.effects.value == before)
        _ = try await site.send("GET", "/v1/count")
        while site.effects.value < before + 2 { try await Task.sleep(for: .milliseconds(1)) }
        while !site.logs.all.contains(where: { $0.contains("finished after its deadline") }) { await Task.yield() }
        // One request, one line, one answer.
        #expect(site.logs.all.count { $0.contains("late-request") && $0.contains("\"message\":\"request\"") } == 1)
    }

    @Test
    func `a deadline is met or missed, and only once`() {
        let deadline = Deadline()
        #expect(!deadline.isMissed)
        #expect(deadline.miss())
        #expect(!deadline.meet())
        #expect(deadline.isMissed)
        let other = Deadline()
        #expect(other.meet())
        #expect(!other.miss())
        #expect(!other.isMissed)
    }
}
