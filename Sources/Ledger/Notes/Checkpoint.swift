package import Cryptography

/// What a log signs: whose tree, how large, and its root.
package struct Checkpoint: Sendable, Hashable {
    /// Such as `log.example.com/history`.
    package let origin: String
    package let size: Int64
    package let root: Digest
    /// Lines behind the root, which we never write.
    package let extensions: [String]

    /// What is put behind a log's origin for the note of its vehicle index.
    package static let vehiclesSuffix = "/vehicles"

    /// `nil` where the origin is no line, or the size negative.
    package init?(origin: String, size: Int64, root: Digest, extensions: [String] = []) {
        guard size >= 0, ([origin] + extensions).allSatisfy({ !$0.isEmpty && !$0.utf8.contains(lineFeed) }) else {
            return nil
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// `nil` for what `text` would not have written.
    package init?(parsing text: String) {
        let lines = text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).map { Substring($0) }
        guard lines.count >= 4, lines.last == "", let size = decimal(lines[1]),
            let root = Base64.decode(lines[2]).flatMap({ Digest(bytes: $0) })
        else { return nil }
        self.init(
            origin: String(lines[0]),
            size: size,
            root: root,
            extensions: lines[3...].dropLast().map { String($0) }
        )
    }

    package var text: String {
        ([origin, String(size), Base64.encode(root.bytes)] + extensions).map { $0 + "\n" }.joined()
    }

    /// - Parameter signers: the log's own key, and while it is rotated, the old and the new one.
    package func signed(by signers: [NoteSigner]) throws -> SignedNote {
        try SignedNote(text: text, signatures: signers.map { try $0.sign(text) })
    }
}
