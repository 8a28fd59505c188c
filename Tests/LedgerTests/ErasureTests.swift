import Core
import Cryptography
import Testing

@testable import Ledger

struct ErasureTests {
    /// Three entries, then one that records the erasure of the payload of the second.
    static func erased(_ target: Int = 1) -> TestChain {
        var chain = TestChain()
        for _ in 0..<3 { chain.add() }
        chain.addErasure(of: chain.hashes[target])
        return chain
    }

    @Test func `an erased payload is sealed, not broken`() {
        let chain = Self.erased()
        var entries = chain.stored
        entries[1].payload = nil
        let verdict = verify(entries)
        #expect(verdict.isGenuine)
        #expect(verdict.failures == "")
        #expect(verdict.sealed == [EntryPlace(seq: 1, hash: chain.hashes[1])])
        #expect(verdict.head == chain.head?.hash)
        #expect(verdict.summary.zh.contains("1 条内容已依法删除"))
        #expect(verdict.summary.en.contains("erased"))
    }

    @Test func `an erasure on record does not need the payload to be gone from this copy`() {
        let verdict = verify(Self.erased().stored)
        #expect(verdict.isGenuine)
        #expect(verdict.sealed.isEmpty)
    }

    @Test func `a payload that is missing without a record is found`() {
        for index in 0..<5 {
            var entries = TestChain.sample().stored
            entries[index].payload = nil
            let verdict = verify(entries)
            #expect(verdict.failures == "erasure@\(index)")
            #expect(verdict.sealed.isEmpty)
        }
    }

    @Test func `a record of another entry's erasure does not help`() {
        var entries = Self.erased().stored
        entries[0].payload = nil
        entries[1].payload = nil
        let verdict = verify(entries)
        #expect(verdict.failures == "erasure@0")
        #expect(verdict.sealed.map(\.seq) == [1])
    }

    @Test func `several erasures in any order are sealed each, and listed in the order of the chain`() {
        var chain = Self.erased(2)
        chain.addErasure(of: chain.hashes[0])
        var entries = chain.stored
        entries[0].payload = nil
        entries[2].payload = nil
        let verdict = verify(entries)
        #expect(verdict.isGenuine)
        #expect(verdict.sealed.map(\.seq) == [0, 2])
    }

    @Test func `the same erasure recorded twice seals once`() {
        var chain = Self.erased()
        chain.addErasure(of: chain.hashes[1])
        var entries = chain.stored
        entries[1].payload = nil
        let verdict = verify(entries)
        #expect(verdict.isGenuine)
        #expect(verdict.sealed.map(\.seq) == [1])
    }

    @Test func `a record must come later than what it erases`() {
        // Nobody can name a hash before it exists: the record names some hash, and the entry has another.
        var chain = TestChain()
        chain.addErasure(of: SHA256.hash("not yet".utf8))
        chain.add()
        #expect(verify(chain.stored).failures == "erasure@0")
    }

    @Test func `a record that names no entry at all is found`() {
        for data in [[:], ["entry": "x"], ["entry": 1]] as [JSON] {
            var chain = TestChain()
            chain.add()
            chain.add("payload.erased", data)
            #expect(verify(chain.stored).failures == "erasure@1")
        }
    }

    @Test func `a record cannot name itself`() {
        var chain = TestChain()
        chain.addErasure(of: .zero)
        #expect(verify(chain.stored).failures == "erasure@0")
    }

    @Test func `a sealed entry can still be corrected, and the chain goes on`() {
        var chain = Self.erased()
        chain.add("entry.retracted", ["reason": "内容已删除"], corrects: chain.hashes[1])
        chain.add()
        var entries = chain.stored
        entries[1].payload = nil
        let verdict = verify(entries)
        #expect(verdict.isGenuine)
        #expect(verdict.count == 6)
        #expect(verdict.sealed.map(\.seq) == [1])
    }

    @Test func `an entry that stands there twice is sealed twice and still not genuine`() {
        let chain = Self.erased()
        var entries = chain.stored
        entries[1].payload = nil
        entries.insert(entries[1], at: 2)
        let verdict = verify(entries)
        #expect(verdict.failures == "sequence@2 link@2 reference@2")
        #expect(verdict.sealed.map(\.seq) == [1, 2])
    }

    @Test func `the first of several faults is named, whichever was noticed first`() {
        var chain = TestChain()
        chain.add()
        chain.addErasure(of: .zero)
        var entries = chain.stored
        #expect(verify(entries).failures == "erasure@1")
        entries[0].payload = nil
        #expect(verify(entries).failures == "erasure@0")
    }

    @Test func `an erased record no longer tells what was erased`() {
        var chain = Self.erased()
        chain.addErasure(of: chain.hashes[3])
        var entries = chain.stored
        entries[1].payload = nil
        entries[3].payload = nil
        let verdict = verify(entries)
        #expect(verdict.failures == "erasure@1")
        #expect(verdict.sealed.map(\.seq) == [3])
    }

    @Test func `an altered record erases nothing`() {
        let chain = Self.erased()
        var entries = chain.stored
        entries[0].payload = nil
        entries[3].payload = replacing(
            chain.hashes[1].hex,
            with: chain.hashes[0].hex,
            in: chain.entries[3].payloadBytes
        )
        #expect(verify(entries).failures == "payload@3 erasure@0")
    }

    @Test func `a record of another kind erases nothing`() {
        var chain = TestChain()
        chain.add()
        chain.add("payload.erase", ["entry": JSON(chain.hashes[0].hex)])
        var entries = chain.stored
        entries[0].payload = nil
        #expect(verify(entries).failures == "erasure@0")
    }

    @Test func `a sealed entry's signature is neither for nor against`() {
        var chain = TestChain()
        chain.add(isSigned: true)
        chain.addErasure(of: chain.hashes[0])
        var entries = chain.stored
        #expect(verify(entries).signatureCount == 1)
        entries[0].payload = nil
        let verdict = verify(entries)
        #expect(verdict.isGenuine)
        #expect(verdict.signatureCount == 0)
    }

    @Test func `what is left of a sealed entry is still bound by the chain`() {
        let chain = Self.erased()
        for place in chain.entries[1].envelopeBytes.indices {
            var entries = chain.stored
            entries[1].payload = nil
            entries[1].envelope[place] ^= 1 << UInt8(place % 8)
            #expect(verify(entries).firstBadEntry?.seq == 1)
        }
    }
}

extension TestChain {
    @discardableResult
    mutating func addErasure(of hash: Digest) -> Entry {
        add("payload.erased", ["entry": JSON(hash.hex), "ground": "pipl_47"])
    }
}
