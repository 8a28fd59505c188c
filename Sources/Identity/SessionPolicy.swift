package import Core

/// When things happened to a session.
package struct SessionTimes: Sendable, Hashable {
    package let createdAt: Instant
    /// As stored, which is up to `SessionPolicy.useNotedEverySeconds` before the last use.
    package let lastUsedAt: Instant
    /// When its token was made.
    package let tokenIssuedAt: Instant
    /// When the person last showed the second factor.
    package let provedAt: Instant?

    package init(createdAt: Instant, lastUsedAt: Instant, tokenIssuedAt: Instant, provedAt: Instant?) {
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.tokenIssuedAt = tokenIssuedAt
        self.provedAt = provedAt
    }
}

/// How long a session lives. Pure.
package struct SessionPolicy: Sendable, Hashable {
    /// Without a request.
    package let idleSeconds: Int64
    /// However busy it is.
    package let absoluteSeconds: Int64
    /// How old a token may be before the next request gets a new one.
    package let rotationSeconds: Int64
    /// How long the second factor that was shown is good for money and personal data.
    package let stepUpSeconds: Int64

    /// Who handles others' money and data: NIST SP 800-63B, section 4.2.3 (recalled, not
    /// read), has 12 hours and 30 minutes for two factors.
    package static let staff = SessionPolicy(
        idleSeconds: 30 * 60,
        absoluteSeconds: 12 * 3600,
        rotationSeconds: 15 * 60,
        stepUpSeconds: 5 * 60
    )
    /// Who sees the own purchases alone: NIST SP 800-63B, section 4.1.3 (recalled, not read), has 30 days
    /// for one factor.
    package static let buyer = SessionPolicy(
        idleSeconds: 7 * 86_400,
        absoluteSeconds: 30 * 86_400,
        rotationSeconds: 86_400,
        stepUpSeconds: 5 * 60
    )

    /// How exactly the last use is stored: a write a minute and session is nothing, one a request would be.
    package static let useNotedEverySeconds: Int64 = 60
    /// How long a token that was replaced is still taken, because requests were under way with it.
    package static let replacedTokenGraceSeconds: Int64 = 10

    package enum State: Sendable, Hashable {
        case live
        case idleTooLong
        case tooOld
    }

    package func state(of times: SessionTimes, at now: Instant) -> State {
        if now >= times.createdAt.adding(seconds: absoluteSeconds) { return .tooOld }
        return now >= times.lastUsedAt.adding(seconds: idleSeconds) ? .idleTooLong : .live
    }

    /// When it ends if nothing more is asked: what the client is told.
    package func endsAt(_ times: SessionTimes) -> Instant {
        min(times.createdAt.adding(seconds: absoluteSeconds), times.lastUsedAt.adding(seconds: idleSeconds))
    }

    /// Whether the token is to be replaced. It also is at every sign-in and step-up.
    package func isRotationDue(_ times: SessionTimes, at now: Instant) -> Bool {
        now >= times.tokenIssuedAt.adding(seconds: rotationSeconds)
    }

    /// Whether the second factor is fresh enough for money and personal data.
    package func isSteppedUp(_ times: SessionTimes, at now: Instant) -> Bool {
        guard let provedAt = times.provedAt else { return false }
        return now < provedAt.adding(seconds: stepUpSeconds)
    }

    package static func isUseToBeNoted(_ times: SessionTimes, at now: Instant) -> Bool {
        now >= times.lastUsedAt.adding(seconds: useNotedEverySeconds)
    }

    /// - Parameter replacedAt: when the newer token was made.
    package static func isReplacedTokenTaken(replacedAt: Instant, at now: Instant) -> Bool {
        now < replacedAt.adding(seconds: replacedTokenGraceSeconds)
    }
}
