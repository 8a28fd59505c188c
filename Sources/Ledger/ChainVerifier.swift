import Core
package import Cryptography

/// Verifies a car's chain of entries out of nothing but its bytes.
package enum ChainVerifier {
    /// Gives the public key that a source registered under an id; `nil` where it registered none. A key of another
    /// source must not be given: it would let one source speak for another.
    package typealias SourceKeys = (_ source: String, _ key: String) -> Ed25519.PublicKey?

    /// - Parameter entries: in order, from `seq` 0.
    package static func verify(
        _ entries: [StoredEntry],
        vin: String,
        log: String,
        sourceKeys: SourceKeys
    ) -> ChainVerdict {
        let log = canonicalText(log)
        let vin = LedgerVIN.isValid(vin) ? Array(vin.utf8) : []
        return log.withUnsafeBytes { log in
            vin.withUnsafeBytes { vin in
                verify(entries, expecting: ExpectedMembers(log: log, vin: vin), sourceKeys)
            }
        }
    }

    private static func verify(
        _ entries: [StoredEntry],
        expecting expected: ExpectedMembers,
        _ sourceKeys: SourceKeys
    ) -> ChainVerdict {
        var examination = ChainExamination(expecting: expected, count: entries.count)
        for entry in entries {
            entry.envelope.withUnsafeBytes { envelope in
                if let payload = entry.payload {
                    payload.withUnsafeBytes {
                        examination.examine(envelope, payload: $0, storedHash: entry.hash, sourceKeys)
                    }
                } else {
                    examination.examine(envelope, payload: nil, storedHash: entry.hash, sourceKeys)
                }
            }
        }
        if examination.mayHaveRepeatedReference { examination.compareReferences(of: entries) }
        return examination.conclude()
    }

    /// What stands between the quotes; nothing where no envelope may hold the text.
    private static func canonicalText(_ text: String) -> [UInt8] {
        guard LedgerText.isValid(text) else { return [] }
        var writer = JSONWriter()
        writer.string(text)
        return Array(writer.bytes.dropFirst().dropLast())
    }
}
