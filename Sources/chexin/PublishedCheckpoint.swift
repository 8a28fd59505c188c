import Core
import FoundationEssentials
import Ledger
import Logging
import ServiceLifecycle
import TransparencyLog

/// The newest checkpoint that was shown to the world, in a file beside the keys and apart from the store: a store that
/// is brought back from a backup is behind it, and must not sign another history.
struct PublishedCheckpoint: Sendable {
    let path: String

    init(directory: String) {
        path = directory + "/log.checkpoint"
    }

    /// - Returns: `nil` where none was published from here.
    /// - Throws: `Refused` where it cannot be read.
    func read() throws -> SignedNote? {
        guard SecretFile(path: path).exists else { return nil }
        guard let bytes = try? Data(contentsOf: URL(filePath: path)), let note = try? SignedNote(parsing: Array(bytes))
        else {
            throw Refused(
                message: "\(path) cannot be read. It holds the newest checkpoint of the log that was published: "
                    + "find out what has become of it before you remove it."
            )
        }
        return note
    }

    func write(_ note: [UInt8]) throws {
        try SecretFile(path: path).write(note)
    }
}

/// Keeps the file up to date for as long as the server runs.
struct CheckpointPublisher: Service {
    static let interval = Duration.seconds(1)

    private let log: TransparencyLog
    private let file: PublishedCheckpoint
    private let logger: Logger
    /// Waits for the disk apart from those who answer requests.
    private let threads = WorkerThreads(concurrentMaximum: 1, waitingMaximum: 1, refusal: Failure(.logHalted))

    init(log: TransparencyLog, file: PublishedCheckpoint, logger: Logger) {
        self.log = log
        self.file = file
        self.logger = logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var last: [UInt8] = []
            while true {
                last = await publish(after: last)
                try await Task.sleep(for: CheckpointPublisher.interval)
            }
        }
    }

    /// - Returns: what the file holds.
    private func publish(after last: [UInt8]) async -> [UInt8] {
        do {
            guard let note = try await log.newestCheckpoint(), note != last else { return last }
            try await threads.perform { [file] in try file.write(note) }
            return note
        } catch {
            logger.error("the newest checkpoint cannot be put aside", metadata: ["error": "\(error)"])
            return last
        }
    }
}
