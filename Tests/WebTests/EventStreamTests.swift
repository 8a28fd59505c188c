import Core
import Cryptography
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import Web

@Suite struct EventStreamTests {
    private static func call(_ address: String = "203.0.113.9", lastID: String? = nil) throws -> Call {
        var headers: HTTPFields = [:]
        headers[.lastEventID] = lastID
        return try Call(
            endpoint: Endpoint(.get, "/events", authorize: AccessDecision.everyone, handler: { _ in Reply(.ok) }),
            cursors: CursorSigner(secret: SecretBytes([UInt8](repeating: 1, count: 32))),
            headers: headers,
            address: ClientAddress(peer: SocketAddress(ipAddress: address, port: 0))
        )
    }

    private static func limits(
        lifetime: Duration = .seconds(600),
        heartbeat: Duration = .seconds(600)
    ) -> EventStreams.Limits {
        var limits = EventStreams.Limits()
        (limits.lifetime, limits.heartbeat, limits.pollInterval) = (lifetime, heartbeat, .milliseconds(1))
        return limits
    }

    private static func event(_ number: Int) -> ServerSentEvent {
        ServerSentEvent(id: "\(number)", name: "progress", data: ["rows": JSON(number)])
    }

    /// What a listener gets until the stream ends.
    private func listen(_ reply: Reply) async throws -> String {
        guard case .stream(let write) = reply.body else { return "" }
        let writer = RecordingWriter()
        try await write(writer)
        return writer.text
    }

    @Test func `each event goes out once, and the last one ends the stream`() async throws {
        let streams = EventStreams(limits: Self.limits())
        let reply = try streams.reply(to: try Self.call()) { lastID in
            let next = (lastID.flatMap { Int($0) } ?? 0) + 1
            return EventBatch([Self.event(next)], isLast: next == 3)
        }
        #expect(reply.headers[.contentType] == "text/event-stream")
        let text = try await listen(reply)
        let events = (1...3).map { "id: \($0)\nevent: progress\ndata: {\"rows\":\($0)}\n\n" }
        #expect(text == "retry: 3000\n\n" + events.joined())
    }

    @Test func `who comes back goes on behind what he has seen`() async throws {
        let streams = EventStreams(limits: Self.limits())
        let reply = try streams.reply(to: try Self.call(lastID: "7")) { lastID in
            EventBatch([Self.event((lastID.flatMap { Int($0) } ?? 0) + 1)], isLast: true)
        }
        #expect(try await listen(reply).contains("id: 8\n"))
    }

    @Test func `a stream that has nothing to tell says that it is there`() async throws {
        let streams = EventStreams(limits: Self.limits(heartbeat: .zero))
        let asked = Mutex(0)
        let reply = try streams.reply(to: try Self.call()) { _ in
            let times = asked.withLock { asked in
                asked += 1
                return asked
            }
            return EventBatch([], isLast: times == 4)
        }
        #expect(try await listen(reply) == "retry: 3000\n\n:\n\n:\n\n:\n\n")
    }

    @Test func `no stream lives longer than its lifetime`() async throws {
        let streams = EventStreams(limits: Self.limits(lifetime: .milliseconds(5)))
        let reply = try streams.reply(to: try Self.call()) { _ in EventBatch([], isLast: false) }
        #expect(try await listen(reply) == "retry: 3000\n\n")
    }

    @Test func `one caller has only so many streams at a time, and a place that is left is free again`() async throws {
        var limits = Self.limits()
        (limits.perOrganization, limits.inAll) = (2, 3)
        let streams = EventStreams(limits: limits)
        func open(_ address: String) throws -> Reply {
            try streams.reply(to: try Self.call(address)) { _ in EventBatch([], isLast: true) }
        }
        var held = [try open("203.0.113.1"), try open("203.0.113.1")]
        #expect(throws: Failure.self) { try open("203.0.113.1") }
        held.append(try open("203.0.113.2"))
        // All places of the process are taken.
        #expect(throws: Failure.self) { try open("203.0.113.3") }
        held.removeFirst()
        held.append(try open("203.0.113.1"))
        held = []
        #expect(throws: Never.self) { try open("203.0.113.3") }
    }
}

private final class RecordingWriter: BodyWriter {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ bytes: [UInt8]) async throws {
        self.bytes.withLock { $0 += bytes }
    }
}
