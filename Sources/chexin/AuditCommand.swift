import ArgumentParser
import Core
import Foundation
import Ledger
import Outbound

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Audits a log over HTTP as a stranger: every leaf, every tile, the index of all cars.",
        discussion: """
            Learns no VIN. With --state it holds the log against the checkpoint of the last audit; where the log was \
            rewritten, a proof of that is left beside the state, which anybody can verify. Exit 1: the log is not \
            what it says.
            """
    )

    @Argument(help: "Address of the log, such as https://chexin.example")
    var url: String

    @Option(help: "What chexin log keys prints, with or without a policy of witnesses below.")
    var keys: String

    @Option(help: "A file that keeps the last checkpoint.")
    var state: String?

    private static let maximumAttempts = 5
    private static let maximumPauseSeconds = 60

    func run() async throws {
        guard let scheme = URL(string: url)?.scheme, ["http", "https"].contains(scheme) else {
            throw ValidationError("The address must begin with https:// or http://.")
        }
        let audit = RemoteAudit(keys: try bundleKeys(), fetch: AuditCommand.fetch(from: url))
        do {
            let report = try await audit.run(after: try lastCheckpoint()) { Console.progress("audit", $0, of: $1) }
            if let state { try OutputFile.write(report.checkpoint.bytes, to: state) }
            let answer: JSON = [
                "size": .integer(report.size), "vehicles": JSON(report.vehicles),
                "index_size": .integer(report.indexSize),
            ]
            Console.answer(String(decoding: answer.bytes, as: UTF8.self))
        } catch let finding as RemoteAudit.Finding {
            if let fork = finding.fork, let state { try OutputFile.write(fork.json.bytes, to: state + ".fork.json") }
            throw Refused(message: finding.sentence)
        }
    }

    private func bundleKeys() throws -> BundleKeys {
        guard let bytes = FileManager.default.contents(atPath: keys),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw ValidationError("--keys cannot be read.") }
        do throws(PolicyError) {
            return try BundleKeys(parsing: text)
        } catch {
            throw ValidationError("--keys, line \(error.line): \(error.detail.en)")
        }
    }

    private func lastCheckpoint() throws -> SignedNote? {
        guard let state, FileManager.default.fileExists(atPath: state) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: state), let note = try? SignedNote(parsing: Array(bytes))
        else { throw Refused(message: "\(state) is not what an audit has left.") }
        return note
    }

    private static func fetch(from base: String) -> RemoteAudit.Fetch {
        let reader = PageReader(base: base)
        return { path in
            for _ in 0..<maximumAttempts {
                let page: PageReader.Page
                do throws(PageReader.Fault) {
                    page = try reader.page(path)
                } catch {
                    throw Refused(message: "\(base) cannot be reached: \(error.reason).")
                }
                switch page.status {
                case 200: return page.body
                case 404: return nil
                case 429, 503:
                    // A large log has more tiles than a stranger may read in a minute.
                    try await Task.sleep(for: .seconds(max(1, min(maximumPauseSeconds, page.retryAfterSeconds))))
                default: throw Refused(message: "\(path) was answered with \(page.status).")
                }
            }
            throw Refused(message: "\(path) was refused again and again: too many requests.")
        }
    }
}
