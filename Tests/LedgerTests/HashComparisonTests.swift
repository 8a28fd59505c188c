import Core
import Cryptography
import Ledger
import Testing

struct HashComparisonTests {
    /// One letter for one hash; `-` for no list or no chain.
    static let table = """
        claimed  chain  verdict
        -        -      unknown
        a        -      unknown
        abc      -      unknown
        -        a      incomplete 1
        -        abc    incomplete 3
        a        abc    incomplete 2
        ab       abc    incomplete 1
        abc      abc    genuine
        a        a      genuine
        x        a      altered 0
        xbc      abc    altered 0
        axc      abc    altered 1
        abx      abc    altered 2
        ax       abc    altered 1
        acb      abc    altered 1
        bc       abc    altered 0
        ac       abc    altered 1
        abcd     abc    altered 3
        abca     abc    altered 3
        aa       a      altered 1
        """

    static func digests(_ letters: Substring) -> [Digest] {
        letters == "-" ? [] : letters.map { SHA256.hash(String($0).utf8) }
    }

    static func text(_ comparison: HashComparison) -> String {
        switch comparison {
        case .genuine, .unknown: comparison.name
        case .incomplete(let missingCount): "\(comparison.name) \(missingCount)"
        case .altered(let place): "\(comparison.name) \(place)"
        }
    }

    @Test(arguments: table.split(separator: "\n").dropFirst())
    func `judges a list of hashes`(row: Substring) {
        let columns = row.split(separator: " ", maxSplits: 2)
        let expected = columns[2].drop { $0 == " " }
        let comparison = HashComparison(claimed: Self.digests(columns[0]), chain: Self.digests(columns[1]))
        #expect(Self.text(comparison) == expected)
    }

    @Test func `agrees with a chain and every beginning of it`() {
        let hashes = TestChain.sample().hashes
        #expect(HashComparison(claimed: hashes, chain: hashes) == .genuine)
        for count in 0..<hashes.count {
            let comparison = HashComparison(claimed: Array(hashes.prefix(count)), chain: hashes)
            #expect(comparison == .incomplete(missingCount: hashes.count - count))
        }
    }

    @Test func `finds a flipped bit in any hash`() {
        let hashes = TestChain.sample().hashes
        for place in hashes.indices {
            var bytes = hashes[place].bytes
            bytes[place] ^= 1
            var claimed = hashes
            claimed[place] = Digest(bytes: bytes)!
            #expect(HashComparison(claimed: claimed, chain: hashes) == .altered(at: place))
        }
    }

    @Test func `explains itself in both languages`() {
        let comparisons: [HashComparison] = [.genuine, .incomplete(missingCount: 7), .altered(at: 7), .unknown]
        #expect(Set(comparisons.map(\.explanation)).count == 4)
        for comparison in comparisons[1...2] {
            #expect(comparison.explanation.zh.contains("7"))
            #expect(comparison.explanation.en.contains("7"))
        }
        #expect(comparisons.map(\.name) == ["genuine", "incomplete", "altered", "unknown"])
    }
}
