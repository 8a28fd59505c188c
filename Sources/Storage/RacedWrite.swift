import Core

extension Database {
    /// Writes what another transaction may be writing at the same moment, here or in another instance. Whoever finds a
    /// unique key taken that was free when it looked is run again from its beginning, and sees the winner's rows then.
    ///
    /// - Throws: `Failure.storeBusy` where others were faster every time; what `write` throws, apart from
    ///   `UniqueViolation`.
    package func writeRetrying<Result: Sendable>(
        foreseeing foresight: Foresight? = nil,
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        for attempt in 0..<RacedWrite.attempts {
            if attempt > 0 { try await Task.sleep(for: RacedWrite.pause(before: attempt)) }
            do {
                let hints = attempt == 0 ? WriteHints(foresight: foresight) : WriteHints(hasLostRace: true)
                return try await write(knowing: hints, body)
            } catch is UniqueViolation {
                continue
            }
        }
        throw Failure(.storeBusy, retryAfterSeconds: RacedWrite.retryAfterSeconds)
    }
}

/// How long to race before the caller is told to come again.
enum RacedWrite {
    static let attempts = 6
    static let firstPauseMilliseconds = 4
    static let retryAfterSeconds = 1

    /// Twice as long as the time before, and some chance in it: those who met once should not meet again.
    static func pause(before attempt: Int) -> Duration {
        let longest = firstPauseMilliseconds << (attempt - 1)
        return .milliseconds(Int.random(in: (longest / 2)...longest))
    }
}
