import Core
import Cryptography
import Ledger

/// The rules of a chain once more, written for being obviously right: every entry is parsed as any JSON, every text is
/// a `String` or its bytes, and nothing is clever. What it finds is compared with what `ChainVerifier` finds.
struct NaiveVerifier {
    private(set) var firstFaults: [ChainCheck: Int] = [:]
    private(set) var sealed: [Int] = []
    private var hashes: [Digest] = []
    private var lastRecordedAt = ""
    private var references: Set<[UInt8]> = []
    private var missing: [Int] = []

    /// As `ChainVerdict.failures` writes it.
    var failures: String {
        ChainCheck.allCases.compactMap { check in firstFaults[check].map { "\(check.rawValue)@\($0)" } }
            .joined(separator: " ")
    }

    init(_ entries: [StoredEntry]) {
        for entry in entries { read(entry) }
        if let first = missing.filter({ !sealed.contains($0) }).min() { fail(.erasure, first) }
        sealed.sort()
    }

    private mutating func fail(_ check: ChainCheck, _ seq: Int) {
        firstFaults[check] = min(firstFaults[check] ?? seq, seq)
    }

    private mutating func read(_ entry: StoredEntry) {
        let hash = SHA256.hash(entry.envelope)
        let seq = hashes.count
        if let stored = entry.hash, stored != hash { fail(.hash, seq) }
        if EnvelopeScannerTests.isEnvelope(entry.envelope), let json = try? JSONParser.parse(entry.envelope) {
            readMembers(json, seq)
            readPayload(json, entry.payload, seq)
            readCorrection(json, seq)
        } else {
            fail(.encoding, seq)
        }
        hashes.append(hash)
    }

    private mutating func readMembers(_ json: JSON, _ seq: Int) {
        if json["vin"] != JSON(TestChain.vin) { fail(.vehicle, seq) }
        if json["log"] != JSON(TestChain.log) { fail(.log, seq) }
        if json["seq"] != JSON(seq) { fail(.sequence, seq) }
        let previous = hashes.last?.hex ?? String(repeating: "0", count: 64)
        if json["prev"] != JSON(previous) { fail(.link, seq) }
        let recordedAt = json["recorded_at"]!.stringValue!
        if recordedAt < lastRecordedAt { fail(.time, seq) }
        lastRecordedAt = recordedAt
        if !references.insert(JSON.array([json["source"]!, json["ref"]!]).bytes).inserted { fail(.reference, seq) }
    }

    private mutating func readPayload(_ json: JSON, _ payload: [UInt8]?, _ seq: Int) {
        guard let payload else {
            missing.append(seq)
            return
        }
        let isRight = json["payload"] == JSON(SHA256.hash(payload).hex)
        if !isRight { fail(.payload, seq) }
        let data = (try? Payload.parse(payload))?.data
        if json["key"] != nil, !isSigned(json, data) { fail(.signature, seq) }
        if json["kind"] == "payload.erased", json["corrects"] == nil, isRight { readErasure(data, seq) }
    }

    private func isSigned(_ json: JSON, _ data: JSON?) -> Bool {
        guard let data, let source = json["source"]?.stringValue, let id = json["key"]?.stringValue,
            let key = TestChain.sourceKey(source: source, key: id),
            let signature = json["sig"]?.stringValue.flatMap({ Base64.decode($0) })
        else { return false }
        let names = ["kind", "log", "occurred_at", "ref", "source", "vin"]
        let members = names.map { JSON.Member($0, json[$0]!) } + [JSON.Member("data", data)]
        return key.isValid(signature: signature, for: JSON.object(members).canonicalBytes)
    }

    private mutating func readErasure(_ data: JSON?, _ seq: Int) {
        let targets = hashes.indices.filter { data?["entry"] == JSON(hashes[$0].hex) }
        if targets.isEmpty { fail(.erasure, seq) }
        sealed += targets.filter { missing.contains($0) && !sealed.contains($0) }
    }

    private mutating func readCorrection(_ json: JSON, _ seq: Int) {
        let isCorrection = json["kind"] == "entry.corrected" || json["kind"] == "entry.retracted"
        let target = json["corrects"]
        guard isCorrection || target != nil else { return }
        if !isCorrection || !hashes.contains(where: { JSON($0.hex) == target }) { fail(.correction, seq) }
    }
}
