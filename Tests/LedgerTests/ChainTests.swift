import Core
import Cryptography
import Ledger
import Testing

struct ChainTests {
    @Test func `the first entry stands at 0 behind 64 zeros`() {
        var chain = TestChain()
        let entry = chain.add()
        #expect(entry.envelope.seq == 0)
        #expect(entry.envelope.previous == .zero)
        #expect(entry.head.count == 1)
    }

    @Test func `each entry holds the hash of the one before and the next number`() {
        let chain = TestChain.sample()
        for (earlier, later) in zip(chain.entries, chain.entries.dropFirst()) {
            #expect(later.envelope.previous == earlier.hash)
            #expect(later.envelope.seq == earlier.envelope.seq + 1)
        }
        #expect(
            chain.head == ChainHead(count: 5, hash: chain.hashes[4], recordedAt: chain.entries[4].envelope.recordedAt)
        )
    }

    @Test func `hash and payload digest are those of the bytes`() {
        for entry in TestChain.sample().entries {
            #expect(SHA256.hash(entry.envelopeBytes) == entry.hash)
            #expect(SHA256.hash(entry.payloadBytes) == entry.envelope.payload)
            #expect(entry.payload.digest == entry.envelope.payload)
            #expect(
                entry.stored
                    == StoredEntry(envelope: entry.envelopeBytes, payload: entry.payloadBytes, hash: entry.hash)
            )
        }
    }

    @Test func `the statement is taken over member by member`() throws {
        for entry in TestChain.sample().entries {
            let statement = try entry.envelope.statement(data: entry.payload.data)
            #expect(statement.kind == entry.envelope.kind)
            #expect(statement.ref == entry.envelope.ref)
            #expect(statement.source == entry.envelope.source)
            #expect(statement.vin == TestChain.vin)
            #expect(statement.log == TestChain.log)
            #expect(statement.occurredAt == entry.envelope.occurredAt)
        }
    }

    @Test func `recorded_at keeps whole milliseconds`() {
        var chain = TestChain()
        let entry = chain.add(recordedAt: Instant(microseconds: TestChain.start.microseconds + 1999))
        #expect(entry.envelope.recordedAt == TestChain.start.adding(milliseconds: 1))
    }

    @Test func `recorded_at stands still while the clock goes back`() {
        var chain = TestChain()
        chain.add(recordedAt: TestChain.start)
        let early = chain.add(recordedAt: TestChain.start.adding(seconds: -3600))
        let sameMillisecond = chain.add(recordedAt: Instant(microseconds: TestChain.start.microseconds + 999))
        let later = chain.add(recordedAt: TestChain.start.adding(milliseconds: 1))
        #expect(early.envelope.recordedAt == TestChain.start)
        #expect(sameMillisecond.envelope.recordedAt == TestChain.start)
        #expect(later.envelope.recordedAt == TestChain.start.adding(milliseconds: 1))
        #expect(verify(chain.stored).isGenuine)
    }

    @Test func `an event may have happened after it was recorded or long before`() {
        var chain = TestChain()
        chain.add(recordedAt: TestChain.start.adding(seconds: -86_400))
        chain.add(recordedAt: TestChain.start.adding(seconds: 400 * 86_400))
        #expect(verify(chain.stored).isGenuine)
    }

    static func append(_ kind: EventKind, corrects: Digest?) throws -> Entry {
        let first = TestChain.sample().entries[0]
        let statement = try Statement(
            data: [:],
            kind: kind,
            log: TestChain.log,
            occurredAt: TestChain.start,
            ref: "C-1",
            source: TestChain.workshop,
            vin: TestChain.vin
        )
        return try Chain.append(
            statement,
            corrects: corrects,
            to: first.head,
            recordedAt: TestChain.start.adding(seconds: 3600),
            salt: .random()
        )
    }

    @Test(arguments: [EventKind.entryCorrected, .entryRetracted])
    func `a correction names an entry`(kind: EventKind) throws {
        let target = SHA256.hash("target".utf8)
        #expect(try Self.append(kind, corrects: target).envelope.corrects == target)
        let error = #expect(throws: Failure.self) { try Self.append(kind, corrects: nil) }
        #expect(pointers(error) == ["/corrects required"])
    }

    @Test(arguments: ["odometer.read", "payload.erased", "scrapped"])
    func `nothing else names an entry`(kind: String) throws {
        let kind = try EventKind(parsing: kind)
        #expect(try Self.append(kind, corrects: nil).envelope.corrects == nil)
        let error = #expect(throws: Failure.self) { try Self.append(kind, corrects: .zero) }
        #expect(pointers(error) == ["/corrects not_allowed"])
    }

    @Test func `a second salt gives another entry of the same statement`() throws {
        let one = try Self.append(.payloadErased, corrects: nil)
        let other = try Self.append(.payloadErased, corrects: nil)
        #expect(one.envelope.payload != other.envelope.payload)
        #expect(one.hash != other.hash)
    }

    @Test func `a chain goes on from what a store has kept of its last entry`() throws {
        var chain = TestChain.sample()
        let last = chain.stored[4]
        let envelope = try Envelope.parse(last.envelope)
        let head = ChainHead(count: envelope.seq + 1, hash: try #require(last.hash), recordedAt: envelope.recordedAt)
        #expect(head == chain.head)

        let statement = try chain.entries[0].envelope.statement(data: ["odometer_km": 45_300])
        let next = try Chain.append(statement, to: head, recordedAt: TestChain.start, salt: .random())
        #expect(next.envelope.previous == chain.hashes[4])
        #expect(next.envelope.recordedAt == envelope.recordedAt)
        chain.add()
        #expect(next.envelope.seq == chain.entries[5].envelope.seq)
    }
}
