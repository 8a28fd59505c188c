import Core

extension ListingIndex {
    package func search(_ query: SearchQuery) -> SearchResult {
        let matches = matches(query)
        var ranks = firstRanks(matches.all, query, count: query.limit + 1)
        let hasMore = ranks.count > query.limit
        if hasMore { ranks.removeLast() }
        return SearchResult(
            ranks: ranks,
            hasMore: hasMore,
            total: matches.all.count,
            facets: facets(matches, query.facets)
        )
    }

    // MARK: Order

    /// The first so many behind the query's position. A heap holds them, the last on top: nearly every row is settled
    /// by one comparison with that.
    private func firstRanks(_ rows: RowSet, _ query: SearchQuery, count: Int) -> [SearchRank] {
        let scores = query.sort == .relevance ? query.units.map { self.rows($0, in: [.head]) } : []
        let order = Order(query.sort)
        var heap = BoundedHeap(capacity: count)
        column(of: order).withUnsafeBufferPointer { keys in
            for step in rows.words.indices {
                let word = order.isBackwards ? rows.words.count &- 1 &- step : step
                var rest = rows.words[word]
                while rest != 0 {
                    let bit = order.isBackwards ? 63 &- rest.leadingZeroBitCount : rest.trailingZeroBitCount
                    rest ^= 1 << UInt64(bit)
                    let row = word &* RowSet.bits &+ bit
                    let key = keys[row] ^ order.complement
                    let first = scores.isEmpty ? key : ListingIndex.score(row, scores)
                    guard first <= heap.bound else { continue }
                    let rank = SearchRank(first: first, second: scores.isEmpty ? 0 : key, id: ids[row])
                    if let after = query.after, rank <= after { continue }
                    heap.offer(rank)
                }
            }
        }
        return heap.sorted
    }

    /// The more of the words stand in the title or say what sort of car it is, the smaller.
    private static func score(_ row: Int, _ units: [RowSet]) -> Int64 {
        units.reduce(0) { $0 - ($1.contains(UInt32(truncatingIfNeeded: row)) ? 1 : 0) }
    }

    /// How a column gives an ascending order.
    private struct Order {
        let sort: SearchQuery.Sort
        /// All bits where the column's largest is to come first: a complement never overflows, as a change of sign may.
        let complement: Int64
        /// Rows are filled in the order of time, or nearly so: whoever wants the newest begins at the end, and finds
        /// them at once.
        let isBackwards: Bool

        init(_ sort: SearchQuery.Sort) {
            self.sort = sort
            isBackwards = sort == .newest || sort == .relevance
            complement = sort == .priceAscending || sort == .odometerAscending ? 0 : -1
        }
    }

    private func column(of order: Order) -> [Int64] {
        switch order.sort {
        case .relevance, .newest: publishedAt
        case .priceAscending, .priceDescending: totalFen
        case .odometerAscending: odometerKm
        case .yearDescending: registeredDay
        }
    }

    // MARK: Counts

    private func facets(_ matches: SearchMatches, _ dimensions: [SearchDimension]) -> [SearchFacet] {
        guard !dimensions.isEmpty else { return [] }
        let shared = Counted(matches.all, in: self)
        return dimensions.map { dimension in
            let own = matches.withoutOwn[dimension].map { Counted($0, in: self) }
            return facet(dimension, own ?? shared)
        }
    }

    /// The rows to count. Where they are most of all there are, it is quicker to count the others, and to take those
    /// from the totals.
    private struct Counted {
        let rows: [UInt32]
        let areOthers: Bool

        init(_ set: RowSet, in index: ListingIndex) {
            areOthers = set.count * 2 > index.count
            rows = areOthers ? index.alive.subtracting(set).rows : set.rows
        }
    }

    private func facet(_ dimension: SearchDimension, _ counted: Counted) -> SearchFacet {
        let dictionary = dictionary(dimension)
        var counts = [Int](repeating: 0, count: max(dictionary.values.count, RowSet.bits))
        if dimension == .features {
            countFeatures(counted.rows, &counts)
        } else {
            column(dimension).withUnsafeBufferPointer { column in
                counts.withUnsafeMutableBufferPointer { counts in
                    for row in counted.rows { counts[Int(column[Int(row)])] &+= 1 }
                }
            }
        }
        return SearchFacet(
            dimension,
            dictionary.values.indices.dropFirst().map { code in
                let count = counts[dimension == .features ? code % RowSet.bits : code]
                let total = dictionary.totals[code]
                return SearchFacet.Count(
                    value: dictionary.values[code],
                    count: counted.areOthers ? total - count : count
                )
            }
        )
    }

    /// Counts how often each byte occurs at each place, and takes bytes apart at the end: a car has many features, and
    /// all of a byte are counted at once.
    private func countFeatures(_ rows: [UInt32], _ counts: inout [Int]) {
        var bytes = [Int](repeating: 0, count: 8 * 256)
        featureBits.withUnsafeBufferPointer { column in
            bytes.withUnsafeMutableBufferPointer { bytes in
                for row in rows {
                    var rest = column[Int(row)]
                    var place = 0
                    while rest != 0 {
                        bytes[place &+ Int(rest & 0xFF)] &+= 1
                        rest >>= 8
                        place &+= 256
                    }
                }
            }
        }
        for (place, count) in bytes.enumerated() where count > 0 {
            for bit in 0..<8 where place & 1 << bit != 0 { counts[place / 256 * 8 + bit] += count }
        }
    }
}

/// The smallest so many of what it is offered.
struct BoundedHeap {
    private let capacity: Int
    /// Every element is not smaller than the two below it: the largest is the first.
    private var elements: [SearchRank] = []

    init(capacity: Int) {
        self.capacity = capacity
        elements.reserveCapacity(capacity)
    }

    var sorted: [SearchRank] { elements.sorted() }

    /// What ranks behind it is not worth offering.
    private(set) var bound = Int64.max

    mutating func offer(_ rank: SearchRank) {
        if elements.count < capacity {
            elements.append(rank)
            rise(from: elements.count - 1)
        } else if let largest = elements.first, rank < largest {
            elements[0] = rank
            sink()
        }
        if elements.count == capacity { bound = elements[0].first }
    }

    private mutating func rise(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[parent] < elements[child] else { return }
            elements.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var largest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
                if elements[largest] < elements[child] { largest = child }
            }
            guard largest != parent else { return }
            elements.swapAt(parent, largest)
            parent = largest
        }
    }
}
