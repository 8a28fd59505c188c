import Core
import Cryptography

/// The state of one verification. Entries go in one by one; whatever costs more than a comparison is done only for
/// those entries that need it.
struct ChainExamination {
    private var expected: ExpectedMembers

    private var faults: [ChainCheck: CheckVerdict] = [:]
    private var hashes: [Digest] = []
    private var lastRecordedAt = TimeWords.earliest
    private var references: ReferenceSet
    private(set) var mayHaveRepeatedReference = false
    private var earlier = EarlierEntries()
    /// By hash; a chain that was tampered with may hold the same entry more than once.
    private var missing: [Digest: [EntryPlace]] = [:]
    private var sealed: [EntryPlace] = []
    private var signatureCount = 0

    init(expecting expected: ExpectedMembers, count: Int) {
        self.expected = expected
        self.expected.previous = .zero
        references = ReferenceSet(expectedCount: count)
        hashes.reserveCapacity(count)
    }

    mutating func examine(
        _ bytes: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer?,
        storedHash: Digest?,
        _ sourceKeys: ChainVerifier.SourceKeys
    ) {
        let hash = SHA256.hash(bytes)
        let place = EntryPlace(seq: hashes.count, hash: storedHash ?? hash)
        if place.hash != hash { note(.hash, place) }
        expected.payload = payload.map { SHA256.hash($0) }
        do throws(EnvelopeError) {
            let envelope = try EnvelopeScanner.scan(bytes, expecting: expected)
            checkMembers(envelope, place)
            checkPointers(envelope, payload, place)
            if payload == nil { missing[hash, default: []].append(place) }
            if envelope.key != nil { checkSignature(envelope, payload, place, sourceKeys) }
        } catch {
            note(.encoding, place, because: error.explanation)
        }
        hashes.append(hash)
        expected.previous = hash
    }

    mutating func conclude() -> ChainVerdict {
        for place in missing.values.joined() { note(.erasure, place) }
        return ChainVerdict(
            checks: ChainCheck.allCases.map { faults[$0] ?? CheckVerdict(check: $0, place: nil, reason: nil) },
            count: hashes.count,
            head: hashes.last,
            sealed: sealed.sorted { $0.seq < $1.seq },
            signatureCount: signatureCount
        )
    }

    // MARK: Checks of every entry

    private mutating func checkMembers(_ envelope: ScannedEnvelope, _ place: EntryPlace) {
        if !envelope.isOfExpectedVehicle { note(.vehicle, place) }
        if !envelope.isOfExpectedLog { note(.log, place) }
        if envelope.seq != Int64(place.seq) { note(.sequence, place) }
        if let previous = expected.previous, envelope.previous != previous { note(.link, place) }
        if let payload = expected.payload, envelope.payload != payload { note(.payload, place) }
        let recordedAt = TimeWords(envelope.recordedAt)
        if recordedAt < lastRecordedAt { note(.time, place) }
        lastRecordedAt = recordedAt
        if !references.insert(source: envelope.source, ref: envelope.ref) { mayHaveRepeatedReference = true }
    }

    private mutating func checkPointers(
        _ envelope: ScannedEnvelope,
        _ payload: UnsafeRawBufferPointer?,
        _ place: EntryPlace
    ) {
        if envelope.corrects != nil || EventKind.corrects(envelope.kind) {
            checkCorrection(envelope, place)
        } else if EventKind.erases(envelope.kind), let payload {
            checkErasure(payload, envelope, place)
        }
    }

    // MARK: Checks of few entries

    private mutating func checkCorrection(_ envelope: ScannedEnvelope, _ place: EntryPlace) {
        guard EventKind.corrects(envelope.kind), let target = envelope.corrects, earlier.contains(target, of: hashes)
        else { return note(.correction, place) }
    }

    /// An erasure whose own payload is missing or altered erases nothing: what it named cannot be known any more.
    private mutating func checkErasure(
        _ payload: UnsafeRawBufferPointer,
        _ envelope: ScannedEnvelope,
        _ place: EntryPlace
    ) {
        guard envelope.payload == expected.payload else { return }
        guard let target = Erasure.target(payload: Array(payload)), earlier.contains(target, of: hashes) else {
            return note(.erasure, place)
        }
        sealed += missing.removeValue(forKey: target) ?? []
    }

    /// A signature is over the data, so that a sealed entry's says nothing any more, for or against.
    private mutating func checkSignature(
        _ envelope: ScannedEnvelope,
        _ payload: UnsafeRawBufferPointer?,
        _ place: EntryPlace,
        _ sourceKeys: ChainVerifier.SourceKeys
    ) {
        guard let payload else { return }
        guard let envelope = try? Envelope(envelope), let signature = envelope.signature,
            let key = sourceKeys(envelope.source, signature.key),
            let statement = try? envelope.statement(data: Payload.parse(Array(payload)).data),
            statement.isSigned(by: key, signature)
        else { return note(.signature, place) }
        signatureCount += 1
    }

    /// Compares the texts themselves, after their fingerprints have met.
    mutating func compareReferences(of entries: [StoredEntry]) {
        var seen: Set<[UInt8]> = []
        for (seq, entry) in entries.enumerated() {
            entry.envelope.withUnsafeBytes { bytes in
                guard let envelope = try? EnvelopeScanner.scan(bytes) else { return }
                // A bare quote stands in neither text, so that the pair cannot be read in two ways.
                let reference = Array(envelope.source) + [UInt8(ascii: "\"")] + Array(envelope.ref)
                guard !seen.insert(reference).inserted else { return }
                note(.reference, EntryPlace(seq: seq, hash: entry.hash ?? hashes[seq]))
            }
        }
    }

    // MARK: Faults

    /// Keeps the first fault of each check: the first in the chain, not the first to be noticed.
    private mutating func note(_ check: ChainCheck, _ place: EntryPlace, because reason: LocalizedText? = nil) {
        if let known = faults[check]?.place, known.seq <= place.seq { return }
        faults[check] = CheckVerdict(check: check, place: place, reason: reason)
    }
}

/// Finds entries by hash. The index is made when the first entry asks for it, and goes on from where it was.
private struct EarlierEntries {
    private var indexed: Set<Digest> = []
    private var indexedCount = 0

    mutating func contains(_ hash: Digest, of hashes: [Digest]) -> Bool {
        indexed.formUnion(hashes[indexedCount...])
        indexedCount = hashes.count
        return indexed.contains(hash)
    }
}
