import Core
import Cryptography
import Storage
import Support
import Testing
import Web

@testable import Identity

@Suite struct AuditTrailTests {
    private static let origin = Origin(
        organization: "org_caller",
        credential: "key_1",
        requestID: "request-1",
        method: "POST",
        route: "/v1/things/{id}"
    )

    private static func entry(
        _ chain: String = "org_1",
        _ action: String = "thing.done",
        _ outcome: AuditEntry.Outcome = .done
    ) -> AuditEntry {
        AuditEntry(
            chain: chain,
            action: action,
            origin: origin,
            outcome: outcome,
            subject: "thing_1",
            detail: [JSON.Member("why", "因为"), JSON.Member("amount", 7)]
        )
    }

    @Test(arguments: Engine.allCases)
    func `a record says everything, in canonical form, under its own hash`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let position = try await world.write { try AuditTrail.append($0, AuditTrailTests.entry()) }
        let record = try #require(try await world.read { try AuditTrail.page($0, "org_1", limit: 1) }.first)
        let expected =
            #"{"action":"thing.done","at":"2026-03-01T08:00:00.000Z","chain":"org_1","code":null,"#
            + #""credential":"key_1","detail":{"amount":7,"why":"因为"},"method":"POST","organization":"org_caller","#
            + #""outcome":"done","prev":"\#(Digest.zero.hex)","request_id":"request-1","route":"/v1/things/{id}","#
            + #""seq":0,"status":null,"subject":"thing_1"}"#
        #expect(record.text == expected)
        #expect(record.hash == SHA256.hash(Array(expected.utf8)).bytes)
        #expect(position == .init(chain: "org_1", seq: 0, hash: SHA256.hash(Array(expected.utf8))))
        #expect(record.seq == 0 && record.at == ManualClock.start)
    }

    @Test func `a refusal carries status and code, and the system has no caller`() async throws {
        let world = try await World.open()
        try await world.write { tx in
            let refused = AuditEntry.Outcome.refused(status: 403, code: "forbidden")
            try AuditTrail.append(tx, AuditTrailTests.entry("org_1", "request.refused", refused))
            try AuditTrail.append(tx, AuditEntry(chain: "org_1", action: "a", origin: .system, subject: nil))
        }
        let trail = try await world.trail("org_1")
        #expect(trail[0]["outcome"] == "refused" && trail[0]["status"] == 403 && trail[0]["code"] == "forbidden")
        for member in ["credential", "method", "organization", "request_id", "route", "subject"] {
            #expect(trail[1][member] == .null)
        }
        #expect(trail[1]["detail"] == [:])
    }

    @Test(arguments: Engine.allCases)
    func `every record points at the one before it, in its own chain`(engine: Engine) async throws {
        let world = try await World.open(engine)
        for chain in ["org_1", "org_2", "org_1", "org_2", "org_1"] {
            try await world.write { _ = try AuditTrail.append($0, AuditTrailTests.entry(chain)) }
        }
        let records = try await world.read { try AuditTrail.page($0, "org_1", limit: 10) }
        #expect(records.map(\.seq) == [2, 1, 0])
        let previous = try records.map { try JSONParser.parse(Array($0.text.utf8))["prev"]?.stringValue }
        #expect(previous == [records[1].hash.hex, records[2].hash.hex, Digest.zero.hex])
        #expect(try await world.read { try AuditTrail.chains($0) } == ["org_1", "org_2"])
        #expect(try await world.verdict("org_1") == .intact(records: 3))
        #expect(try await world.verdict("org_2") == .intact(records: 2))
    }

    @Test func `a chain that nobody wrote to is intact and empty`() async throws {
        let world = try await World.open()
        #expect(try await world.verdict("org_1") == .intact(records: 0))
    }

    @Test func `a page ends before the record that it is asked to`() async throws {
        let world = try await World.open()
        try await world.write { tx in
            for _ in 0..<5 { try AuditTrail.append(tx, AuditTrailTests.entry()) }
        }
        #expect(try await world.read { try AuditTrail.page($0, "org_1", before: 3, limit: 2) }.map(\.seq) == [2, 1])
        #expect(try await world.read { try AuditTrail.page($0, "org_1", before: 0, limit: 2) }.isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `a change that is undone takes its record with it`(engine: Engine) async throws {
        let world = try await World.open(engine)
        try await world.write { _ = try AuditTrail.append($0, AuditTrailTests.entry()) }
        await #expect(throws: Failure(.notFound)) {
            try await world.write { tx in
                try AuditTrail.append(tx, AuditTrailTests.entry())
                throw Failure(.notFound)
            }
        }
        #expect(try await world.verdict("org_1") == .intact(records: 1))
    }

    @Test(arguments: Engine.allCases)
    func `concurrent appends to one chain leave no gap`(engine: Engine) async throws {
        let world = try await World.open(engine)
        try await withThrowingTaskGroup { group in
            for _ in 0..<30 {
                group.addTask { try await world.write { _ = try AuditTrail.append($0, AuditTrailTests.entry()) } }
            }
            try await group.waitForAll()
        }
        #expect(try await world.verdict("org_1") == .intact(records: 30))
    }

    @Test func `a chain longer than a batch is walked to its end`() async throws {
        let world = try await World.open()
        let count = AuditTrail.verificationBatch * 2
        try await world.write { tx in
            for _ in 0..<count { try AuditTrail.append(tx, AuditTrailTests.entry()) }
        }
        #expect(try await world.verdict("org_1") == .intact(records: Int64(count)))
        let last = Int64(count - 1)
        try await world.write { tx in
            try tx.execute("UPDATE audit_record SET at = 0 WHERE chain = 'org_1' AND seq = \(last)")
        }
        #expect(try await world.verdict("org_1") == .broken(seq: last, .misdated))
    }

    @Test func `line breaks and escape sequences stay inside their text`() async throws {
        let world = try await World.open()
        let entry = AuditEntry(
            chain: "org_1",
            action: "a",
            origin: .system,
            subject: "x\r\n\u{1B}[31m{\"forged\":true}",
            detail: []
        )
        try await world.write { _ = try AuditTrail.append($0, entry) }
        let text = try #require(try await world.read { try AuditTrail.page($0, "org_1", limit: 1) }.first).text
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
        #expect(try await world.trail("org_1")[0]["subject"]?.stringValue == entry.subject)
    }
}
