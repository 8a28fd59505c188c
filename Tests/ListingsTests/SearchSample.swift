import Core
import Support

@testable import Listings

/// A small market with few different values, so that filters often meet.
struct SearchSample {
    static let makes = ["比亚迪", "大众", "Tesla"]
    static let words = ["白色", "朗逸", "秦", "精品", "plus", "dm-i", "2021", "model", "3", "原版", "原漆"]

    private(set) var entries: [ListingID: SearchEntry] = [:]
    /// Their keys, which a dictionary gives in another order each time.
    private var order: [ListingID] = []
    private var random: SeededRandom
    private var published = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...(elements.count - 1))] }

    /// - Returns: a listing that is new.
    mutating func add() -> SearchEntry {
        published += 1
        let id = ListingID(at: Instant(milliseconds: 1_700_000_000_000 + Int64(published)), using: &random)
        order.append(id)
        return put(id, version: 1)
    }

    /// - Returns: a listing as it has become.
    mutating func change() -> SearchEntry? {
        guard let old = anyEntry() else { return nil }
        return put(old.id, version: old.version + 1)
    }

    mutating func remove() -> ListingID? {
        guard let old = anyEntry() else { return nil }
        entries[old.id] = nil
        order.removeAll { $0 == old.id }
        return old.id
    }

    private mutating func anyEntry() -> SearchEntry? {
        order.isEmpty ? nil : entries[pick(order)]
    }

    private mutating func put(_ id: ListingID, version: Int64) -> SearchEntry {
        var values: [SearchDimension: [String]] = [
            .make: [pick(SearchSample.makes)], .status: [pick(["published", "published", "reserved"])],
            .dealer: [pick(["org_A", "org_B"])],
            .features: ["sunroof", "turbo", "navigation"].filter { _ in number(0...1) == 0 },
        ]
        if number(0...3) > 0 { values[.color] = [pick(["白色", "黑色"])] }
        if number(0...2) > 0 { values[.grade] = ["\(number(1...5))"] }
        values[.year] = ["\(number(2018...2022))"]
        let entry = SearchEntry(
            id: id,
            version: version,
            values: values,
            totalFen: Int64(number(1...6)) * 1_000_000,
            odometerKm: Int64(number(0...5)) * 10_000,
            registeredDay: number(0...4) == 0 ? nil : Int64(number(17_000...17_010)),
            publishedAt: Instant(milliseconds: 1_700_000_000_000 + Int64(number(0...20))),
            head: [(0..<number(1...3)).map { _ in pick(SearchSample.words) }.joined(separator: " ")],
            body: number(0...1) == 0 ? [] : [(0..<number(1...3)).map { _ in pick(SearchSample.words) }.joined()]
        )
        entries[id] = entry
        return entry
    }

    mutating func query() -> SearchQuery {
        var query = SearchQuery()
        if number(0...2) == 0 { query.text = pick(["白色", "朗逸", "色", "plus", "pl", "20", "3", "原版原漆", "朗逸 plus", "秦"]) }
        if number(0...1) == 0 { query.values[.make] = Array(SearchSample.makes.prefix(number(1...2))) }
        if number(0...2) == 0 { query.values[.color] = [pick(["白色", "绿色"])] }
        if number(0...2) == 0 { query.values[.features] = Array(["turbo", "sunroof"].prefix(number(1...2))) }
        if number(0...1) == 0 { query.values[.status] = ["published"] }
        if number(0...4) == 0 { query.values[.dealer] = ["org_A"] }
        if number(0...3) == 0 { query.ranges[.grade] = 2...Int64(number(2...5)) }
        if number(0...3) == 0 { query.ranges[.year] = 2019...2021 }
        if number(0...2) == 0 { query.totalFen = 2_000_000...5_000_000 }
        if number(0...2) == 0 { query.odometerKm = 10_000...30_000 }
        query.sort = pick(SearchQuery.Sort.allCases)
        query.limit = number(1...20)
        query.facets = number(0...1) == 0 ? SearchDimension.facets : [.color]
        return query
    }
}

/// The same answers by looking at every listing, one after the other.
struct NaiveSearch {
    let entries: [SearchEntry]

    func search(_ query: SearchQuery) -> SearchResult {
        let found = entries.filter { passes($0, query, except: nil) }
        var ranks = found.map { rank($0, query) }.sorted()
        if let after = query.after { ranks.removeAll { $0 <= after } }
        return SearchResult(
            ranks: Array(ranks.prefix(query.limit)),
            hasMore: ranks.count > query.limit,
            total: found.count,
            facets: query.facets.map { dimension in
                let own = dimension == .features ? nil : dimension
                let values = entries.filter { passes($0, query, except: own) }.flatMap { $0.values[dimension] ?? [] }
                let counts = Dictionary(grouping: values) { $0 }.map { SearchFacet.Count(value: $0, count: $1.count) }
                return SearchFacet(dimension, counts)
            }
        )
    }

    private func passes(_ entry: SearchEntry, _ query: SearchQuery, except skipped: SearchDimension?) -> Bool {
        let byValue = query.values.allSatisfy { dimension, wanted in
            let own = entry.values[dimension] ?? []
            if dimension == skipped { return true }
            return dimension == .features ? wanted.allSatisfy(own.contains) : wanted.contains(where: own.contains)
        }
        let byRange = query.ranges.allSatisfy { dimension, range in
            dimension == skipped || (entry.values[dimension] ?? []).contains { range.contains(Int64($0) ?? 0) }
        }
        return byValue && byRange && query.totalFen?.contains(entry.totalFen) != false
            && query.odometerKm?.contains(entry.odometerKm) != false
            && words(query).allSatisfy { has($0, entry.head + entry.body) }
    }

    private func words(_ query: SearchQuery) -> [String] {
        query.text?.split(separator: " ").map(String.init) ?? []
    }

    /// For the words of `SearchSample.query` alone. Two words that count as one, too, begin as their first does.
    private func has(_ word: String, _ texts: [String]) -> Bool {
        if word == "原版原漆" { return has("原版", texts) && has("原漆", texts) }
        guard word.first?.isASCII == true else { return texts.contains { $0.contains(word) } }
        let parts = texts.flatMap { text in text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) } }
        return parts.contains { word.count == 1 ? $0 == word : $0.hasPrefix(word) }
    }

    private func rank(_ entry: SearchEntry, _ query: SearchQuery) -> SearchRank {
        let score = query.sort == .relevance ? words(query).count { has($0, entry.head) } : 0
        let newest = -1 - entry.publishedAt.microseconds
        let isScored = query.sort == .relevance && query.text != nil
        let key: Int64 =
            switch query.sort {
            case .relevance: isScored ? Int64(-score) : newest
            case .newest: newest
            case .priceAscending: entry.totalFen
            case .priceDescending: -1 - entry.totalFen
            case .odometerAscending: entry.odometerKm
            case .yearDescending: ~(entry.registeredDay ?? .min)
            }
        return SearchRank(first: key, second: isScored ? newest : 0, id: entry.id.number)
    }
}
