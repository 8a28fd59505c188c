import Core
import Cryptography
import Testing

@testable import Ledger

struct ChainCorrectionTests {
    let chain = TestChain.sample()

    @Test func `a retraction of an earlier entry is fine`() {
        var chain = chain
        chain.add("entry.retracted", ["reason": "重复"], corrects: chain.hashes[2])
        chain.add("entry.retracted", ["reason": "重复"], corrects: chain.hashes[5])
        #expect(verify(chain.stored).isGenuine)
    }

    @Test func `a correction of an entry that is not in the chain is found`() {
        var chain = TestChain()
        chain.add()
        chain.add("entry.corrected", corrects: SHA256.hash([]))
        #expect(verify(chain.stored).failures == "correction@1")
    }

    @Test func `a correction of an entry that comes later is found`() {
        var later = TestChain.sample()
        let target = later.add().hash
        var chain = TestChain()
        chain.add("entry.corrected", corrects: target)
        #expect(verify(chain.stored).failures == "correction@0")
    }

    @Test func `a correction that names nothing is found`() {
        #expect(verify(ChainVerifierTests.forged { $0.kind = .entryRetracted }).failures == "correction@2")
    }

    @Test func `another kind that names an entry is found`() {
        let chain = chain
        #expect(verify(ChainVerifierTests.forged { $0.corrects = chain.hashes[0] }).failures == "correction@2")
    }
}
