package import HTTPTypes

extension HTTPField.Name {
    package static let acceptPatch = literal("Accept-Patch")
    package static let acceptPost = literal("Accept-Post")
    /// Tells nginx and what is like it to hand on each event as it comes.
    package static let accelBuffering = literal("X-Accel-Buffering")
    package static let contentDigest = literal("Content-Digest")
    package static let crossOriginOpenerPolicy = literal("Cross-Origin-Opener-Policy")
    /// HTTPTypes keeps the first `Host` apart from the headers: what is found under this name is a second one.
    static let secondHost = literal("Host")
    package static let fetchSite = literal("Sec-Fetch-Site")
    package static let idempotencyKey = literal("Idempotency-Key")
    package static let idempotencyReplayed = literal("Idempotency-Replayed")
    package static let lastEventID = literal("Last-Event-ID")
    package static let link = literal("Link")
    package static let prefer = literal("Prefer")
    package static let preferenceApplied = literal("Preference-Applied")
    package static let rateLimit = literal("RateLimit")
    package static let rateLimitPolicy = literal("RateLimit-Policy")
    package static let referrerPolicy = literal("Referrer-Policy")
    package static let forwardedFor = literal("X-Forwarded-For")
    package static let requestID = literal("X-Request-Id")
    package static let wantContentDigest = literal("Want-Content-Digest")

    /// For names that stand in the source: one that is no token is found by the first test that runs.
    private static func literal(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }
}
