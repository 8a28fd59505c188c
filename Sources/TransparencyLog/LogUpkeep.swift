package import Cryptography
package import Logging
package import ServiceLifecycle
package import Storage

extension TransparencyLog {
    /// The lease of whoever gives out the places, where many write at once.
    static let leaseName = "log"
    /// How long the index, or a place, keeps whoever waits for it waiting.
    static let interval = Duration.milliseconds(100)
    /// Before what went wrong is tried again.
    static let pauseAfterFailure = Duration.seconds(5)

    /// What goes on beside the appends for as long as the server runs.
    package func upkeep(logger: Logger) -> any Service {
        guard placesAtOnce else {
            return LeaseHolder(TransparencyLog.leaseName, database: database, logger: logger) { lease in
                while true {
                    try await catchUp(under: lease)
                    try await Task.sleep(for: TransparencyLog.interval)
                }
            }
        }
        return IndexFollower(log: self, logger: logger)
    }

    /// Gives every entry its place that waits for one, and takes all there is into the vehicle index.
    package func catchUp(under lease: Lease? = nil) async throws {
        let index = IndexKeeper(keys: keys, database: database, policy: policy)
        var isBehind = true
        while isBehind {
            let placed = try await placePending(under: lease)
            let indexed = try await index.step(under: lease)
            isBehind = placed || indexed
        }
    }

    /// - Returns: whether some waited.
    private func placePending(under lease: Lease?) async throws -> Bool {
        guard try await database.read({ try LogPending.isWaiting($0) }) else { return false }
        return try await database.write { [tree] tx in
            try lease?.guardWrite(tx)
            guard try LogPending.place(tx) > 0 else { return false }
            try tree.extend(tx)
            return true
        }
    }

    /// The note of the checkpoint that was signed last; `nil` where none was.
    package func newestCheckpoint() async throws -> [UInt8]? {
        try await database.read { try LogStore.head($0).note.map { Array($0.utf8) } }
    }

    /// Waits until an entry has its place.
    /// - Returns: `nil` where it had none in time.
    package func place(of entry: Digest, waiting limit: Duration) async throws -> Int64? {
        let end = ContinuousClock.now + limit
        while true {
            let place = try await database.read { try LogStore.places($0, of: [entry]).first ?? nil }
            if let place { return place }
            guard ContinuousClock.now < end else { return nil }
            try await Task.sleep(for: TransparencyLog.interval)
        }
    }
}

/// Keeps the vehicle index where every entry has its place at once.
private struct IndexFollower: Service {
    let log: TransparencyLog
    let logger: Logger

    /// Returns when the service is told to stop.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var done: UInt64?
            while true {
                // Asked before: what comes meanwhile is found the next time.
                let stamp = log.database.stamp(of: TransparencyLog.topic)
                if stamp == nil || stamp != done {
                    done = await follow() ? stamp : nil
                }
                try await Task.sleep(for: TransparencyLog.interval)
            }
        }
    }

    private func follow() async -> Bool {
        do {
            try await log.catchUp()
            return true
        } catch is CancellationError {
            return false
        } catch {
            logger.error("the vehicle index does not follow the log", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: TransparencyLog.pauseAfterFailure)
            return false
        }
    }
}
