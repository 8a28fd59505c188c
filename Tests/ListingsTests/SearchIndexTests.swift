import Core
import Support
import Testing

@testable import Listings

/// The index against a search that looks at every listing.
@Suite struct SearchIndexTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it finds, sorts and counts what a look at every listing does, while listings come, change and go`(
        seed: UInt64
    ) async {
        var (sample, index) = (SearchSample(seed: seed), ListingIndex())
        for round in 0..<12 {
            // Other tests share these threads, and some of them have clients that wait.
            await Task.yield()
            for _ in 0..<sample.number(5...60) { index.put(sample.add()) }
            for _ in 0..<sample.number(0...20) { sample.change().map { index.put($0) } }
            for _ in 0..<sample.number(0...40) { sample.remove().map { index.remove($0.number) } }
            let naive = NaiveSearch(entries: Array(sample.entries.values))
            #expect(index.count == sample.entries.count)
            for _ in 0..<15 {
                let query = sample.query()
                #expect(index.search(query) == naive.search(query), "seed \(seed), round \(round): \(query)")
            }
        }
    }

    @Test func `what was filled little by little answers as what was filled at once`() async {
        var (sample, grown, fresh) = (SearchSample(seed: 4), ListingIndex(), ListingIndex())
        // So much comes and goes that rows are used again several times.
        for step in 0..<3000 {
            if step.isMultiple(of: 100) { await Task.yield() }
            grown.put(sample.add())
            sample.change().map { grown.put($0) }
            if sample.entries.count > 100 { sample.remove().map { grown.remove($0.number) } }
        }
        #expect(grown.rowCount < 6000, "rows are used again")
        for entry in sample.entries.values { fresh.put(entry) }
        for _ in 0..<100 {
            let query = sample.query()
            #expect(grown.search(query) == fresh.search(query), "\(query)")
        }
    }

    @Test func `a listing that was there all the time is seen exactly once, whatever comes and goes`() async {
        var (sample, index) = (SearchSample(seed: 5), ListingIndex())
        for _ in 0..<100 { index.put(sample.add()) }
        for sort in SearchQuery.Sort.allCases {
            await Task.yield()
            let kept = Set(sample.entries.keys)
            var (gone, seen) = (Set<ListingID>(), [ListingID]())
            var query = SearchQuery()
            (query.sort, query.limit) = (sort, 7)
            while true {
                let result = index.search(query)
                seen += result.ranks.map { ListingID(number: $0.id) }
                guard result.hasMore else { break }
                query.after = result.ranks.last
                for _ in 0..<5 { index.put(sample.add()) }
                for _ in 0..<3 {
                    guard let id = sample.remove() else { continue }
                    index.remove(id.number)
                    gone.insert(id)
                }
            }
            #expect(Set(seen).count == seen.count, "\(sort): nothing twice")
            #expect(kept.subtracting(gone).isSubset(of: seen), "\(sort): nothing is left out")
        }
    }

    @Test func `what is older than what is known changes nothing`() {
        var (sample, index) = (SearchSample(seed: 6), ListingIndex())
        let old = sample.add()
        guard let new = sample.change() else { return }
        index.put(new)
        index.put(old)
        #expect(index.count == 1)
        #expect(index.version(of: new.id) == new.version)
    }

    @Test func `a rank is read back from a cursor as it was`() {
        let rank = SearchRank(first: .min, second: -7, id: ListingID(at: Instant(milliseconds: 1)).number)
        #expect(SearchRank(rank.text) == rank)
        for text in ["", "1 2", "1 2 3 4", "x 2 3", "1 2 -3"] { #expect(SearchRank(text) == nil, "\(text)") }
    }

    @Test func `an identifier is its number and back`() {
        var random = SeededRandom(seed: 7)
        let ids = (0..<200).map { ListingID(at: Instant(milliseconds: Int64($0 * 100_000)), using: &random) }
        for id in ids { #expect(ListingID(number: id.number) == id) }
        #expect(ids.sorted().map(\.number) == ids.map(\.number).sorted())
    }

    @Test func `a car's features fit the bits that count them`() {
        #expect(Feature.allCases.count <= RowSet.bits)
    }
}
