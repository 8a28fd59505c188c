import Core
import Cryptography
package import Ledger
import Storage

/// Asks every witness of the policy to sign one and the same checkpoint, the newest.
package struct WitnessRound: Sendable {
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]

        package init(status: Int, body: [UInt8]) {
            self.status = status
            self.body = body
        }
    }

    /// Sends a request to a witness. Throws where there is no answer.
    package typealias Send = @Sendable (_ url: String, _ body: [UInt8]) async throws -> Answer

    /// What became of the question.
    package enum Outcome: Sendable, Hashable {
        case signed(size: Int64)
        /// It had signed this one before.
        case nothingNew
        /// The status, or 0 where there was no answer.
        case refused(status: Int)
    }

    /// How often a witness may say that it stands elsewhere.
    private static let attempts = 3

    private let log: TransparencyLog
    private let witnesses: [LogPolicy.Witness]
    private let send: Send

    /// - Parameter policy: of its witnesses, those with an address are asked.
    package init(log: TransparencyLog, policy: LogPolicy, send: @escaping Send) {
        self.log = log
        self.send = send
        witnesses = policy.witnesses.filter { $0.url != nil }
    }

    /// - Returns: what became of it, by the name of the witness.
    /// - Throws: `Failure.logHalted` where a witness has signed more of this log than the store has.
    package func run() async throws -> [String: Outcome] {
        let head = try await log.database.read { try LogStore.head($0) }
        guard let text = head.note else { return [:] }
        let checkpoint = try SignedNote(parsing: Array(text.utf8))
        return try await withThrowingTaskGroup(of: (String, Outcome).self) { group in
            for witness in witnesses {
                group.addTask { (witness.name, try await ask(witness, head, checkpoint)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func ask(_ witness: LogPolicy.Witness, _ head: LogHead, _ checkpoint: SignedNote) async throws -> Outcome {
        let last = try await log.database.read { try Cosignatures.lastSize($0, by: witness.name) }
        guard last < head.size || last == 0 else { return .nothingNew }
        var old = last
        for _ in 0..<WitnessRound.attempts {
            let request = try await request(from: old, head, checkpoint)
            guard let answer = try? await send((witness.url ?? "") + "/add-checkpoint", request.bytes) else {
                return .refused(status: 0)
            }
            switch answer.status {
            case 200: return try await take(answer, of: witness, head, checkpoint)
            case 409:
                guard let size = WitnessRound.size(answer.body) else { return .refused(status: 409) }
                if size > head.size { return try await ahead(size) }
                old = size
            default: return .refused(status: answer.status)
            }
        }
        return .refused(status: 409)
    }

    private func request(
        from old: Int64,
        _ head: LogHead,
        _ checkpoint: SignedNote
    ) async throws -> AddCheckpointRequest {
        let proof = try await log.database.read { tx in
            var tree = TreeReader(size: head.size, tiles: StoredTiles(tx: tx))
            return try tree.consistencyProof(from: old)
        }
        return AddCheckpointRequest(oldSize: old, proof: proof, checkpoint: checkpoint)
    }

    /// Lines by other keys are passed over.
    private func take(
        _ answer: Answer,
        of witness: LogPolicy.Witness,
        _ head: LogHead,
        _ checkpoint: SignedNote
    ) async throws -> Outcome {
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        let line = lines.compactMap { NoteSignature(line: $0) }.first { signature in
            let note = try? SignedNote(text: checkpoint.text, signatures: [signature])
            return (try? note?.verified(by: [witness.key])) != nil
        }
        guard let line else { return .refused(status: answer.status) }
        try await log.database.write { tx in
            try Cosignatures.keep(tx, line, on: checkpoint, size: head.size, by: witness.name)
        }
        return .signed(size: head.size)
    }

    /// Another server may have asked with a newer one meanwhile. Otherwise the store is behind what it once signed.
    private func ahead(_ known: Int64) async throws -> Outcome {
        let stored = try await log.database.read { try LogStore.head($0).size }
        guard stored >= known else { throw log.tree.halt(.behind(stored: stored, known: known)) }
        return .nothingNew
    }

    /// A number and a line feed.
    private static func size(_ body: [UInt8]) -> Int64? {
        let digits = body.dropLast()
        guard body.last == UInt8(ascii: "\n"), !digits.isEmpty, digits.first != UInt8(ascii: "0") || digits.count == 1,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
