package import Cryptography

/// One entry's inclusion in a file of its own (C2SP *tlog-proof*, suffix `.tlog-proof`).
package struct TlogProof: Sendable, Hashable {
    private static let header = "c2sp.org/tlog-proof@v1"

    /// Says nothing by itself: nobody has signed it.
    package var extra: [UInt8]?
    package var index: Int64
    package var hashes: [Digest]
    package var checkpoint: SignedNote

    package init(extra: [UInt8]? = nil, index: Int64, hashes: [Digest], checkpoint: SignedNote) {
        self.extra = extra
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    /// - Throws: `NoteError`.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        let (head, note) = try splitAtBlankLine(bytes)
        var lines = head[...]
        guard lines.popFirst() == TlogProof.header[...] else { throw .malformed }
        if let line = lines.first, line.hasPrefix("extra ") {
            guard let bytes = Base64.decode(line.dropFirst(6)) else { throw .malformed }
            extra = bytes
            lines = lines.dropFirst()
        }
        guard let line = lines.popFirst(), line.hasPrefix("index "), let index = decimal(line.dropFirst(6)) else {
            throw .malformed
        }
        self.index = index
        hashes = try proofHashes(lines)
        checkpoint = try SignedNote(parsing: note)
    }

    package var bytes: [UInt8] {
        let lines =
            [TlogProof.header] + (extra.map { ["extra \(Base64.encode($0))"] } ?? []) + ["index \(index)"]
            + hashes.map { Base64.encode($0.bytes) }
        return Array(lines.map { $0 + "\n" }.joined().utf8) + [lineFeed] + checkpoint.bytes
    }

    /// - Returns: the checkpoint, where it has the signatures that the policy wants and its tree holds the leaf.
    package func verify(leafHash: Digest, policy: LogPolicy) throws(TlogProofError) -> Checkpoint {
        let verified: Checkpoint
        do throws(NoteError) { verified = try policy.checkpoint(in: checkpoint) } catch { throw .note(error) }
        guard
            MerkleProof.includes(
                leafHash: leafHash,
                index: index,
                size: verified.size,
                root: verified.root,
                proof: hashes
            )
        else { throw .notIncluded }
        return verified
    }
}

package enum TlogProofError: Error, Sendable, Hashable {
    case note(NoteError)
    case notIncluded
}

/// Lines before the first blank line, and the bytes behind it.
func splitAtBlankLine(_ bytes: [UInt8]) throws(NoteError) -> (lines: [Substring], rest: [UInt8]) {
    guard bytes.count <= SignedNote.maximumByteCount else { throw .tooLarge }
    let end = bytes.indices.dropLast().first { bytes[$0] == lineFeed && bytes[$0 + 1] == lineFeed }
    guard let end, let head = String(validating: bytes[..<end], as: UTF8.self) else { throw .malformed }
    let lines = head.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).map { Substring($0) }
    return (lines, Array(bytes[(end + 2)...]))
}

func proofHashes(_ lines: ArraySlice<Substring>) throws(NoteError) -> [Digest] {
    guard lines.count <= MerkleProof.maximumCount else { throw .malformed }
    let hashes = lines.compactMap { Base64.decode($0).flatMap { Digest(bytes: $0) } }
    guard hashes.count == lines.count else { throw .malformed }
    return hashes
}
