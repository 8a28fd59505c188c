package import Core
import HTTPTypes
import ServiceLifecycle
import Synchronization

/// An event of a `text/event-stream` (WHATWG HTML, “Server-sent events”).
package struct ServerSentEvent: Sendable, Hashable {
    /// What a caller who comes back says that he has seen.
    package let id: String
    package let name: String
    package let data: JSON

    package init(id: String, name: String, data: JSON) {
        self.id = id
        self.name = name
        self.data = data
    }

    /// JSON has no line ends outside its strings, and within them they are escaped: the data is one line.
    var bytes: [UInt8] { Array("id: \(id)\nevent: \(name)\ndata: ".utf8) + data.bytes + Array("\n\n".utf8) }
}

/// What there is to tell since the event that was seen last.
package struct EventBatch: Sendable {
    package let events: [ServerSentEvent]
    /// Whether nothing will follow.
    package let isLast: Bool

    package init(_ events: [ServerSentEvent], isLast: Bool) {
        self.events = events
        self.isLast = isLast
    }
}

/// The streams of events that are open in this process.
package final class EventStreams: Sendable {
    package static let mediaType = "text/event-stream"

    package struct Limits: Sendable {
        /// Then the stream ends, and who still listens comes back with the last id: no connection lasts for ever.
        package var lifetime = Duration.seconds(600)
        /// Something is said at least as often, so that proxies keep the connection and a caller who is gone is found.
        package var heartbeat = Duration.seconds(15)
        package var pollInterval = Duration.milliseconds(500)
        /// How soon a caller should come back, in milliseconds.
        package var retryMilliseconds = 3000
        package var perOrganization = 4
        package var inAll = 1000

        package init() {}
    }

    private let limits: Limits
    private let open = Mutex<[String: Int]>([:])

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// - Parameter next: what there is to tell. It is asked again and again, each time with the id that was told last,
    ///   or with the caller's `Last-Event-ID`.
    /// - Throws: `tooManyStreams`.
    package func reply(
        to call: Call,
        _ next: @escaping @Sendable (_ lastID: String?) async throws -> EventBatch
    ) throws -> Reply {
        let place = try Place.take(call.principal?.organization ?? call.remoteAddress, self)
        let lastID = call.headers[.lastEventID]
        return Reply(
            .ok,
            headers: [.contentType: EventStreams.mediaType, .accelBuffering: "no"],
            body: .stream { [limits] writer in
                try await EventStreams.write(to: writer, limits, from: lastID, next)
                withExtendedLifetime(place) {}
            }
        )
    }

    private static func write(
        to writer: any BodyWriter,
        _ limits: Limits,
        from seen: String?,
        _ next: (_ lastID: String?) async throws -> EventBatch
    ) async throws {
        let end = ContinuousClock.now + limits.lifetime
        var lastID = seen
        var spokeAt = ContinuousClock.now
        try await writer.write(Array("retry: \(limits.retryMilliseconds)\n\n".utf8))
        while true {
            let batch = try await next(lastID)
            if let last = batch.events.last {
                try await writer.write(batch.events.flatMap(\.bytes))
                lastID = last.id
                spokeAt = .now
            }
            if batch.isLast || .now >= end || Task.isShuttingDownGracefully { return }
            if .now - spokeAt >= limits.heartbeat {
                try await writer.write(Array(":\n\n".utf8))
                spokeAt = .now
            }
            try await Task.sleep(for: limits.pollInterval)
        }
    }

    /// Held for as long as a stream is open, or might be.
    private final class Place: Sendable {
        private let holder: String
        private let streams: EventStreams

        private init(_ holder: String, _ streams: EventStreams) {
            self.holder = holder
            self.streams = streams
        }

        static func take(_ holder: String, _ streams: EventStreams) throws -> Place {
            let isTaken = streams.open.withLock { open in
                let own = open[holder, default: 0]
                guard own < streams.limits.perOrganization, open.values.reduce(0, +) < streams.limits.inAll else {
                    return false
                }
                open[holder] = own + 1
                return true
            }
            guard isTaken else { throw Failure(.tooManyStreams, retryAfterSeconds: EventStreams.retryAfterSeconds) }
            return Place(holder, streams)
        }

        deinit {
            streams.open.withLock { open in
                let rest = open[holder, default: 1] - 1
                open[holder] = rest > 0 ? rest : nil
            }
        }
    }

    private static let retryAfterSeconds = 10
}
