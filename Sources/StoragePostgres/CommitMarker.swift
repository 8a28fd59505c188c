import Core
import Cryptography
import Storage

/// A row that every commit brings along, under a number that nobody else has. Where the answer to a commit is lost, it
/// tells what became of the commit: it is there, or it never will be.
struct CommitMarker {
    private static let byteCount = 16

    let id: [UInt8]
    /// When it was written, in microseconds. Negative in a tombstone, which keeps a commit from happening any more.
    private let writtenAt: Int64
    private let made = ContinuousClock.now

    init(now: Instant) {
        id = SecureRandom.bytes(Self.byteCount)
        writtenAt = now.microseconds
    }

    /// The commit behind it may wait for other servers longer than a statement may take. If the time-out struck then,
    /// the server would acknowledge what is not replicated yet: so it is turned off, in the same breath. And a commit
    /// that is acknowledged is on the disk, whatever the server was set up to since the connection was made.
    var insertion: SQL {
        """
        INSERT INTO write_marker (id, written_at)
        SELECT \(id), \(writtenAt)
        WHERE set_config('statement_timeout', '0', TRUE) IS NOT NULL
            AND CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', TRUE) IS NOT NULL
                ELSE TRUE
            END
        """
    }

    /// Takes the marker's place. It waits for a transaction that has the marker and is not over, and does nothing where
    /// that was committed.
    private var burial: SQL {
        """
        INSERT INTO write_marker (id, written_at)
        VALUES (\(id), \(-writtenAt))
        ON CONFLICT (id) DO NOTHING
        """
    }

    private var inspection: SQL { "SELECT written_at FROM write_marker WHERE id = \(id)" }

    /// Finds out what became of the commit, and makes sure that it stays so.
    /// - Returns: whether it happened. `nil` where that could not be found out in time. A process that was stopped for
    ///   so long that its marker is perhaps deleted learns nothing any more.
    func resolve(on session: Session) -> Bool? {
        let lifetime = Duration.seconds(PostgresLimits.markerLifetimeSeconds / 2)
        guard ContinuousClock.now - made < lifetime else { return nil }
        let end = ContinuousClock.now + .milliseconds(session.limits.resolutionMilliseconds)
        while ContinuousClock.now < end {
            do {
                return try attempt(on: session)
            } catch {
                session.rollBack()
                session.pause(atMostMilliseconds: PostgresLimits.contentionPauseMilliseconds)
            }
        }
        return nil
    }

    /// The tombstone is committed before anybody relies on it. Where its own answer is lost, the next attempt finds it.
    private func attempt(on session: Session) throws -> Bool {
        try session.connect()
        session.begin(.write(lockMilliseconds: session.limits.lockMilliseconds))
        let answers = try session.run([burial, inspection])
        guard let found = answers.last, found.rowCount == 1 else {
            throw StoredDataError("a commit's marker is neither there nor can it be written")
        }
        let isTombstone = try found.row(0).integer(0) < 0
        try session.commit([])
        return !isTombstone
    }
}

/// The markers that one writer has no use for any more.
struct SpentMarkers {
    private var ids: [[UInt8]] = []

    /// So many are deleted together, by one statement.
    private static let sweptCount = 8

    mutating func append(_ marker: CommitMarker) {
        ids.append(marker.id)
    }

    /// What deletes the oldest, once there are enough. Rides along with a commit.
    var sweep: [SQL] {
        guard ids.count >= Self.sweptCount else { return [] }
        let statement: SQL = """
            DELETE FROM write_marker
            WHERE id IN (
                \(ids[0]), \(ids[1]), \(ids[2]), \(ids[3]), \(ids[4]), \(ids[5]), \(ids[6]), \(ids[7])
            )
            """
        return [statement]
    }

    /// A commit took them along.
    mutating func wereSwept() {
        if ids.count >= Self.sweptCount { ids.removeFirst(Self.sweptCount) }
    }

    /// What deletes each of them, when the writer ends.
    var all: [SQL] { ids.map { "DELETE FROM write_marker WHERE id = \($0)" } }

    /// What deletes the markers and tombstones that a process left behind when it was killed.
    static func left(before now: Instant) -> SQL {
        let oldest = now.adding(seconds: -PostgresLimits.markerLifetimeSeconds).microseconds
        return "DELETE FROM write_marker WHERE written_at < \(oldest) AND written_at > \(-oldest)"
    }
}
