import Core
import Foundation
import Ledger
import Logging
import ServiceLifecycle
import TransparencyLog

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Those who sign the log's checkpoints beside it, out of the operator's policy.
struct Witnesses: Service {
    static let interval = Duration.seconds(1)
    /// Between two complaints about the same.
    static let quiet = Duration.seconds(60)
    static let timeoutSeconds = 5.0

    private let round: WitnessRound
    private let logger: Logger

    init?(log: TransparencyLog, logger: Logger) {
        guard let policy = log.policy else { return nil }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Witnesses.timeoutSeconds
        let session = URLSession(configuration: configuration)
        round = WitnessRound(log: log, policy: policy) { try await Witnesses.send($0, $1, session) }
        self.logger = logger
    }

    /// A policy, which has to name the log by a key that it signs with.
    ///
    /// - Throws: `SettingsError` naming the line.
    static func policy(at path: String, for keys: LogKeys) throws -> LogPolicy {
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw SettingsError(["CHEXIN_WITNESS_POLICY: \(path) cannot be read."]) }
        let policy: LogPolicy
        do throws(PolicyError) {
            policy = try LogPolicy(parsing: text)
        } catch {
            throw SettingsError(["CHEXIN_WITNESS_POLICY: \(path), line \(error.line): \(error.detail.en)."])
        }
        guard policy.logs.contains(where: { keys.verifierKeys.contains($0.key) }) else {
            throw SettingsError([
                "CHEXIN_WITNESS_POLICY: \(path) has no line log \(keys.verifierKeys.first?.text ?? "")."
            ])
        }
        return policy
    }

    /// Returns when the service is told to stop.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var last: [String: WitnessRound.Outcome] = [:]
            while true {
                last = await ask(after: last)
                try await Task.sleep(for: Witnesses.interval)
            }
        }
    }

    /// Says of each witness when it begins or ceases to refuse.
    private func ask(after last: [String: WitnessRound.Outcome]) async -> [String: WitnessRound.Outcome] {
        do {
            let outcomes = try await round.run()
            for (name, outcome) in outcomes where outcome.isRefusal && last[name] != outcome {
                logger.warning("a witness does not sign", metadata: ["witness": "\(name)", "answer": "\(outcome)"])
            }
            return outcomes
        } catch {
            logger.critical("witnesses cannot be asked", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: Witnesses.quiet)
            return last
        }
    }

    /// Once, before anything new is signed: a witness may know more of the log than a store out of a backup.
    ///
    /// - Throws: `Failure.logHalted`.
    func look() async throws {
        _ = try await round.run()
    }

    private static func send(_ url: String, _ body: [UInt8], _ session: URLSession) async throws -> WitnessRound.Answer
    {
        guard let url = URL(string: url) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue("text/plain; charset=utf-8", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await session.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return WitnessRound.Answer(status: status, body: Array(data.prefix(SignedNote.maximumByteCount)))
    }
}

extension WitnessRound.Outcome {
    fileprivate var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }
}
