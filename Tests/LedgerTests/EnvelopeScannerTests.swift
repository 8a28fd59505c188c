import Core
import Cryptography
import Testing

@testable import Ledger

/// What the scanner accepts against what the format says, read in another way: parsed as any JSON, every member looked
/// up by name, and written again.
struct EnvelopeScannerTests {
    static func isEnvelope(_ bytes: [UInt8]) -> Bool {
        guard let json = try? JSONParser.parse(bytes), json.canonicalBytes == bytes, let members = json.members else {
            return false
        }
        let required: Set = [
            "kind", "log", "occurred_at", "payload", "prev", "recorded_at", "ref", "seq", "source", "v", "vin",
        ]
        let names = Set(members.map(\.name))
        let optional = names.subtracting(required)
        guard names.isSuperset(of: required), optional.isSubset(of: ["corrects", "key", "sig"]) else { return false }
        return optional.contains("key") == optional.contains("sig") && members.allSatisfy(isAllowed)
    }

    static func isAllowed(_ member: JSON.Member) -> Bool {
        let text = member.value.stringValue ?? ""
        return switch member.name {
        case "kind": (try? EventKind(parsing: text)) != nil
        case "log", "ref", "source", "key": LedgerText.isValid(text)
        case "occurred_at", "recorded_at": Instant(rfc3339: text)?.rfc3339 == text
        case "payload", "prev", "corrects": Digest(hex: text) != nil
        case "seq": (member.value.integerValue ?? -1) >= 0
        case "sig": Base64.decode(text)?.count == 64
        case "v": member.value == 1
        case "vin": LedgerVIN.isValid(text)
        default: false
        }
    }

    static func scans(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { (try? EnvelopeScanner.scan($0)) != nil }
    }

    /// Scans as verification does, which expects what the entries of this chain have.
    static func scans(_ bytes: [UInt8], log: String, like entry: Entry) -> ScannedEnvelope? {
        let (log, vin) = (Array(log.utf8), Array(TestChain.vin.utf8))
        return bytes.withUnsafeBytes { bytes in
            log.withUnsafeBytes { log in
                vin.withUnsafeBytes { vin in
                    let (previous, payload) = (entry.envelope.previous, entry.envelope.payload)
                    let expected = ExpectedMembers(log: log, vin: vin, previous: previous, payload: payload)
                    return try? EnvelopeScanner.scan(bytes, expecting: expected)
                }
            }
        }
    }

    @Test(arguments: TestChain.sample().entries.indices)
    func `agrees with the format about every envelope with one byte changed`(index: Int) {
        let entry = TestChain.sample().entries[index]
        let bytes = entry.envelopeBytes
        var acceptedCount = 0
        for place in bytes.indices {
            for byte in [
                bytes[place] ^ 1, bytes[place] &+ 1, bytes[place] ^ 0x20, bytes[place] ^ 0x80, UInt8(ascii: "\""),
            ] {
                var changed = bytes
                changed[place] = byte
                let isEnvelope = Self.isEnvelope(changed)
                if isEnvelope { acceptedCount += 1 }
                #expect(Self.scans(changed) == isEnvelope, "\(byte) at \(place)")
                let scanned = Self.scans(changed, log: TestChain.log, like: entry)
                #expect((scanned != nil) == isEnvelope, "\(byte) at \(place), with expectations")
            }
        }
        // The digits of a hash, say, can change into others: the comparison would be empty if nothing were accepted.
        #expect(acceptedCount > 100)
    }

    @Test func `agrees with the format about every envelope with one byte removed or doubled`() {
        for entry in TestChain.sample().entries {
            let bytes = entry.envelopeBytes
            for place in bytes.indices {
                let removed = Array(bytes[..<place] + bytes[(place + 1)...])
                let doubled = Array(bytes[...place] + bytes[place...])
                #expect(Self.scans(removed) == Self.isEnvelope(removed))
                #expect(Self.scans(doubled) == Self.isEnvelope(doubled))
            }
        }
    }

    @Test func `lends each member as it stands between its quotes`() throws {
        let entry = TestChain.sample().entries[1]
        try entry.envelopeBytes.withUnsafeBytes { bytes in
            let scanned = try EnvelopeScanner.scan(bytes)
            #expect(String(decoding: scanned.kind, as: UTF8.self) == "repair.done")
            #expect(String(decoding: scanned.log, as: UTF8.self) == TestChain.log)
            #expect(String(decoding: scanned.ref, as: UTF8.self) == #"维修-1/\"A\\"#)
            #expect(String(decoding: scanned.vin, as: UTF8.self) == TestChain.vin)
            #expect(scanned.payload == entry.envelope.payload)
            #expect(scanned.previous == entry.envelope.previous)
            #expect(scanned.seq == 1)
            #expect(scanned.corrects == nil)
        }
    }

    @Test func `says whether log and vehicle are the expected ones`() throws {
        let entry = TestChain.sample().entries[1]
        for (log, isExpected) in [
            (TestChain.log, true), ("localhost/chexi", false), ("localhost/chexin2", false),
            ("Localhost/chexin", false),
            ("", false), (String(repeating: "x", count: 5000), false),
        ] {
            let scanned = try #require(Self.scans(entry.envelopeBytes, log: log, like: entry))
            #expect(scanned.isOfExpectedLog == isExpected)
            #expect(scanned.isOfExpectedVehicle)
        }
        let bytes = replacing(TestChain.vin, with: "LSVAU2187N2123457", in: entry.envelopeBytes)
        let scanned = try #require(Self.scans(bytes, log: TestChain.log, like: entry))
        #expect(!scanned.isOfExpectedVehicle)
    }

    @Test func `nothing is expected unless somebody says so`() throws {
        let entry = TestChain.sample().entries[0]
        try entry.envelopeBytes.withUnsafeBytes { bytes in
            let scanned = try EnvelopeScanner.scan(bytes)
            #expect(!scanned.isOfExpectedLog)
            #expect(!scanned.isOfExpectedVehicle)
        }
        #expect(!Self.scans(replacing(TestChain.log, with: "", in: entry.envelopeBytes)))
        #expect(!Self.scans(replacing(TestChain.vin, with: "", in: entry.envelopeBytes)))
    }

    @Test func `digests are read as they are, whatever was expected`() throws {
        let chain = TestChain.sample()
        let scanned = try #require(
            Self.scans(chain.entries[1].envelopeBytes, log: TestChain.log, like: chain.entries[2])
        )
        #expect(scanned.previous == chain.entries[1].envelope.previous)
        #expect(scanned.payload == chain.entries[1].envelope.payload)
    }

    @Test func `bytes at any address are read alike`() {
        let bytes = TestChain.sample().entries[1].envelopeBytes
        for offset in 0..<16 {
            let moved = [UInt8](repeating: UInt8(ascii: "{"), count: offset) + bytes
            let isAccepted = moved.withUnsafeBytes { moved in
                (try? EnvelopeScanner.scan(UnsafeRawBufferPointer(rebasing: moved[offset...]))) != nil
            }
            #expect(isAccepted)
        }
    }
}
