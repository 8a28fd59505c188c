package import Cryptography

/// What a log asks of a witness (C2SP *tlog-witness*, `add-checkpoint`): to sign this checkpoint, which extends the
/// tree of `oldSize` that the witness signed last.
package struct AddCheckpointRequest: Sendable, Hashable {
    package var oldSize: Int64
    /// From `oldSize` to the checkpoint's size; empty where `oldSize` is 0.
    package var proof: [Digest]
    package var checkpoint: SignedNote

    package init(oldSize: Int64, proof: [Digest], checkpoint: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// - Throws: `NoteError.malformed`, for more than 63 hashes and a size with a leading zero, too.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        let (lines, note) = try splitAtBlankLine(bytes)
        guard let first = lines.first, first.hasPrefix("old "), let oldSize = decimal(first.dropFirst(4)) else {
            throw .malformed
        }
        self.oldSize = oldSize
        proof = try proofHashes(lines.dropFirst())
        checkpoint = try SignedNote(parsing: note)
    }

    package var bytes: [UInt8] {
        let lines = ["old \(oldSize)"] + proof.map { Base64.encode($0.bytes) } + [""]
        return Array(lines.map { $0 + "\n" }.joined().utf8) + checkpoint.bytes
    }
}

/// What a witness answers.
package enum WitnessDecision: Sendable, Hashable {
    /// 200: the lines of its cosignature, once what it signed is durable.
    case cosign(Checkpoint)
    /// 400: not a request, or `old` beyond the checkpoint.
    case malformed
    /// 403: no signature by the log's key, or a wrong one.
    case untrusted
    /// 404: a log that this witness does not know.
    case unknownOrigin
    /// 409, with this size as the body: the log's picture of what was signed last is out of date.
    case conflict(lastSize: Int64)
    /// 422: the tree does not extend what was signed last.
    case inconsistent

    package var status: Int {
        switch self {
        case .cosign: 200
        case .malformed: 400
        case .untrusted: 403
        case .unknownOrigin: 404
        case .conflict: 409
        case .inconsistent: 422
        }
    }
}

/// What a witness signed last for an origin.
package struct WitnessState: Sendable, Hashable {
    package let size: Int64
    package let root: Digest

    package init(size: Int64, root: Digest) {
        self.size = size
        self.root = root
    }

    package static let nothing = WitnessState(size: 0, root: MerkleHash.emptyRoot)
}

extension AddCheckpointRequest {
    /// The witness's rules. What is decided is right only for as long as `last` is: compare and store in one
    /// transaction, and answer when it is durable.
    /// - Parameter keys: of the logs that the witness knows, by origin.
    /// - Parameter last: what was signed last for an origin; `WitnessState.nothing` where nothing was.
    package static func decide(
        _ body: [UInt8],
        keys: (_ origin: String) -> [VerifierKey],
        last: (_ origin: String) throws -> WitnessState
    ) rethrows -> WitnessDecision {
        guard let request = try? AddCheckpointRequest(parsing: body),
            let checkpoint = Checkpoint(parsing: request.checkpoint.text)
        else { return .malformed }
        let known = keys(checkpoint.origin)
        if known.isEmpty { return .unknownOrigin }
        guard (try? request.checkpoint.verified(by: known)) != nil else { return .untrusted }
        if request.oldSize > checkpoint.size { return .malformed }
        let last = try last(checkpoint.origin)
        if request.oldSize != last.size { return .conflict(lastSize: last.size) }
        return request.extends(last, checkpoint) ? .cosign(checkpoint) : .inconsistent
    }

    private func extends(_ last: WitnessState, _ checkpoint: Checkpoint) -> Bool {
        if checkpoint.size == 0, checkpoint.root != MerkleHash.emptyRoot { return false }
        return MerkleProof.isConsistent(
            oldSize: last.size,
            newSize: checkpoint.size,
            oldRoot: last.size == 0 && checkpoint.size == 0 ? MerkleHash.emptyRoot : last.root,
            newRoot: checkpoint.root,
            proof: proof
        )
    }
}
