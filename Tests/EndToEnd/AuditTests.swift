import Core
import Cryptography
import Ledger
import Support
import Testing
import TransparencyLog

@testable import chexin

/// A stranger audits a log that behaves, and logs that do not.
@Suite struct AuditTests {
    /// A log with some cars.
    private static func house(_ count: Int = 6) async throws -> House {
        let house = try await House.open(.sqlite)
        let workshop = try await house.workshop()
        for number in 1...count {
            let vin = number % 2 == 0 ? House.vin : House.otherVIN
            _ = try await house.reading(number * 100, ref: "r\(number)", vin: vin, as: workshop.key)
        }
        try await house.log.catchUp()
        return house
    }

    private static func keys(_ house: House) throws -> BundleKeys {
        try BundleKeys(parsing: String(decoding: house.log.keys.json.bytes, as: UTF8.self))
    }

    /// - Parameter change: what a dishonest log answers in place of the truth.
    private static func audit(
        _ house: House,
        changing change: @escaping @Sendable (_ path: String, _ bytes: [UInt8]) -> [UInt8]? = { $1 }
    ) throws -> RemoteAudit {
        RemoteAudit(keys: try keys(house)) { path in
            let answer = try await house.client.send("GET", "/" + path)
            return answer.status == 200 ? change(path, answer.body) : nil
        }
    }

    private static func finding(_ audit: RemoteAudit, after last: SignedNote? = nil) async throws -> RemoteAudit
        .Finding?
    {
        do {
            _ = try await audit.run(after: last) { _, _ in }
            return nil
        } catch let finding as RemoteAudit.Finding {
            return finding
        }
    }

    @Test func `a log that behaves passes, again and again as it grows`() async throws {
        let house = try await AuditTests.house()
        let first = try await AuditTests.audit(house).run(after: nil) { _, _ in }
        #expect(first.size == 6)
        #expect(first.vehicles == 2)
        #expect(first.indexSize == 6)
        let insurer = try await house.insurer()
        _ = try await house.reading(9000, ref: "i", as: insurer.key)
        let second = try await AuditTests.audit(house).run(after: first.checkpoint) { _, _ in }
        #expect(second.size == 7)
        #expect(second.indexSize == 6)
        try await house.log.catchUp()
        #expect(try await AuditTests.audit(house).run(after: second.checkpoint) { _, _ in }.indexSize == 7)
    }

    @Test(arguments: [
        ("log/checkpoint", "not signed"), ("log/vehicles", "not signed"),
        ("log/tile/entries/000.p/6", "does not follow"),
        ("log/tile/0/000.p/6", "does not follow"),
    ])
    func `a byte that changes anywhere is found`(place: String, part: String) async throws {
        let house = try await AuditTests.house()
        let audit = try AuditTests.audit(house) { path, bytes in
            guard path == place else { return bytes }
            var changed = bytes
            // In a note, the end of its signature; in a bundle or a tile, a hash.
            let index = path.contains("tile") ? 10 : changed.lastIndex(of: UInt8(ascii: "=")).map { $0 - 2 } ?? 0
            changed[index] ^= 1
            return changed
        }
        let sentence = try await AuditTests.finding(audit)?.sentence ?? ""
        #expect(sentence.contains(part) || sentence.contains("no signed note"), "\(sentence)")
    }

    @Test func `what is missing is found`() async throws {
        let house = try await AuditTests.house()
        let audit = try AuditTests.audit(house) { path, bytes in path.contains("entries") ? nil : bytes }
        #expect(try await AuditTests.finding(audit)?.sentence.contains("is not there") == true)
    }

    @Test func `a log that was rewritten proves it against itself`() async throws {
        let (before, after) = (try await AuditTests.house(4), try await AuditTests.house(6))
        let last = try await AuditTests.audit(before).run(after: nil) { _, _ in }.checkpoint
        let finding = try #require(try await AuditTests.finding(try AuditTests.audit(after), after: last))
        #expect(finding.sentence.contains("rewritten"))
        let fork = try #require(finding.fork)
        #expect(fork.isValid(by: after.log.keys.verifierKeys))
        let honest = ForkProof(older: fork.newer, newer: fork.newer, root: fork.root, proof: [])
        #expect(!honest.isValid(by: after.log.keys.verifierKeys))
    }

    @Test func `a log that was cut off is found`() async throws {
        let (before, after) = (try await AuditTests.house(6), try await AuditTests.house(4))
        let last = try await AuditTests.audit(before).run(after: nil) { _, _ in }.checkpoint
        let finding = try await AuditTests.finding(try AuditTests.audit(after), after: last)
        #expect(finding?.sentence.contains("cut off") == true)
    }
}
