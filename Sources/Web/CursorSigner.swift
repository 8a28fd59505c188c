import Core
package import Cryptography

/// Makes and reads the opaque cursors of lists. A cursor carries its position, the query that it belongs to and a
/// code that only this service can make; so no caller can point it elsewhere.
package struct CursorSigner: Sendable {
    /// 128 bits of the code: what nobody can guess, and half of what would make the cursor long.
    private static let codeBytes = 16
    /// Enough to tell another query of the same caller: the code already keeps forgeries out.
    private static let bindingBytes = 8
    /// Longer ones are refused before anything is computed.
    private static let maximumCharacters = 2048

    private let key: SecretBytes

    /// - Parameter secret: the server's secret; only a key derived from it is used.
    package init(secret: SecretBytes) {
        key = HKDF.derive(key: secret, info: Array("chexin cursor v1".utf8))
    }

    func cursor(position: String, binding: [UInt8]) -> String {
        let content = Array(SHA256.hash(binding).bytes.prefix(CursorSigner.bindingBytes)) + Array(position.utf8)
        return Base64URL.encode(content + code(of: content))
    }

    /// - Throws: `invalidCursor` for what this service did not make, `cursorMismatch` for what it made for another
    /// query.
    func position(of cursor: String, binding: [UInt8]) throws -> String {
        guard
            cursor.utf8.count <= CursorSigner.maximumCharacters,
            let bytes = Base64URL.decode(cursor),
            bytes.count >= CursorSigner.bindingBytes + CursorSigner.codeBytes
        else { throw CursorSigner.refusal(.invalidCursor) }
        let content = Array(bytes.dropLast(CursorSigner.codeBytes))
        guard ConstantTime.equal(code(of: content), bytes.suffix(CursorSigner.codeBytes)) else {
            throw CursorSigner.refusal(.invalidCursor)
        }
        guard content.starts(with: SHA256.hash(binding).bytes.prefix(CursorSigner.bindingBytes)) else {
            throw CursorSigner.refusal(.cursorMismatch)
        }
        return String(decoding: content.dropFirst(CursorSigner.bindingBytes), as: UTF8.self)
    }

    private func code(of content: [UInt8]) -> [UInt8] {
        Array(HMACSHA256.authenticate(content, key: key).bytes.prefix(CursorSigner.codeBytes))
    }

    private static func refusal(_ type: ProblemType) -> Failure {
        Failure(type, faults: [Fault(pointer: "/query/cursor", code: type.code, detail: type.title)])
    }
}

/// Base64 with the alphabet of RFC 4648, section 5, without padding.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        let standard = Base64.encode(bytes).utf8.filter { $0 != UInt8(ascii: "=") }
        return String(decoding: standard.map(toURL), as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        var digits = text.utf8.map(fromURL)
        while !digits.count.isMultiple(of: 4) { digits.append(UInt8(ascii: "=")) }
        return Base64.decode(utf8: digits)
    }

    private static func toURL(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: digit
        }
    }

    private static func fromURL(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: digit
        }
    }
}
