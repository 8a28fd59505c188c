package import Core
package import Cryptography

/// A car's chain of entries, each holding the hash of the one before.
package enum Chain {
    /// Makes the entry that comes next.
    ///
    /// - Parameter signature: the source's; whether it is right is for the caller to check, who knows the source's
    /// keys.
    /// - Parameter corrects: hash of the entry that `statement` corrects or retracts, and of no other kind of
    /// statement.
    /// - Parameter head: of the car's chain, `nil` where this entry is its first.
    /// - Parameter recordedAt: now. Where the clock has gone back, the entry takes the time of the one before it:
    ///   `recorded_at` never decreases along a chain.
    /// - Throws: `Failure.invalidRequest`, naming `/corrects`, where kind and `corrects` do not go together.
    package static func append(
        _ statement: Statement,
        signature: SourceSignature? = nil,
        corrects: Digest? = nil,
        to head: ChainHead?,
        recordedAt: Instant,
        salt: Salt
    ) throws -> Entry {
        try checkCorrection(statement.kind, corrects)
        let payload = Payload(data: statement.data, salt: salt)
        let payloadBytes = payload.canonicalBytes
        let envelope = Envelope(
            corrects: corrects,
            kind: statement.kind,
            log: statement.log,
            occurredAt: statement.occurredAt,
            payload: SHA256.hash(payloadBytes),
            previous: head?.hash ?? .zero,
            recordedAt: max(recordedAt.truncatedToMilliseconds, head?.recordedAt ?? Instant.writable.lowerBound),
            ref: statement.ref,
            seq: head?.count ?? 0,
            signature: signature,
            source: statement.source,
            vin: statement.vin
        )
        let bytes = envelope.canonicalBytes
        return Entry(
            envelope: envelope,
            envelopeBytes: bytes,
            payload: payload,
            payloadBytes: payloadBytes,
            hash: SHA256.hash(bytes)
        )
    }

    private static func checkCorrection(_ kind: EventKind, _ corrects: Digest?) throws {
        switch (kind.corrects, corrects) {
        case (true, .some), (false, nil):
            return
        case (true, nil):
            throw Failure(
                .invalidRequest,
                faults: [
                    Fault(
                        "/corrects",
                        "required",
                        zh: "更正或撤回须指明所针对的记录",
                        en: "A correction names the entry that it is about"
                    )
                ]
            )
        case (false, .some):
            throw Failure(
                .invalidRequest,
                faults: [
                    Fault(
                        "/corrects",
                        "not_allowed",
                        zh: "只有 entry.corrected 与 entry.retracted 可以指明所针对的记录",
                        en: "Only entry.corrected and entry.retracted name another entry here"
                    )
                ]
            )
        }
    }
}
