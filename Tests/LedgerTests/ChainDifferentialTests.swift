import Core
import Cryptography
import Ledger
import Testing

/// Chains that were tampered with at random, judged twice.
struct ChainDifferentialTests {
    /// A chain with every sort of entry in it, some erased and on record.
    static func chain(_ random: inout SeededGenerator) -> (chain: TestChain, entries: [StoredEntry]) {
        var chain = TestChain()
        var erased: [Int] = []
        for _ in 0..<(2 + random.below(7)) {
            switch random.below(6) {
            case 0: chain.add(isSigned: true)
            case 1 where !chain.entries.isEmpty: chain.add("entry.retracted", corrects: random.pick(chain.hashes))
            case 2 where !chain.entries.isEmpty:
                let target = random.below(chain.entries.count)
                chain.addErasure(of: chain.hashes[target])
                // The record of an erasure is not erased itself.
                if chain.entries[target].envelope.kind != .payloadErased { erased.append(target) }
            case 3: chain.add(source: TestChain.insurer)
            default: ChainPropertyTests.grow(&chain, &random)
            }
        }
        var entries = chain.stored
        for target in erased { entries[target].payload = nil }
        return (chain, entries)
    }

    /// One thing that a dishonest or broken store might do.
    static func tamper(_ entries: inout [StoredEntry], _ chain: TestChain, _ random: inout SeededGenerator) {
        guard !entries.isEmpty else { return }
        let index = random.below(entries.count)
        switch random.below(12) {
        case 0: entries.remove(at: index)
        case 1: entries.swapAt(index, random.below(entries.count))
        case 2: entries.insert(entries[index], at: random.below(entries.count + 1))
        case 3: entries[index].payload = nil
        case 4: entries[index].hash = random.pick(chain.hashes)
        case 5: entries[index].hash = nil
        case 6: entries[index].payload = random.pick(chain.entries).payloadBytes
        case 7 where entries[index].payload?.isEmpty == false:
            entries[index].payload![random.below(entries[index].payload!.count)] ^= 1 << UInt8(random.below(8))
        case 8 where !entries[index].envelope.isEmpty:
            entries[index].envelope[random.below(entries[index].envelope.count)] ^= 1 << UInt8(random.below(8))
        case 9: entries[index].envelope.removeLast(min(entries[index].envelope.count, random.below(40)))
        case 10: entries.removeLast(1 + random.below(entries.count))
        default: rewrite(&entries[index], &random)
        }
    }

    /// Changes a member and gives the entry the hash that it then has: what only the rest of the chain can show.
    static func rewrite(_ entry: inout StoredEntry, _ random: inout SeededGenerator) {
        guard let envelope = try? Envelope.parse(entry.envelope) else { return }
        var draft = EnvelopeDraft(envelope)
        switch random.below(10) {
        case 0: draft.vin = "LSVAU2187N2123457"
        case 1: draft.log = "localhost/elsewhere"
        case 2: draft.seq = Int64(random.below(5))
        case 3: draft.previous = .zero
        case 4: draft.recordedAt = draft.recordedAt.adding(seconds: Int64(random.below(20_000)) - 10_000)
        case 5: draft.ref = "WO-0"
        case 6: draft.corrects = draft.corrects == nil ? draft.previous : nil
        case 7: draft.kind = random.pick([.entryRetracted, .payloadErased])
        case 8: draft.source = TestChain.insurer
        default: draft.signature = nil
        }
        entry.envelope = draft.envelope.canonicalBytes
        entry.hash = SHA256.hash(entry.envelope)
    }

    static func compare(_ entries: [StoredEntry], _ comment: Comment) {
        let verdict = verify(entries)
        let naive = NaiveVerifier(entries)
        #expect(verdict.failures == naive.failures, comment)
        #expect(verdict.sealed.map(\.seq) == naive.sealed, comment)
        #expect(verdict.isGenuine == naive.failures.isEmpty, comment)
        #expect(verdict.count == entries.count, comment)
        #expect(verdict.head == entries.last.map { SHA256.hash($0.envelope) }, comment)
        #expect(verdict.sealed.allSatisfy { entries[$0.seq].payload == nil }, comment)
    }

    @Test(arguments: 1000..<1040 as Range<UInt64>)
    func `an honest chain is genuine to both verifiers`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (_, entries) = Self.chain(&random)
        #expect(verify(entries).isGenuine)
        Self.compare(entries, "seed \(seed)")
    }

    @Test(arguments: 2000..<2060 as Range<UInt64>)
    func `both verifiers find the same in a chain that was tampered with`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<10 {
            var (chain, entries) = Self.chain(&random)
            for _ in 0...random.below(3) { Self.tamper(&entries, chain, &random) }
            Self.compare(entries, "seed \(seed), round \(round)")
        }
    }

    @Test func `tampering of every kind was among it`() {
        var found: Set<ChainCheck> = []
        for seed in 2000..<2060 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            for _ in 0..<10 {
                var (chain, entries) = Self.chain(&random)
                for _ in 0...random.below(3) { Self.tamper(&entries, chain, &random) }
                found.formUnion(verify(entries).checks.filter { !$0.passed }.map(\.check))
            }
        }
        #expect(found == Set(ChainCheck.allCases))
    }
}

/// Bytes that nobody meant as an entry.
struct GarbageTests {
    /// Mostly pieces of entries, so that reading gets somewhere before it fails.
    static func garbage(_ random: inout SeededGenerator) -> [UInt8] {
        let sample = TestChain.sample().entries
        var bytes: [UInt8] = []
        for _ in 0..<random.below(5) {
            let piece = random.below(2) == 0 ? random.pick(sample).envelopeBytes : random.pick(sample).payloadBytes
            let start = random.below(piece.count)
            bytes += piece[start..<(start + random.below(piece.count - start + 1))]
            if random.below(3) == 0 { bytes.append(UInt8(random.below(256))) }
        }
        return bytes
    }

    @Test(arguments: 3000..<3030 as Range<UInt64>)
    func `whatever is read, it is refused or canonical`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let bytes = Self.garbage(&random)
            if let envelope = try? Envelope.parse(bytes) { #expect(envelope.canonicalBytes == bytes) }
            if let payload = try? Payload.parse(bytes) { #expect(payload.canonicalBytes == bytes) }
        }
    }

    @Test(arguments: 4000..<4020 as Range<UInt64>)
    func `a chain of garbage is altered from its first entry on`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let entries = (0..<(1 + random.below(5))).map { _ in
            StoredEntry(envelope: [0x20] + Self.garbage(&random), payload: Self.garbage(&random))
        }
        let verdict = verify(entries)
        #expect(verdict.failures == "encoding@0")
        #expect(verdict.count == entries.count)
        ChainDifferentialTests.compare(entries, "seed \(seed)")
    }

    @Test func `two halves of different entries do not make one`() {
        let entries = TestChain.sample().entries
        for (one, other) in zip(entries, entries.dropFirst()) {
            for cut in stride(from: 1, to: one.envelopeBytes.count, by: 7) {
                let bytes = Array(one.envelopeBytes.prefix(cut)) + other.envelopeBytes.dropFirst(cut)
                #expect(EnvelopeScannerTests.scans(bytes) == EnvelopeScannerTests.isEnvelope(bytes))
            }
        }
    }

    @Test func `a long chain is found altered wherever one bit of it changes`() {
        var random = SeededGenerator(seed: 5000)
        var chain = TestChain()
        for _ in 0..<300 { chain.add() }
        #expect(verify(chain.stored).isGenuine)
        for _ in 0..<30 {
            var entries = chain.stored
            let index = random.below(entries.count)
            entries[index].envelope[random.below(entries[index].envelope.count)] ^= 1 << UInt8(random.below(8))
            #expect(verify(entries).firstBadEntry?.seq == index)
            entries = chain.stored
            entries.remove(at: random.below(entries.count - 1))
            #expect(!verify(entries).isGenuine)
        }
    }
}
