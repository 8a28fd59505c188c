package import Core
import HTTPTypes
import Identity
package import Storage
package import TransparencyLog
package import Web

/// What the endpoints of this slice share.
package struct HistoryService: Sendable {
    package let database: any Database
    package let clock: any WallClock
    package let histories: Histories
    let kept = KeptAnswers()
    /// Where the code on a car leads.
    let publicURL: String

    package init(
        database: any Database,
        clock: any WallClock,
        log: String,
        transparency: TransparencyLog? = nil,
        listener: EntryListener? = nil,
        publicURL: String = ""
    ) {
        self.database = database
        self.clock = clock
        self.publicURL = publicURL
        histories = Histories(log: log, transparency: transparency, listener: listener)
    }

    package var endpoints: [Endpoint] {
        appendEndpoints + readEndpoints + codeEndpoints + proofEndpoints + verifyEndpoints
    }
}

/// Limits of this slice, each with its unit.
enum HistoryLimits {
    /// Lines of an import that share one commit.
    static let importBatchLines = 256
    /// One line of an import, in bytes: an event's data and everything around it.
    static let importLineBytes = 64 << 10
    /// Entries read at a time when a whole chain is streamed.
    static let streamedEntries = 500
    /// Answers about cars kept in memory, in bytes of their bodies.
    static let keptAnswerBytes = 32 << 20
    /// A larger answer is not kept: it would push out many small ones.
    static let largestKeptAnswerBytes = 256 << 10
    /// How long an answer to an append may be repeated from the idempotency store: as short as the API's contract
    /// allows, because it holds a payload that may have to be erased.
    static let appendReplaySeconds: Int64 = 24 * 3600
}

extension Call {
    /// The `{vin}` of the path.
    ///
    /// - Throws: `Failure.invalidRequest` saying what is wrong with it.
    func vin() throws -> VIN {
        try pathValue("vin", as: VIN.self)
    }

    func pathValue<Value: TextValue>(_ name: String, as type: Value.Type) throws -> Value {
        do {
            return try Value(parsing: parameters[name] ?? "")
        } catch {
            throw Failure(
                .invalidRequest,
                faults: [Fault(pointer: "/\(name)", code: error.code, detail: error.detail)]
            )
        }
    }
}
