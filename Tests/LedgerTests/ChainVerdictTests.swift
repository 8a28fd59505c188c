import Core
import Cryptography
import Testing

@testable import Ledger

struct ChainVerdictTests {
    let chain = TestChain.sample()

    @Test(arguments: ChainCheck.allCases)
    func `every check has its own words in both languages`(check: ChainCheck) {
        let texts = ChainCheck.allCases.flatMap { [$0.passed.zh, $0.passed.en, $0.failed.zh, $0.failed.en] }
        #expect(Set(texts).count == texts.count)
        for text in [check.passed, check.failed] {
            #expect(text.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
            #expect(text.en.utf8.allSatisfy { $0 < 0x80 })
        }
    }

    @Test func `a verdict has every check, in order, passed or not`() {
        for entries in [chain.stored, ChainVerifierTests.forged { $0.seq = 9 }, []] {
            #expect(verify(entries).checks.map(\.check) == ChainCheck.allCases)
        }
        #expect(
            ChainCheck.allCases.map(\.rawValue).joined(separator: " ")
                == "encoding vehicle log sequence link hash time payload signature reference correction erasure"
        )
    }

    @Test func `a failed check names the entry and its hash in both languages`() {
        var entries = chain.stored
        entries[3].payload = Array("{}".utf8)
        let check = verify(entries)[.payload]!
        #expect(!check.passed)
        #expect(check.place == EntryPlace(seq: 3, hash: chain.hashes[3]))
        for text in [check.detail.zh, check.detail.en] {
            #expect(text.contains("seq 3"))
            #expect(text.contains(chain.hashes[3].hex))
        }
        #expect(check.detail.zh.contains(ChainCheck.payload.failed.zh))
        #expect(check.detail.en.contains(ChainCheck.payload.failed.en))
    }

    @Test func `the summary says genuine, or names the first bad entry of all checks`() {
        #expect(verify(chain.stored).summary.en.hasPrefix("Genuine"))
        #expect(verify(chain.stored).summary.zh.hasPrefix("真实"))
        var entries = chain.stored
        entries[1].payload = []
        entries[3].hash = .zero
        let verdict = verify(entries)
        #expect(verdict.failures == "hash@3 payload@1 signature@1")
        #expect(verdict.firstBadEntry == EntryPlace(seq: 1, hash: chain.hashes[1]))
        #expect(verdict.summary.en.hasPrefix("Altered"))
        #expect(verdict.summary.zh.contains(chain.hashes[1].hex))
    }
}
