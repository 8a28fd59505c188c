import Core
import Cryptography
import Ledger
import Testing

/// Random chains. A seed that fails is in the name of the failing case, and gives the same chain again.
struct ChainPropertyTests {
    static let words = ["WO", "维修", "\"", "\\", "/", "é", "🚗", "2026", "-", "a b", "车信", "{", "\u{A0}"]

    static func text(_ random: inout SeededGenerator) -> String {
        (0...random.below(5)).map { _ in random.pick(words) }.joined()
    }

    static func data(_ random: inout SeededGenerator, depth: Int = 2) -> JSON {
        // Whether another level may follow; the last of them holds no objects and arrays.
        switch depth < 7 ? random.below(7) : 2 + random.below(5) {
        case 0: .object((0..<random.below(5)).map { .init("\($0)\(text(&random))", data(&random, depth: depth + 1)) })
        case 1: .array((0..<random.below(4)).map { _ in data(&random, depth: depth + 1) })
        case 2: .integer(Int64(random.below(Int(JSON.maximumInteger))) * (random.below(2) == 0 ? 1 : -1))
        case 3: .bool(random.below(2) == 0)
        case 4: .null
        default: .string(text(&random) + String(Unicode.Scalar(UInt8(random.below(0x80)))))
        }
    }

    static func grow(_ chain: inout TestChain, _ random: inout SeededGenerator) {
        let members = (0..<random.below(4)).map { JSON.Member("m\($0)", data(&random)) }
        let isCorrection = !chain.entries.isEmpty && random.below(5) == 0
        chain.add(
            isCorrection ? "entry.corrected" : random.pick(["odometer.read", "scrapped", "repair.done"]),
            .object(members),
            ref: "\(chain.entries.count)\(text(&random))x",
            source: random.pick([TestChain.workshop, TestChain.insurer]),
            corrects: isCorrection ? random.pick(chain.hashes) : nil,
            recordedAt: TestChain.start.adding(milliseconds: Int64(random.below(2000)) - 1000)
        )
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `a chain verifies after every append`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var chain = TestChain()
        for count in 1...(1 + random.below(15)) {
            Self.grow(&chain, &random)
            let verdict = verify(chain.stored)
            #expect(verdict.failures == "")
            #expect(verdict.count == count)
            #expect(verdict.head == chain.head?.hash)
            let entry = chain.entries[count - 1]
            #expect(try Envelope.parse(entry.envelopeBytes) == entry.envelope)
            #expect(try Payload.parse(entry.payloadBytes).canonicalBytes == entry.payloadBytes)
        }
    }

    @Test(arguments: 31...60 as ClosedRange<UInt64>)
    func `a random change of a random chain is found`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var chain = TestChain()
        for _ in 0..<8 { Self.grow(&chain, &random) }
        for _ in 0..<40 {
            var entries = chain.stored
            let index = random.below(entries.count)
            let change = UInt8(1 + random.below(255))
            if random.below(2) == 0 {
                entries[index].envelope[random.below(entries[index].envelope.count)] ^= change
            } else {
                entries[index].payload![random.below(entries[index].payload!.count)] ^= change
            }
            #expect(verify(entries).firstBadEntry?.seq == index)
        }
    }

    @Test func `the bytes of many chains are the same for ever`() {
        var all = SHA256()
        for seed in 100..<150 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var chain = TestChain()
            for _ in 0..<10 { Self.grow(&chain, &random) }
            for entry in chain.entries {
                all.update(entry.envelopeBytes)
                all.update(entry.payloadBytes)
            }
        }
        // The bytes of 500 entries in one hash: if this changes, entries that were published no longer verify.
        #expect(all.finalize().hex == "a4859df8f12dd460e6adde866a38a3e86b8d88a5943b3170fdb5dd0f8bf380ce")
    }
}
