package import Core
package import Cryptography

/// The public part of an entry, version 1: who said when what sort of thing about which car, and where in the car's
/// chain it stands. Its canonical bytes are what is hashed.
package struct Envelope: Sendable, Hashable {
    /// Hash of the earlier entry that this one corrects or retracts.
    package let corrects: Digest?
    package let kind: EventKind
    package let log: String
    package let occurredAt: Instant
    /// SHA-256 of the payload's bytes.
    package let payload: Digest
    /// Hash of the entry before this one; zero at the beginning of the chain.
    package let previous: Digest
    package let recordedAt: Instant
    package let ref: String
    package let seq: Int64
    package let signature: SourceSignature?
    package let source: String
    package let vin: String

    /// What the source said, as far as it is known once the payload has been looked at.
    /// - Throws: `Failure.invalidRequest` where `data` is nothing that a payload may hold.
    package func statement(data: JSON) throws -> Statement {
        try Statement(
            data: data,
            kind: kind,
            log: log,
            occurredAt: occurredAt,
            ref: ref,
            source: source,
            vin: vin
        )
    }

    /// Members in canonical order: `corrects`, `key`, `kind`, `log`, `occurred_at`, `payload`, `prev`, `recorded_at`,
    /// `ref`, `seq`, `sig`, `source`, `v`, `vin`.
    package var canonicalBytes: [UInt8] {
        var writer = JSONWriter(capacity: 640)
        writer.raw("{")
        if let corrects {
            writer.raw(#""corrects":"#)
            writer.string(corrects.hex)
            writer.raw(",")
        }
        if let signature {
            writer.raw(#""key":"#)
            writer.string(signature.key)
            writer.raw(",")
        }
        writeStatement(to: &writer)
        writePlace(to: &writer)
        writer.raw("}")
        return writer.bytes
    }

    private func writeStatement(to writer: inout JSONWriter) {
        writer.raw(#""kind":"#)
        writer.string(kind.text)
        writer.raw(#","log":"#)
        writer.string(log)
        writer.raw(#","occurred_at":"#)
        writer.string(occurredAt.rfc3339)
        writer.raw(#","payload":"#)
        writer.string(payload.hex)
    }

    private func writePlace(to writer: inout JSONWriter) {
        writer.raw(#","prev":"#)
        writer.string(previous.hex)
        writer.raw(#","recorded_at":"#)
        writer.string(recordedAt.rfc3339)
        writer.raw(#","ref":"#)
        writer.string(ref)
        writer.raw(#","seq":"#)
        writer.integer(seq)
        if let signature {
            writer.raw(#","sig":"#)
            writer.string(signature.base64)
        }
        writer.raw(#","source":"#)
        writer.string(source)
        writer.raw(#","v":1,"vin":"#)
        writer.string(vin)
    }
}

extension Envelope {
    /// Accepts only what `canonicalBytes` writes.
    package static func parse(_ bytes: [UInt8]) throws(EnvelopeError) -> Envelope {
        // `withUnsafeBytes` throws untyped errors only, so the typed one is carried out as a value.
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(EnvelopeError) in try Envelope(EnvelopeScanner.scan(bytes)) }
        }.get()
    }

    /// - Throws: `EnvelopeError` where a value that the scanner accepted has no meaning: never.
    init(_ scanned: ScannedEnvelope) throws(EnvelopeError) {
        corrects = scanned.corrects
        kind = try Envelope.kind(scanned.kind)
        log = try Envelope.text(scanned.log, .log)
        occurredAt = try Envelope.time(scanned.occurredAt, .occurredAt)
        payload = scanned.payload
        previous = scanned.previous
        recordedAt = try Envelope.time(scanned.recordedAt, .recordedAt)
        ref = try Envelope.text(scanned.ref, .ref)
        seq = scanned.seq
        signature = try Envelope.signature(scanned)
        source = try Envelope.text(scanned.source, .source)
        vin = try Envelope.text(scanned.vin, .vin)
    }

    private static func text(
        _ utf8: UnsafeRawBufferPointer,
        _ member: EnvelopeMember
    ) throws(EnvelopeError) -> String {
        guard let text = LedgerText.unescaped(utf8) else { throw .wrongValue(member) }
        return text
    }

    private static func kind(_ utf8: UnsafeRawBufferPointer) throws(EnvelopeError) -> EventKind {
        guard let kind = try? EventKind(parsing: text(utf8, .kind)) else { throw .wrongValue(.kind) }
        return kind
    }

    private static func time(
        _ utf8: UnsafeRawBufferPointer,
        _ member: EnvelopeMember
    ) throws(EnvelopeError) -> Instant {
        guard let instant = Instant(rfc3339: try text(utf8, member)) else { throw .wrongValue(member) }
        return instant
    }

    private static func signature(_ scanned: ScannedEnvelope) throws(EnvelopeError) -> SourceSignature? {
        guard let key = scanned.key, let digits = scanned.signature else { return nil }
        guard let bytes = Base64.decode(utf8: digits) else { throw .wrongValue(.signature) }
        return SourceSignature(verifiedKey: try text(key, .key), bytes: bytes)
    }
}
