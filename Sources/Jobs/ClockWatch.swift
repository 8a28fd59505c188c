import Core

/// Tells a wall clock that jumped from time that went by, by a clock that nobody sets.
///
/// Where the wall clock leaps ahead, everything up to there seems to be due at once. What falls due is held back then:
/// either somebody sets the clock right again, or it is right now and was wrong before, which shows when it stays so.
/// A clock that leaps back needs no care: nothing is due too early by it.
struct ClockWatch: Sendable {
    /// What is set right bit by bit moves less than this between two looks.
    static let toleranceSeconds: Int64 = 60
    /// How long a clock that leapt ahead has to go on steadily before it is believed.
    static let holdSeconds: Int64 = 300

    enum Verdict: Sendable, Hashable {
        case steady
        /// It leapt ahead just now.
        case jumped(seconds: Int64)
        case held
    }

    /// Wall clock less the other one, in microseconds, as it is believed.
    private var believed: Int64?
    private var suspicion: (offset: Int64, since: Duration)?

    /// - Parameter elapsed: of a clock that nobody sets, and that goes on while the machine sleeps.
    mutating func look(wall: Instant, elapsed: Duration) -> Verdict {
        let offset = wall.microseconds - elapsed.microseconds
        guard let believed, offset - believed > ClockWatch.toleranceSeconds * 1_000_000 else {
            self.believed = offset
            suspicion = nil
            return .steady
        }
        if let suspicion, abs(offset - suspicion.offset) <= ClockWatch.toleranceSeconds * 1_000_000 {
            guard elapsed - suspicion.since >= .seconds(ClockWatch.holdSeconds) else { return .held }
            self.believed = offset
            self.suspicion = nil
            return .steady
        }
        suspicion = (offset, elapsed)
        return .jumped(seconds: (offset - believed) / 1_000_000)
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
