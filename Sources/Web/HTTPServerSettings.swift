/// Where the server listens, and how long and how much it puts up with.
package struct HTTPServerSettings: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose; `WebServer`'s `onRunning` tells which.
    package var port = 8080
    /// The operating system's queue of connections that wait to be accepted.
    package var backlog = 256
    package var maximumConnections = 4096
    /// Requests in hand at once; one more is answered with 503.
    package var maximumInFlight = 1024
    /// A connection on which no request begins or goes on is closed. The framework's own default is never.
    package var idleTimeout: Duration = .seconds(10)
    package var maximumHeaderBytes = Limits.headerBytes
    package var maximumHeaderCount = 100
    package var bodyPace = BodyPace()
    /// A reader that takes nothing off the connection for so long is cut off.
    package var writeStallTimeout: Duration = .seconds(30)
    /// After the last answer what still arrives is read and thrown away for so long: closing at once would reset the
    /// connection, and the sender could lose the answer.
    package var lingerTimeout: Duration = .seconds(2)
    /// How long the answer waits for the note of a refusal.
    package var refusalTimeout: Duration = .seconds(2)
    /// Addresses of proxies whose `X-Forwarded-For` is believed: its last entry is then the caller's address.
    package var trustedProxies: Set<String> = []
    /// Callers whose quotas are remembered at once; those longest silent are forgotten first.
    package var maximumRateLimitBuckets = 100_000
    /// Multiplies every quota.
    package var rateLimitScale = 1

    package init() {}
}

/// How slowly a body may arrive: the time spent waiting for the sender counts, never our own.
package struct BodyPace: Sendable, Hashable {
    /// Waiting allowed ahead of what the received bytes have earned, and the most that they can earn.
    package var grace: Duration = .seconds(5)
    /// Bytes that earn another second of waiting.
    package var minimumBytesPerSecond = 1024

    package init() {}
}
