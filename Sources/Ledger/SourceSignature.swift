import Core
package import Cryptography

/// The source's own word for what it says: which of its keys, and an Ed25519 signature over `Statement.signedBytes`.
package struct SourceSignature: Sendable, Hashable {
    /// The id under which the source registered its public key.
    package let key: String
    /// 64 bytes.
    package let bytes: [UInt8]

    /// - Parameter base64: padded standard Base64 of 64 bytes.
    /// - Throws: `Failure.invalidRequest`, naming `/key` and `/sig`.
    package init(key: String, base64: String) throws {
        try self.init(key: key, bytes: Base64.decode(base64) ?? [])
    }

    package init(key: String, bytes: [UInt8]) throws {
        let faults = FaultCollector()
        if !LedgerText.isValid(key) { faults.add(.visibleText(at: "/key")) }
        if bytes.count != Ed25519.signatureByteCount {
            faults.add(
                "/sig",
                "signature_format",
                zh: "须为 64 字节 Ed25519 签名的标准 Base64（含填充）",
                en: "Must be padded standard Base64 of a 64-byte Ed25519 signature"
            )
        }
        try faults.throwIfAny()
        self.init(verifiedKey: key, bytes: bytes)
    }

    init(verifiedKey key: String, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    package var base64: String { Base64.encode(bytes) }

    /// How many characters padded Base64 takes for 64 bytes.
    static let base64Count = 88

    /// Whether `Base64.decode` would give 64 bytes, found out without making them.
    static func isBase64(_ digits: UnsafeRawBufferPointer) -> Bool {
        // 21 groups of three bytes, and one byte left over, whose second digit has four bits to spare: all clear.
        digits.count == base64Count
            && digits.prefix(86).allSatisfy(isBase64Digit)
            && "AQgw".utf8.contains(digits[85])
            && digits.suffix(2).allSatisfy { $0 == UInt8(ascii: "=") }
    }

    private static func isBase64Digit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
    }
}

extension Statement {
    /// Signs as a source does it on its own machine.
    package func signed(with key: Ed25519.PrivateKey, id: String) throws -> SourceSignature {
        try SourceSignature(key: id, bytes: key.sign(signedBytes))
    }

    package func isSigned(by key: Ed25519.PublicKey, _ signature: SourceSignature) -> Bool {
        key.isValid(signature: signature.bytes, for: signedBytes)
    }
}
