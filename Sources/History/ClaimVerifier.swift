package import Core
package import Cryptography
package import Identity
package import Ledger
package import Storage

/// Holds hashes that somebody kept against a car's chain, recomputed from the stored bytes.
///
/// The store itself is not trusted: a changed byte in it makes the verdict `altered` and names the entry.
package struct ClaimVerifier {
    package let log: String

    /// The public keys that the chain's signatures name, whether or not they may still sign.
    package static func keys(_ tx: any Transaction, of rows: [StoredRow]) throws -> [String: SigningKey] {
        var keys: [String: SigningKey] = [:]
        for row in rows {
            guard let id = (try? Envelope.parse(Array(row.envelope.utf8)))?.signature?.key, keys[id] == nil else {
                continue
            }
            keys[id] = try SigningKeys.find(tx, id: id)
        }
        return keys
    }

    package func examine(_ vin: VIN, _ entries: [StoredEntry], keys: [String: SigningKey]) -> ChainVerdict {
        ChainVerifier.verify(entries, vin: vin.text, log: log) { source, id in
            // A key of another source would let one source speak for another.
            keys[id].flatMap { $0.organization.text == source ? $0.publicKey : nil }
        }
    }

    package func verify(
        _ vin: VIN,
        claimed: [Digest],
        _ entries: [StoredEntry],
        keys: [String: SigningKey]
    ) -> ClaimVerdict {
        let chain = examine(vin, entries, keys: keys)
        let comparison = HashComparison(claimed: claimed, chain: entries.map { SHA256.hash($0.envelope) })
        return ClaimVerdict(vin: vin, chain: chain, comparison: comparison)
    }
}

/// What verification answers: one verdict, and one line for each check behind it.
package struct ClaimVerdict: Sendable, Hashable {
    package let vin: VIN
    package let chain: ChainVerdict
    package let comparison: HashComparison

    /// `genuine`, `incomplete`, `altered` or `unknown`.
    package var verdict: String {
        guard comparison != .unknown else { return comparison.name }
        return chain.isGenuine ? comparison.name : "altered"
    }

    package var isUnknown: Bool { comparison == .unknown }

    package var agreesWithClaim: Bool {
        switch comparison {
        case .genuine, .incomplete: true
        case .altered, .unknown: false
        }
    }
}

extension StoredRow {
    var stored: StoredEntry {
        StoredEntry(envelope: Array(envelope.utf8), payload: payload.map { Array($0.utf8) }, hash: hash)
    }
}
