import Core
package import Storage

/// What every instance's callers used of their quotas, by windows of the policies' length: the table where instances
/// tell each other.
package enum RateUse {
    /// No policy's window is as long; what is older nobody asks for.
    static let keptSeconds: Int64 = 3600

    static func windowStart(at now: Instant, windowSeconds: Int) -> Int64 {
        let window = Int64(windowSeconds) * 1_000_000
        return now.microseconds.floorDivided(by: window) * window
    }

    /// Adds what was used here, and reads what that makes for each caller, in this window and the one before.
    ///
    /// - Parameter uses: in the order of their callers, so that no two instances wait for each other's rows.
    static func exchange(_ tx: any Transaction, _ uses: [RateLimiter.Use]) throws -> [UseReport] {
        try tx.execute(all: uses.map { addition(of: $0, at: tx.now) })
        let rows = try tx.rows(all: uses.map { question(for: $0, at: tx.now) })
        return try zip(uses, rows).map { use, rows in try UseReport(use, at: tx.now, rows) }
    }

    private static func addition(of use: RateLimiter.Use, at now: Instant) -> SQL {
        """
        INSERT INTO rate_use (policy, caller, window_start, used)
        VALUES (
            \(use.caller.policy),
            \(use.caller.name),
            \(windowStart(at: now, windowSeconds: use.windowSeconds)),
            \(use.count)
        )
        ON CONFLICT (policy, caller, window_start) DO UPDATE
        SET used = rate_use.used + excluded.used
        """
    }

    private static func question(for use: RateLimiter.Use, at now: Instant) -> SQL {
        let start = windowStart(at: now, windowSeconds: use.windowSeconds)
        return """
            SELECT window_start, used
            FROM rate_use
            WHERE policy = \(use.caller.policy)
                AND caller = \(use.caller.name)
                AND window_start >= \(start - Int64(use.windowSeconds) * 1_000_000)
            """
    }

    /// Deletes what nobody asks for any more, the oldest first.
    /// - Returns: how many rows there were; where that is `limit`, there may be more.
    @discardableResult
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        let old = try tx.rows(
            """
            SELECT policy, caller, window_start
            FROM rate_use
            WHERE window_start < \(tx.now.adding(seconds: -keptSeconds).microseconds)
            ORDER BY window_start
            LIMIT \(limit)
            """
        )
        try tx.execute(
            all: old.map { row in
                """
                DELETE FROM rate_use
                WHERE policy = \(try row.text(0))
                    AND caller = \(try row.text(1))
                    AND window_start = \(try row.integer(2))
                """
            }
        )
        return old.count
    }
}

/// What the table said of one caller after this instance had added its own.
struct UseReport: Sendable, Hashable {
    let caller: RateLimiter.Caller
    let own: Int64
    /// The window that `own` was added to.
    let windowStart: Int64
    /// How much of that window is still to come, in microseconds.
    let leftMicroseconds: Int64
    let windowMicroseconds: Int64
    /// By the start of the window, in microseconds.
    let totals: [Int64: Int64]

    init(_ use: RateLimiter.Use, at now: Instant, _ rows: [Row]) throws {
        caller = use.caller
        own = Int64(use.count)
        windowStart = RateUse.windowStart(at: now, windowSeconds: use.windowSeconds)
        windowMicroseconds = Int64(use.windowSeconds) * 1_000_000
        leftMicroseconds = windowStart + windowMicroseconds - now.microseconds
        totals = try Dictionary(uniqueKeysWithValues: rows.map { (try $0.integer(0), try $0.integer(1)) })
    }
}

/// What one instance knows of all instances' use, so that it takes out of its bucket only what is new.
struct HeardUse: Sendable, Hashable {
    /// By the start of the window, in microseconds: this one's, and those beside it that another clock believes in.
    private var known: [Int64: Int64] = [:]

    /// - Returns: what others used and was not taken out yet. Of a window before this one, of which nothing is known
    ///   here, only the share that has not come back meanwhile.
    mutating func hear(_ report: UseReport) -> Int64 {
        var others: Int64 = 0
        for (start, total) in report.totals {
            let own = start == report.windowStart ? report.own : 0
            let unheard = max(0, total - (known[start] ?? 0) - own)
            if known[start] == nil, start < report.windowStart {
                let share = unheard.multipliedReportingOverflow(by: report.leftMicroseconds)
                others += share.overflow ? unheard : share.partialValue / report.windowMicroseconds
            } else {
                others += unheard
            }
        }
        known = report.totals
        return others
    }
}
