import Core
import Cryptography
import Testing

@testable import Ledger

/// Every byte of a stored chain, changed in turn.
struct ChainMutationTests {
    static let chain = TestChain.sample()

    @Test(arguments: chain.entries.indices)
    func `a changed byte of an envelope is located`(index: Int) {
        for place in Self.chain.entries[index].envelopeBytes.indices {
            var entries = Self.chain.stored
            entries[index].envelope[place] ^= 1 << UInt8(place % 8)
            let verdict = verify(entries)
            #expect(verdict.firstBadEntry == EntryPlace(seq: index, hash: Self.chain.hashes[index]), "byte \(place)")
            #expect(verdict[.hash]?.place?.seq == index)
            if index + 1 < entries.count { #expect(verdict[.link]?.place != nil) }
        }
    }

    @Test(arguments: chain.entries.indices)
    func `a changed byte of an envelope shows without stored hashes, too`(index: Int) {
        for place in Self.chain.entries[index].envelopeBytes.indices {
            var entries = Self.chain.storedWithoutHashes
            entries[index].envelope[place] ^= 1 << UInt8((place + 3) % 8)
            let verdict = verify(entries)
            #expect(verdict.head != Self.chain.head?.hash || !verdict.isGenuine)
            if index + 1 < entries.count {
                // Where the change leaves a well-formed entry, it is the next one that no longer follows from it.
                #expect([index, index + 1].contains(verdict.firstBadEntry?.seq), "byte \(place)")
            }
        }
    }

    @Test(arguments: chain.entries.indices)
    func `a changed byte of a payload is located`(index: Int) {
        for place in Self.chain.entries[index].payloadBytes.indices {
            var entries = Self.chain.stored
            entries[index].payload![place] ^= 1 << UInt8(place % 8)
            let verdict = verify(entries)
            #expect(verdict[.payload]?.place?.seq == index, "byte \(place)")
            #expect(verdict.firstBadEntry?.seq == index)
            #expect(verdict[.hash]?.passed == true)
            #expect(verdict[.link]?.passed == true)
        }
    }

    @Test(arguments: chain.entries.indices)
    func `a changed byte of a stored hash is located`(index: Int) {
        for place in 0..<Digest.byteCount {
            var bytes = Self.chain.hashes[index].bytes
            bytes[place] ^= 1 << UInt8(place % 8)
            var entries = Self.chain.stored
            entries[index].hash = Digest(bytes: bytes)
            #expect(verify(entries).failures == "hash@\(index)")
        }
    }

    @Test(arguments: chain.entries.indices)
    func `an envelope or payload cut short is located`(index: Int) {
        for count in [0, 1, 100] {
            var entries = Self.chain.stored
            entries[index].envelope.removeLast(entries[index].envelope.count - count)
            #expect(verify(entries).firstBadEntry?.seq == index)
            entries = Self.chain.stored
            entries[index].payload!.removeLast()
            #expect(verify(entries).firstBadEntry?.seq == index)
        }
    }
}
