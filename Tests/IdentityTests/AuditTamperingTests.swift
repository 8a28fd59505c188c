import Core
import Cryptography
import Storage
import Support
import Testing

@testable import Identity

/// What somebody with access to the store could try. Every chain has records 0 to 3; it is number 1 that is touched
/// unless the test says otherwise.
@Suite struct AuditTamperingTests {
    private static let members = [
        "action", "at", "chain", "code", "credential", "detail", "method", "organization", "outcome", "prev",
        "request_id", "route", "seq", "status", "subject",
    ]

    @Test func `the list of members is complete`() async throws {
        let world = try await AuditTamperingTests.world()
        let members = try await world.trail("org_1")[1].members ?? []
        #expect(members.map(\.name) == AuditTamperingTests.members)
    }

    @Test(arguments: members)
    func `a changed member is found where it stands`(member: String) async throws {
        let world = try await AuditTamperingTests.world()
        try await world.write { try AuditTamperingTests.change(member, in: $0, rehashing: false) }
        #expect(try await world.verdict("org_1") == .broken(seq: 1, .altered))
    }

    /// Whoever computes the hash of the record anew has to do so for all that follow, and for the head.
    @Test(arguments: members)
    func `a changed member with a hash to match is found all the same`(member: String) async throws {
        let world = try await AuditTamperingTests.world()
        try await world.write { try AuditTamperingTests.change(member, in: $0, rehashing: true) }
        let expected: AuditTrail.Verdict =
            switch member {
            case "chain", "seq": .broken(seq: 1, .misplaced)
            case "at": .broken(seq: 1, .misdated)
            case "prev": .broken(seq: 1, .unlinked)
            default: .broken(seq: 2, .unlinked)
            }
        #expect(try await world.verdict("org_1") == expected)
    }

    @Test(arguments: [
        Tampering("the time in the row", 1, .misdated) {
            try $0.execute("UPDATE audit_record SET at = at + 1000 WHERE chain = 'org_1' AND seq = 1")
        },
        Tampering("the stored hash", 1, .altered) { tx in
            let other = SHA256.hash(Array("other".utf8)).bytes
            try tx.execute("UPDATE audit_record SET hash = \(other) WHERE chain = 'org_1' AND seq = 1")
        },
        Tampering("white space in the text", 1, .altered) {
            try $0.execute("UPDATE audit_record SET record = record || ' ' WHERE chain = 'org_1' AND seq = 1")
        },
        Tampering("a text that is not canonical under its own hash", 1, .unreadable) { tx in
            try AuditTamperingTests.replace(1, tx) { $0 + Array(" ".utf8) }
        },
        Tampering("a text that is no JSON under its own hash", 1, .unreadable) { tx in
            try AuditTamperingTests.replace(1, tx) { _ in Array("nothing".utf8) }
        },
        Tampering("a record taken out of the middle", 1, .missing) {
            try $0.execute("DELETE FROM audit_record WHERE chain = 'org_1' AND seq = 1")
        },
        Tampering("the first record taken away", 0, .missing) {
            try $0.execute("DELETE FROM audit_record WHERE chain = 'org_1' AND seq = 0")
        },
        Tampering("the last record taken away", 3, .missing) {
            try $0.execute("DELETE FROM audit_record WHERE chain = 'org_1' AND seq = 3")
        },
        Tampering("every record taken away", 0, .missing) {
            try $0.execute("DELETE FROM audit_record WHERE chain = 'org_1'")
        },
        Tampering("a gap closed by counting down", 1, .misplaced) { tx in
            try tx.execute("DELETE FROM audit_record WHERE chain = 'org_1' AND seq = 1")
            try tx.execute("UPDATE audit_record SET seq = 1 WHERE chain = 'org_1' AND seq = 2")
        },
        Tampering("a record of another chain put in", 1, .misplaced) { tx in
            try tx.execute("DELETE FROM audit_record WHERE chain = 'org_1' AND seq = 1")
            try tx.execute("UPDATE audit_record SET chain = 'org_1' WHERE chain = 'org_2' AND seq = 1")
        },
        Tampering("a head that counts too few", 3, .headDiffers) {
            try $0.execute("UPDATE audit_head SET record_count = 3 WHERE chain = 'org_1'")
        },
        Tampering("a head with another hash", 3, .headDiffers) { tx in
            let other = SHA256.hash(Array("other".utf8)).bytes
            try tx.execute("UPDATE audit_head SET hash = \(other) WHERE chain = 'org_1'")
        },
        Tampering("a head taken away", 3, .headDiffers) {
            try $0.execute("DELETE FROM audit_head WHERE chain = 'org_1'")
        },
    ])
    func `tampering is found and located`(tampering: Tampering) async throws {
        let world = try await AuditTamperingTests.world()
        try await world.write { try tampering.act($0) }
        #expect(try await world.verdict("org_1") == .broken(seq: tampering.seq, tampering.defect))
    }

    @Test func `two records that changed places are found`() async throws {
        let world = try await AuditTamperingTests.world()
        try await world.write { tx in
            try tx.execute("UPDATE audit_record SET seq = 99 WHERE chain = 'org_1' AND seq = 1")
            try tx.execute("UPDATE audit_record SET seq = 1 WHERE chain = 'org_1' AND seq = 2")
            try tx.execute("UPDATE audit_record SET seq = 2 WHERE chain = 'org_1' AND seq = 99")
        }
        #expect(try await world.verdict("org_1") == .broken(seq: 1, .misplaced))
    }

    @Test func `a chain beside a broken one is still intact`() async throws {
        let world = try await AuditTamperingTests.world()
        try await world.write { _ = try $0.execute("DELETE FROM audit_record WHERE chain = 'org_1' AND seq = 1") }
        #expect(try await world.verdict("org_2") == .intact(records: 4))
    }

    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let seq: Int64
        let defect: AuditTrail.Defect
        let act: @Sendable (any Transaction) throws -> Void

        init(
            _ description: String,
            _ seq: Int64,
            _ defect: AuditTrail.Defect,
            _ act: @escaping @Sendable (any Transaction) throws -> Void
        ) {
            (testDescription, self.seq, self.defect, self.act) = (description, seq, defect, act)
        }
    }

    private static func world() async throws -> World {
        let world = try await World.open()
        for seq in 0..<4 {
            world.clock.advance(seconds: 1)
            try await world.write { tx in
                for chain in ["org_1", "org_2"] {
                    let origin = Origin(
                        organization: "org_caller",
                        credential: "key_1",
                        requestID: "request-\(seq)",
                        method: "GET",
                        route: "/v1/me"
                    )
                    let entry = AuditEntry(
                        chain: chain,
                        action: "thing.done",
                        origin: origin,
                        outcome: .refused(status: 403, code: "forbidden"),
                        subject: "thing_\(seq)",
                        detail: [JSON.Member("number", JSON(seq))]
                    )
                    try AuditTrail.append(tx, entry)
                }
            }
        }
        return world
    }

    /// Gives one member of record 1 another value of its type.
    private static func change(_ member: String, in tx: any Transaction, rehashing: Bool) throws {
        try replace(1, tx, rehashing: rehashing) { bytes in
            let members = try #require(try JSONParser.parse(bytes).members)
            let changed = members.map { JSON.Member($0.name, $0.name == member ? other($0.value) : $0.value) }
            return JSON.object(changed).canonicalBytes
        }
    }

    private static func other(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(String(text.dropLast()) + (text.hasSuffix("0") ? "1" : "0"))
        case .integer(let number): .integer(number + 1)
        case .object: ["forged": true]
        default: "forged"
        }
    }

    @discardableResult
    private static func replace(
        _ seq: Int64,
        _ tx: any Transaction,
        rehashing: Bool = true,
        _ edit: ([UInt8]) throws -> [UInt8]
    ) throws -> Int {
        let row = try tx.first("SELECT record, hash FROM audit_record WHERE chain = 'org_1' AND seq = \(seq)")
        let text = try #require(try row?.text(0))
        let edited = try edit(Array(text.utf8))
        #expect(edited != Array(text.utf8))
        let hash = rehashing ? SHA256.hash(edited).bytes : try #require(try row?.blob(1))
        let record = String(decoding: edited, as: UTF8.self)
        return try tx.execute(
            "UPDATE audit_record SET record = \(record), hash = \(hash) WHERE chain = 'org_1' AND seq = \(seq)"
        )
    }
}
