import Core
import Cryptography
import Foundation
import Ledger
import Storage

/// What a witness has signed last of every log that it knows: a file each, the checkpoint with the witness's own line.
///
/// One request is decided after another, each with its file on the disk before it is answered: of two histories of a
/// log never both are signed, whatever becomes of the process.
struct WitnessBook: Sendable {
    let directory: String
    let signer: NoteSigner
    /// Of the logs; a log goes by the name of its key.
    let logs: [VerifierKey]
    private let turn = WorkerThreads(
        concurrentMaximum: 1,
        waitingMaximum: 64,
        refusal: Failure(.storeBusy, retryAfterSeconds: 1)
    )

    init(directory: String, signer: NoteSigner, logs: [VerifierKey]) {
        self.directory = directory
        self.signer = signer
        self.logs = logs
    }

    struct Answer: Sendable {
        let decision: WitnessDecision
        /// The line of the cosignature, where there is one.
        let line: String?
    }

    /// - Throws: where the last checkpoint cannot be read, or the new one not be written: nothing was signed then.
    func answer(_ body: [UInt8], at now: Instant) async throws -> Answer {
        try await turn.perform { try decide(body, at: now) }
    }

    /// The note of what was signed last of the log whose name has this SHA-256; `nil` where nothing was.
    func checkpoint(ofHash hash: Digest) async throws -> [UInt8]? {
        try await turn.perform {
            guard let log = logs.first(where: { SHA256.hash($0.name.utf8) == hash }) else { return nil }
            return try note(of: log.name)?.bytes
        }
    }

    private func decide(_ body: [UInt8], at now: Instant) throws -> Answer {
        let decision = try AddCheckpointRequest.decide(
            body,
            keys: { origin in logs.filter { $0.name == origin } },
            last: { origin in try state(of: origin) }
        )
        guard case .cosign(let checkpoint) = decision else { return Answer(decision: decision, line: nil) }
        var note = try AddCheckpointRequest(parsing: body).checkpoint
        let signature = try signer.sign(note.text, atSeconds: now.microseconds / 1_000_000)
        note.add(signature)
        try file(of: checkpoint.origin).write(note.bytes)
        return Answer(decision: decision, line: signature.line)
    }

    private func state(of origin: String) throws -> WitnessState {
        guard let note = try note(of: origin) else { return .nothing }
        guard let checkpoint = Checkpoint(parsing: note.text), checkpoint.origin == origin,
            (try? note.verified(by: [signer.verifierKey])) != nil
        else { throw Refused(message: "\(file(of: origin).path) is not what this witness has written.") }
        return WitnessState(size: checkpoint.size, root: checkpoint.root)
    }

    private func note(of origin: String) throws -> SignedNote? {
        let file = file(of: origin)
        guard file.exists else { return nil }
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            throw Refused(message: "\(file.path) cannot be read.")
        }
        return try SignedNote(parsing: Array(bytes))
    }

    private func file(of origin: String) -> SecretFile {
        SecretFile(path: directory + "/" + SHA256.hash(origin.utf8).hex)
    }
}
