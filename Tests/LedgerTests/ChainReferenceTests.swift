import Core
import Cryptography
import Testing

@testable import Ledger

struct ChainReferenceTests {
    @Test func `two sources may use the same reference`() {
        var chain = TestChain()
        chain.add(ref: "1")
        chain.add(ref: "1", source: TestChain.insurer)
        #expect(verify(chain.stored).isGenuine)
    }

    @Test func `sources whose ids end alike may use the same reference`() {
        var chain = TestChain()
        chain.add(ref: "1", source: "org_a_12345678")
        chain.add(ref: "1", source: "org_b_12345678")
        chain.add(ref: "2", source: "org_a_12345678")
        #expect(verify(chain.stored).isGenuine)
        chain.add(ref: "1", source: "org_b_12345678")
        #expect(verify(chain.stored).failures == "reference@3")
    }

    @Test func `the first repetition is named, not the first use`() {
        var chain = TestChain()
        for ref in ["1", "2", "3", "2", "1"] { chain.add(ref: ref) }
        #expect(verify(chain.stored).failures == "reference@3")
    }

    @Test func `source and reference cannot be told apart wrongly`() {
        var chain = TestChain()
        chain.add(ref: "b\"c", source: "a")
        chain.add(ref: "c", source: "a\"b")
        chain.add(ref: "c", source: "ab")
        chain.add(ref: "bc", source: "a")
        #expect(verify(chain.stored).isGenuine)
    }

    @Test func `references that only look alike are different`() {
        var chain = TestChain()
        chain.add(ref: "caf\u{E9}")
        chain.add(ref: "cafe\u{301}")
        #expect(verify(chain.stored).isGenuine)
    }
}
