/// Every limit and setting of the store, with its unit.
package struct SQLiteLimits: Sendable {
    /// Writes that may wait for the writer. One more is refused at once: a queue that grows answers nobody in time.
    package var waitingWrites = 4096
    /// Writes that share one commit and its `fsync`. The more they are, the more of them share a page, too.
    package var batchedWrites = 512
    /// Reads that may wait for a reader.
    package var waitingReads = 4096
    /// Connections that read. More than processors, so that a long report leaves room for short reads.
    package var readers = 4
    /// Pages in the write-ahead log after which they are copied into the store, 16 MiB of them: of a page that was
    /// written many times meanwhile, the last state alone is copied.
    package var checkpointPages = 2000

    package init() {}

    /// How long a statement waits for another process to let go of the store.
    static let busyTimeoutSeconds = 5.0
    /// When a caller who was turned away may come again.
    static let retryAfterSeconds = 1
    /// Pages that the writer keeps in memory. An append touches several trees, most of them at a random place.
    static let writerCacheKiB = 16_384
    /// One page of a new store: twice SQLite's default, so that rows as long as an entry leave less of a page empty,
    /// and more of a batch's rows meet in one. A store keeps the size that it was made with.
    static let pageBytes = 8192
    /// What stands before each page in the write-ahead log.
    static let frameHeaderBytes = 24
}
