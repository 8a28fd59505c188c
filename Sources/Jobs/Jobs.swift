package import Core
package import Storage

/// Durable deadlines and work. The verbs belong into a caller's transaction: what is to be done later stands with what
/// happened now, or neither does.
package enum Jobs {
    /// What is over is known so long, and its key is taken.
    package static let keptSeconds: Int64 = 90 * 86_400
    static let payloadBytesMaximum = 64 << 10

    /// - Parameters:
    ///   - key: what it is about. Whoever enqueues the same again finds the first one, whatever became of it.
    ///   - dueAt: at once, where it is not told. A time that is past already makes it late.
    /// - Returns: the job, and whether this call made it.
    @discardableResult
    package static func enqueue(
        _ tx: any Transaction,
        _ kind: String,
        key: String,
        dueAt: Instant? = nil,
        payload: JSON = [:]
    ) throws -> (job: JobID, isNew: Bool) {
        let text = String(decoding: payload.canonicalBytes, as: UTF8.self)
        guard text.utf8.count <= payloadBytesMaximum else { throw StoredDataError("the payload of a job is too large") }
        let id = JobID(at: tx.now)
        if try JobStore.insert(tx, id, kind, key: key, dueAt: dueAt ?? tx.now, payload: text) { return (id, true) }
        guard let existing = try JobStore.find(tx, kind, key: key) else { throw UniqueViolation() }
        return (existing.id, false)
    }

    package static func find(_ tx: any Transaction, _ id: JobID) throws -> Job? {
        try JobStore.find(tx, id)
    }

    package static func find(_ tx: any Transaction, _ kind: String, key: String) throws -> Job? {
        try JobStore.find(tx, kind, key: key)
    }

    /// Whoever runs it at this moment changes nothing any more.
    /// - Returns: `false` where it is over, or there is none.
    @discardableResult
    package static func cancel(_ tx: any Transaction, _ kind: String, key: String) throws -> Bool {
        try JobStore.cancel(tx, kind, key: key)
    }

    /// Makes it due at another time, as if it had never been tried. One that was cancelled comes back.
    /// - Returns: `false` where it is done or dead, or there is none.
    @discardableResult
    package static func reschedule(
        _ tx: any Transaction,
        _ kind: String,
        key: String,
        to dueAt: Instant
    ) throws -> Bool {
        try JobStore.reschedule(tx, kind, key: key, to: dueAt)
    }

    /// Sees to it that somebody looks once more: makes the job, or begins again one that is over. One that waits, for
    /// its time or between attempts, is left alone, and whoever runs it cannot end it before this transaction has
    /// ended, so that what it writes is seen by then.
    package static func awaken(_ tx: any Transaction, _ kind: String, key: String) throws {
        try JobStore.awaken(tx, JobID(at: tx.now), kind, key: key)
    }

    // MARK: What people look after

    /// What nobody tries any more, the newest first.
    /// - Parameter last: the last one that was seen, on the page before.
    package static func dead(_ tx: any Transaction, after last: Job? = nil, limit: Int) throws -> [Job] {
        try JobStore.dead(tx, before: last.map { ($0.at.microseconds, $0.id.text) } ?? (.max, "~"), limit: limit)
    }

    /// Begins again, with all its attempts. It stays as late as it is.
    /// - Throws: `Failure.jobNotFound`; `Failure.jobState` where it is not dead.
    @discardableResult
    package static func retry(_ tx: any Transaction, _ id: JobID) throws -> Job {
        guard try JobStore.retry(tx, id) else {
            guard try JobStore.find(tx, id) != nil else { throw Failure(.jobNotFound) }
            throw Failure(
                .jobState,
                zh: "只有已停止重试的任务可以重新执行",
                en: "Only a job that is no longer tried can be begun again"
            )
        }
        guard let job = try JobStore.find(tx, id) else { throw Failure(.jobNotFound) }
        return job
    }

    /// Forgets what has been over for long. The dead stay until a person has seen to them.
    /// - Returns: how many there were, up to the limit.
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        let end = tx.now.adding(seconds: -keptSeconds)
        let done = try JobStore.purge(tx, .done, before: end, limit: limit)
        return try done + JobStore.purge(tx, .cancelled, before: end, limit: limit - done)
    }
}
