import Core

/// The right to do what only one instance may do, for a short time and under a number that only grows.
///
/// Times are those of the holders' own clocks, which may be wrong: a lease may be taken over too soon or too late. What
/// is written is safe all the same, because every write of a holder goes through `guardWrite`, which looks at the
/// number inside the same transaction. A lease that ran out is over, whether or not somebody took it meanwhile.
package struct Lease: Sendable, Hashable {
    /// How long a holder that died keeps the others waiting.
    package static let seconds: Int64 = 15
    /// So far apart may the clocks of two instances be, neither of which is wrong.
    static let skewSeconds: Int64 = 15

    package let name: String
    package let holder: String
    /// Higher than that of every holder before.
    package let fence: Int64

    /// - Parameter holder: who asks, by a name that nobody else has and that no restart repeats.
    /// - Returns: `nil` where somebody holds it.
    package static func acquire(_ tx: any Transaction, _ name: String, holder: String) throws -> Lease? {
        // An end further away than any lease lasts was written by a clock that is wrong, or is read by one: nobody
        // waits for it. A clock that is merely behind takes nothing from a holder that is alive.
        let furthest = end(from: tx.now.adding(seconds: skewSeconds))
        let row = try tx.first(
            """
            INSERT INTO lease (name, holder, fence, expires_at)
            VALUES (\(name), \(holder), 1, \(end(from: tx.now)))
            ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder,
                fence = lease.fence + 1,
                expires_at = excluded.expires_at
            WHERE lease.expires_at <= \(tx.now.microseconds) OR lease.expires_at > \(furthest)
            RETURNING fence
            """
        )
        return try row.map { Lease(name: name, holder: holder, fence: try $0.integer(0)) }
    }

    /// Holds it for the full time again.
    /// - Returns: `false` where it was lost.
    package func renew(_ tx: any Transaction) throws -> Bool {
        let renewed = try tx.execute(
            """
            UPDATE lease
            SET expires_at = \(Lease.end(from: tx.now))
            WHERE name = \(name)
                AND holder = \(holder)
                AND fence = \(fence)
                AND expires_at > \(tx.now.microseconds)
            """
        )
        return renewed == 1
    }

    /// Lets the next one have it at once. Nothing happens where it was lost.
    package func release(_ tx: any Transaction) throws {
        // The row stays, because the next number is counted from it.
        try tx.execute(
            """
            UPDATE lease
            SET expires_at = 0
            WHERE name = \(name) AND holder = \(holder) AND fence = \(fence)
            """
        )
    }

    /// Belongs into every transaction of a holder, before what it writes: keeps its row locked until the commit, so
    /// that nobody takes over in between.
    ///
    /// - Throws: `LeaseLost`; nothing of the transaction may stay then.
    package func guardWrite(_ tx: any Transaction) throws {
        let held = try tx.execute(
            """
            UPDATE lease
            SET fence = fence
            WHERE name = \(name)
                AND holder = \(holder)
                AND fence = \(fence)
                AND expires_at > \(tx.now.microseconds)
            """
        )
        guard held == 1 else { throw LeaseLost(name: name) }
    }

    private static func end(from now: Instant) -> Int64 {
        now.adding(seconds: seconds).microseconds
    }
}

/// Somebody else may be doing it by now.
package struct LeaseLost: Error, Sendable, Hashable {
    package let name: String

    package init(name: String) {
        self.name = name
    }
}
