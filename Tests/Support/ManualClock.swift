package import Core
import Synchronization

/// A clock that stands still until a test moves it, or goes on by the same step at every look.
package final class ManualClock: WallClock {
    /// 2026-03-01T08:00:00.000Z, a Sunday afternoon in China.
    package static let start = Instant(milliseconds: 1_772_352_000_000)

    private let instant: Mutex<Instant>
    private let tickMilliseconds: Int64

    package init(at instant: Instant = ManualClock.start, tickMilliseconds: Int64 = 0) {
        self.instant = Mutex(instant)
        self.tickMilliseconds = tickMilliseconds
    }

    package func now() -> Instant {
        instant.withLock { instant in
            defer { instant = instant.adding(milliseconds: tickMilliseconds) }
            return instant
        }
    }

    package func set(_ new: Instant) {
        instant.withLock { $0 = new }
    }

    package func advance(seconds: Int64) {
        instant.withLock { $0 = $0.adding(seconds: seconds) }
    }

    package func advance(milliseconds: Int64) {
        instant.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}
