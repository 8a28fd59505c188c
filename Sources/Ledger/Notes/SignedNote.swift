import Cryptography

/// One signature line of a note. Who it is by is only claimed until it is verified.
package struct NoteSignature: Sendable, Hashable {
    package let name: String
    package let id: UInt32
    /// Behind the id: for a cosignature, time and signature.
    package let bytes: [UInt8]

    init(key: VerifierKey, bytes: [UInt8]) {
        self.init(name: key.name, id: key.id, bytes: bytes)
    }

    private init(name: String, id: UInt32, bytes: [UInt8]) {
        self.name = name
        self.id = id
        self.bytes = bytes
    }

    private static let idByteCount = 4
    private static let dash = "\u{2014} "

    /// `nil` for what `line` would not have written.
    package init?(line: some StringProtocol) {
        guard line.utf8.starts(with: NoteSignature.dash.utf8) else { return nil }
        let parts = line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, NoteName.isValid(String(parts[0])), let bytes = Base64.decode(parts[1]),
            bytes.count > NoteSignature.idByteCount
        else { return nil }
        let id = UInt32(truncatingIfNeeded: bigEndianInteger(bytes.prefix(NoteSignature.idByteCount)))
        self.init(name: String(parts[0]), id: id, bytes: Array(bytes.dropFirst(NoteSignature.idByteCount)))
    }

    /// Without the line's end. A witness answers with such lines.
    package var line: String {
        let idBytes = bigEndianBytes(UInt64(id)).suffix(NoteSignature.idByteCount)
        return "\(NoteSignature.dash)\(name) \(Base64.encode(idBytes + bytes))"
    }
}

package enum NoteError: Error, Sendable, Hashable {
    /// Not a note: no UTF-8, a control character, no blank line, or a line that is no signature.
    case malformed
    /// More bytes or more signatures than anybody needs.
    case tooLarge
    /// A signature by a known key is wrong. The whole note is void.
    case badSignature(name: String)
    /// None of the signatures is by a known key.
    case noKnownSignature
}

/// A signature that was verified.
package struct VerifiedSignature: Sendable, Hashable {
    package let key: VerifierKey
    /// When a witness signed, in seconds since 1970.
    package let seconds: Int64?
}

/// A text with signatures (C2SP *signed-note*). The text ends with a line feed, which is signed, too.
package struct SignedNote: Sendable, Hashable {
    package static let maximumByteCount = 1_000_000
    package static let maximumSignatureCount = 100

    package let text: String
    package private(set) var signatures: [NoteSignature]

    /// - Throws: `NoteError.malformed` for a text that no note can hold.
    package init(text: String, signatures: [NoteSignature]) throws(NoteError) {
        guard SignedNote.isValid(Array(text.utf8)), !signatures.isEmpty else { throw .malformed }
        guard signatures.count <= SignedNote.maximumSignatureCount else { throw .tooLarge }
        self.text = text
        self.signatures = signatures
    }

    package init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= SignedNote.maximumByteCount else { throw .tooLarge }
        guard SignedNote.isValid(bytes), let end = SignedNote.endOfText(bytes),
            let text = String(validating: bytes[..<end], as: UTF8.self),
            let block = String(validating: bytes[(end + 1)...], as: UTF8.self)
        else { throw .malformed }
        let lines = block.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).dropLast()
        guard lines.count <= SignedNote.maximumSignatureCount else { throw .tooLarge }
        let signatures = lines.compactMap { NoteSignature(line: Substring($0)) }
        guard signatures.count == lines.count else { throw .malformed }
        try self.init(text: text, signatures: signatures)
    }

    package var bytes: [UInt8] {
        Array((text + "\n" + signatures.map { $0.line + "\n" }.joined()).utf8)
    }

    package mutating func add(_ signature: NoteSignature) {
        if !signatures.contains(signature) { signatures.append(signature) }
    }

    /// Passes over lines of unknown keys, and over a second line of the same key.
    /// - Returns: at least one.
    package func verified(by keys: [VerifierKey]) throws(NoteError) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            let key = keys.first { $0.name == signature.name && $0.id == signature.id }
            guard let key, !verified.contains(where: { $0.key == key }) else { continue }
            guard let found = verify(signature, key) else { throw .badSignature(name: key.name) }
            verified.append(found)
        }
        if verified.isEmpty { throw .noKnownSignature }
        return verified
    }

    private func verify(_ signature: NoteSignature, _ key: VerifierKey) -> VerifiedSignature? {
        switch key.algorithm {
        case .ed25519:
            let isValid = key.publicKey.isValid(signature: signature.bytes, for: Array(text.utf8))
            return isValid ? VerifiedSignature(key: key, seconds: nil) : nil
        case .cosignature:
            return Cosignature.seconds(signature.bytes, on: text, by: key.publicKey)
                .map { VerifiedSignature(key: key, seconds: $0) }
        }
    }

    /// Behind the last line feed before the last blank line.
    private static func endOfText(_ bytes: [UInt8]) -> Int? {
        let end = bytes.indices.dropLast().last { bytes[$0] == lineFeed && bytes[$0 + 1] == lineFeed }
        return end.map { $0 + 1 }
    }

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.last == lineFeed && bytes.count > 1 && bytes.allSatisfy { $0 >= 0x20 || $0 == lineFeed }
    }
}

let lineFeed = UInt8(ascii: "\n")
