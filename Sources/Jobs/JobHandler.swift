package import Core
package import Storage

/// What becomes of a job when its effect is written.
package enum JobOutcome: Sendable, Hashable {
    case done
    /// The same job is due once more, with another payload where there is one.
    case again(at: Instant, payload: JSON? = nil)
}

/// How jobs of a kind are done.
///
/// The effect is written in the transaction that also says that the job is done: there is neither without the other,
/// whenever the process dies. An effect may be run again from its beginning, as every body of a transaction.
package struct JobHandler: Sendable {
    package typealias Effect = @Sendable (any Transaction) throws -> JobOutcome

    enum Work: Sendable {
        case effect(@Sendable (any Transaction, JobRun) throws -> JobOutcome)
        case action(@Sendable (JobRun) async throws -> Effect)
    }

    package let kind: String
    package let backoff: Backoff
    /// So many of them run at the same time in one process, at the most: a kind that hangs leaves room for others.
    package let concurrency: Int
    let work: Work

    /// For what is done in the store alone.
    package init(
        _ kind: String,
        backoff: Backoff = Backoff(),
        concurrency: Int = .max,
        effect: @escaping @Sendable (any Transaction, JobRun) throws -> JobOutcome
    ) {
        self.kind = kind
        self.backoff = backoff
        self.concurrency = concurrency
        work = .effect(effect)
    }

    /// For what reaches outside, which happens at least once and perhaps more often: whoever is reached has to know the
    /// job by its key. It is cancelled when somebody else takes the job, or the server stops.
    package init(
        _ kind: String,
        backoff: Backoff = Backoff(),
        concurrency: Int = .max,
        action: @escaping @Sendable (JobRun) async throws -> Effect
    ) {
        self.kind = kind
        self.backoff = backoff
        self.concurrency = concurrency
        work = .action(action)
    }
}

/// A job of which there always is one: enqueued when a runner starts, due at once, and again whenever it says so.
package struct StandingJob: Sendable, Hashable {
    package let kind: String
    package let key: String
    package let payload: JSON

    package init(_ kind: String, key: String, payload: JSON = [:]) {
        self.kind = kind
        self.key = key
        self.payload = payload
    }
}
