package import Core
package import Cryptography

/// A car's chain of entries, each holding the hash of the one before.
package enum Chain {
    /// Makes the entry that comes next.
    ///
    /// - Parameter head: of the car's chain, `nil` where this entry is its first.
    /// - Parameter recordedAt: now. Where the clock has gone back, the entry takes the time of the one before it:
    ///   `recorded_at` never decreases along a chain.
    package static func append(_ draft: Draft, to head: ChainHead?, recordedAt: Instant) -> Entry {
        let statement = draft.statement
        let envelope = Envelope(
            corrects: draft.corrects,
            kind: statement.kind,
            log: statement.log,
            occurredAt: statement.occurredAt,
            payload: draft.payloadDigest,
            previous: head?.hash ?? .zero,
            recordedAt: max(recordedAt.truncatedToMilliseconds, head?.recordedAt ?? Instant.writable.lowerBound),
            ref: statement.ref,
            seq: head?.count ?? 0,
            signature: draft.signature,
            source: statement.source,
            vin: statement.vin
        )
        let bytes = envelope.canonicalBytes
        return Entry(
            envelope: envelope,
            envelopeBytes: bytes,
            payload: draft.payload,
            payloadBytes: draft.payloadBytes,
            hash: SHA256.hash(bytes)
        )
    }

    /// - Throws: what `Draft` throws.
    package static func append(
        _ statement: Statement,
        signature: SourceSignature? = nil,
        corrects: Digest? = nil,
        to head: ChainHead?,
        recordedAt: Instant,
        salt: Salt
    ) throws -> Entry {
        append(
            try Draft(statement, signature: signature, corrects: corrects, salt: salt),
            to: head,
            recordedAt: recordedAt
        )
    }
}
