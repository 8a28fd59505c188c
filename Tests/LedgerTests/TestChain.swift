import Core
import Cryptography

@testable import Ledger

/// A chain under test, and what its entries say unless a test says otherwise.
struct TestChain {
    static let vin = "LSVAU2187N2123456"
    static let log = "localhost/chexin"
    static let workshop = "org_01jd3v9x5k8m2n4p6q7r8s9t0v"
    static let insurer = "org_01jd3vaaaaaaaaaaaaaaaaaaaa"
    /// 2026-03-01T08:00:00.000Z
    static let start = Instant(milliseconds: 1_772_352_000_000)

    static let keyID = "key_2026"
    static let key = try! Ed25519.PrivateKey(seed: SecretBytes((0..<32).map { UInt8($0) }))

    var vin = TestChain.vin
    var log = TestChain.log
    private(set) var entries: [Entry] = []

    var head: ChainHead? { entries.last?.head }
    var hashes: [Digest] { entries.map(\.hash) }
    var stored: [StoredEntry] { entries.map(\.stored) }

    /// The same bytes, with nothing said about their hashes.
    var storedWithoutHashes: [StoredEntry] {
        entries.map { StoredEntry(envelope: $0.envelopeBytes, payload: $0.payloadBytes) }
    }

    /// Appends an entry. Its salt and times come from its place, so that a test gives the same bytes each time.
    @discardableResult
    mutating func add(
        _ kind: String = "odometer.read",
        _ data: JSON = ["odometer_km": 45_210],
        ref: String? = nil,
        source: String = TestChain.workshop,
        corrects: Digest? = nil,
        isSigned: Bool = false,
        recordedAt: Instant? = nil
    ) -> Entry {
        let seq = entries.count
        let statement = try! Statement(
            data: data,
            kind: EventKind(parsing: kind),
            log: log,
            occurredAt: TestChain.start.adding(seconds: Int64(seq) * 3600),
            ref: ref ?? "WO-\(seq)",
            source: source,
            vin: vin
        )
        let entry = try! Chain.append(
            statement,
            signature: isSigned ? statement.signed(with: TestChain.key, id: TestChain.keyID) : nil,
            corrects: corrects,
            to: head,
            recordedAt: recordedAt ?? TestChain.start.adding(seconds: Int64(seq) * 3600 + 60),
            salt: Salt(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: seq), count: Salt.byteCount))!
        )
        entries.append(entry)
        return entry
    }

    /// Puts an entry at the end that `Chain.append` would not have made: the last one, with its members changed and
    /// everything that follows from them right.
    mutating func forgeLast(_ change: (inout EnvelopeDraft) -> Void) {
        let last = entries.removeLast()
        var draft = EnvelopeDraft(last.envelope)
        change(&draft)
        let bytes = draft.envelope.canonicalBytes
        entries.append(
            Entry(
                envelope: draft.envelope,
                envelopeBytes: bytes,
                payload: last.payload,
                payloadBytes: last.payloadBytes,
                hash: SHA256.hash(bytes)
            )
        )
    }

    /// Five entries of every sort: plain, signed, from two sources, a correction and one with text beyond ASCII.
    static func sample() -> TestChain {
        var chain = TestChain()
        chain.add()
        chain.add(
            "repair.done",
            ["items": ["更换前保险杠", "喷漆 \"左前门\""], "cost_fen": 128_000],
            ref: "维修-1/\"A\\",
            isSigned: true
        )
        chain.add("accident.reported", ["severity": "minor"], source: insurer)
        chain.add("entry.corrected", ["data": ["odometer_km": 42_510], "reason": "录入错误"], corrects: chain.hashes[0])
        chain.add("scrapped", [:])
        return chain
    }
}

/// An envelope whose members can be set.
struct EnvelopeDraft {
    var corrects: Digest?
    var kind: EventKind
    var log: String
    var occurredAt: Instant
    var payload: Digest
    var previous: Digest
    var recordedAt: Instant
    var ref: String
    var seq: Int64
    var signature: SourceSignature?
    var source: String
    var vin: String

    init(_ envelope: Envelope) {
        corrects = envelope.corrects
        kind = envelope.kind
        log = envelope.log
        occurredAt = envelope.occurredAt
        payload = envelope.payload
        previous = envelope.previous
        recordedAt = envelope.recordedAt
        ref = envelope.ref
        seq = envelope.seq
        signature = envelope.signature
        source = envelope.source
        vin = envelope.vin
    }

    var envelope: Envelope {
        Envelope(
            corrects: corrects,
            kind: kind,
            log: log,
            occurredAt: occurredAt,
            payload: payload,
            previous: previous,
            recordedAt: recordedAt,
            ref: ref,
            seq: seq,
            signature: signature,
            source: source,
            vin: vin
        )
    }
}

/// What a failure names: `/vin charset`.
func pointers(_ error: (any Error)?) -> [String] {
    (error as? Failure)?.faults.map { "\($0.pointer) \($0.code)" } ?? []
}

/// The same bytes with the first occurrence of `old` replaced.
func replacing(_ old: String, with new: String, in bytes: [UInt8]) -> [UInt8] {
    let (bytes, old, new) = (bytes, Array(old.utf8), Array(new.utf8))
    let start = bytes.indices.first { bytes[$0...].starts(with: old) }!
    return bytes[..<start] + new + bytes[(start + old.count)...]
}
