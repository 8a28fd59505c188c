/// Every limit and setting of the store, with its unit.
package struct PostgresLimits: Sendable {
    /// Writes that may wait for a writer. One more is refused at once: a queue that grows answers nobody in time.
    package var waitingWrites = 4096
    /// Writes that share one commit. Each has a savepoint, and a transaction with more than 64 of them makes every
    /// snapshot on the server slower: what it keeps of them in shared memory overflows (PGPROC_MAX_CACHED_SUBXIDS).
    package var batchedWrites = 60
    /// Connections that write, each a batch at a time.
    package var writers = 2
    /// Reads that may wait for a reader.
    package var waitingReads = 4096
    /// Connections that read.
    package var readers = 4
    /// How long one statement may take. The server ends it then; where the server does not, this side cancels it.
    package var statementMilliseconds = 30_000
    /// How long a statement waits for a row that another transaction has locked.
    package var lockMilliseconds = 3_000
    /// The same in a batch of several writes. Shorter than the second after which PostgreSQL looks for deadlocks: two
    /// batches that wait for each other are parted before that, and who waits then waits alone and holds nothing.
    package var batchLockMilliseconds = 250
    /// How long the server bears a transaction in which nothing happens: that of a process which was stopped.
    package var idleMilliseconds = 10_000
    /// How long a request waits for a connection to come back before it is told that the store is away.
    package var reconnectMilliseconds = 2_000
    /// How often a write is run again that met a deadlock or a lock, or lost its connection.
    package var attempts = 6
    /// How long a batch may be held up by other transactions. Who is still in their way then is told to come again.
    package var contentionMilliseconds = 6_000
    /// How long a commit may take, on whatever the server has it wait for.
    package var commitMilliseconds = 10_000
    /// How long it is tried to find out what became of a commit whose answer was lost.
    package var resolutionMilliseconds = 10_000
    /// Whether statements are prepared once on every connection. Behind a pooler that gives every transaction another
    /// connection of the server, that is found out to be of no use, and left.
    package var preparesStatements = true

    package init() {}

    /// For statements that change a whole table. They wait for who reads it, too.
    package static var forMigrations: PostgresLimits {
        var limits = PostgresLimits()
        limits.statementMilliseconds = 86_400_000
        limits.lockMilliseconds = 60_000
        limits.idleMilliseconds = 600_000
        return limits
    }

    /// When a caller who was turned away may come again.
    static let retryAfterSeconds = 1
    /// How much longer this side waits than the server should.
    static let graceMilliseconds = 2_000
    /// Between two attempts to connect: the first wait, and the longest.
    static let shortestPauseMilliseconds = 20
    static let longestPauseMilliseconds = 250
    /// After a deadlock: at most this, times the number of the attempt.
    static let contentionPauseMilliseconds = 20
    /// A mark that nobody deleted is of no use after this long: its process is gone, or has long asked for it.
    static let markerLifetimeSeconds: Int64 = 86_400

    /// What is passed to libpq where the address does not say otherwise.
    static let connectionDefaults = [
        // libpq's own minimum. Several hosts have this long each.
        ("connect_timeout", "2"),
        ("keepalives_idle", "2"),
        ("keepalives_interval", "1"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "2000"),
        ("application_name", "chexin"),
    ]
}
