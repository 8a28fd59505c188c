package import Core

/// What a buyer looks for. What is left out does not matter.
package struct SearchQuery: Sendable, Hashable {
    package enum Sort: String, Sendable, Hashable, CaseIterable {
        case relevance
        case newest
        case priceAscending = "price_asc"
        case priceDescending = "price_desc"
        case odometerAscending = "odometer_asc"
        case yearDescending = "year_desc"
    }

    package var text: String?
    /// One of these, for each dimension; of features, all.
    package var values: [SearchDimension: [String]] = [:]
    /// For dimensions whose values are numbers.
    package var ranges: [SearchDimension: ClosedRange<Int64>] = [:]
    package var totalFen: ClosedRange<Int64>?
    package var odometerKm: ClosedRange<Int64>?
    package var sort = Sort.newest
    package var limit = 20
    /// The rank of the last listing that was seen.
    package var after: SearchRank?
    package var facets: [SearchDimension] = []

    package init() {}
}

/// What comes of it.
package struct SearchResult: Sendable, Hashable {
    /// In order, up to the limit.
    package var ranks: [SearchRank]
    /// Whether there is one behind them.
    package var hasMore: Bool
    /// How many there are on all pages.
    package var total: Int
    package var facets: [SearchFacet]
}

/// How many listings there would be with each value of a dimension, if nothing else were changed.
package struct SearchFacet: Sendable, Hashable {
    /// The most common values; a page of search results is no catalogue.
    static let maximumValues = 100

    package let dimension: SearchDimension
    package let counts: [Count]

    package struct Count: Sendable, Hashable {
        package let value: String
        package let count: Int
    }

    /// The most common first, then by the value.
    init(_ dimension: SearchDimension, _ counts: [Count]) {
        self.dimension = dimension
        let sorted = counts.filter { $0.count > 0 }.sorted { ($1.count, $0.value) < ($0.count, $1.value) }
        self.counts = Array(sorted.prefix(SearchFacet.maximumValues))
    }
}

/// Where a listing stands among others. It depends on nothing but the listing and the query, so a page goes on behind
/// it, whatever came or went meanwhile.
package struct SearchRank: Sendable, Hashable, Comparable {
    package let first: Int64
    package let second: Int64
    package let id: ListingID.Number

    package init(first: Int64, second: Int64, id: ListingID.Number) {
        self.first = first
        self.second = second
        self.id = id
    }

    /// Of those that are equal otherwise, the newest comes first.
    package static func < (left: SearchRank, right: SearchRank) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        return left.id > right.id
    }

    /// As it stands in a cursor.
    package var text: String { "\(first) \(second) \(id)" }

    package init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let first = Int64(parts[0]), let second = Int64(parts[1]),
            let id = ListingID.Number(parts[2])
        else { return nil }
        self.init(first: first, second: second, id: id)
    }
}
