import Listings
import Support

/// Searching a million listings, against nothing but looking at one column of them.
struct SearchBenchmark {
    /// What a search may take, in milliseconds: half of the searches, and all but one in a hundred.
    static let medianMilliseconds = 9.9
    static let slowestMilliseconds = 50.0
    private static let searches = 400

    let cars: Int

    func run(_ table: inout Table) async throws {
        let clock = ContinuousClock()
        var (index, load) = (ListingIndex(), SearchLoad(seed: 1))
        let before = Program.ownResidentBytes
        let filling = clock.measure { for number in 0..<cars { index.put(load.entry(number)) } }
        let bytes = Program.ownResidentBytes - before
        table.add(
            "R20 fill an index of \(cars) listings",
            rounded(filling.seconds, 0) + " s, \(bytes / cars) bytes a listing",
            "-",
            "-",
            "≤ 1024 bytes"
        )
        var random = SeededRandom(seed: 2)
        for (name, query) in Self.queries {
            let times = (0..<Self.searches / Self.queries.count).map { _ in
                var asked = query
                asked.limit = Int.random(in: 10...30, using: &random)
                return clock.measure { _ = index.search(asked) }.seconds * 1000
            }.sorted()
            let slowest = times[times.count * 99 / 100]
            table.add(
                "R21 \(name): \(index.search(query).total) found",
                "p50 " + rounded(times.median, 2) + " ms, p99 " + rounded(slowest, 2) + " ms",
                "-",
                "-",
                "≤ \(Self.medianMilliseconds) ms, ≤ \(Self.slowestMilliseconds) ms"
            )
        }
    }

    static let queries: [(String, SearchQuery)] = [
        ("everything, with every count", query { $0.facets = SearchDimension.facets }),
        (
            "a make, with every count",
            query {
                $0.values[.make] = ["大众"]
                $0.facets = SearchDimension.facets
            }
        ),
        (
            "make, energy, place and price, with every count",
            query {
                $0.values[.make] = ["比亚迪", "特斯拉"]
                $0.values[.energy] = ["battery", "plug_in_hybrid"]
                $0.values[.province] = ["CN-BJ", "CN-TJ", "CN-HE"]
                $0.totalFen = 5_000_000...20_000_000
                $0.facets = SearchDimension.facets
            }
        ),
        (
            "half of the market, with every count",
            query {
                $0.totalFen = 0...10_000_000
                $0.sort = .priceAscending
                $0.facets = SearchDimension.facets
            }
        ),
        (
            "text of two words, by relevance",
            query {
                $0.text = "白色 大众"
                $0.sort = .relevance
            }
        ),
        (
            "text that few have",
            query {
                $0.text = "尾号 123456"
                $0.sort = .relevance
            }
        ),
        (
            "the beginning of a word",
            query {
                $0.text = "20"
                $0.sort = .priceAscending
            }
        ),
        (
            "features, grade and odometer, by year, with every count",
            query {
                $0.values[.features] = ["sunroof", "adaptive_cruise"]
                $0.ranges[.grade] = 1...2
                $0.odometerKm = 0...80_000
                $0.sort = .yearDescending
                $0.facets = SearchDimension.facets
            }
        ),
    ]

    private static func query(_ change: (inout SearchQuery) -> Void) -> SearchQuery {
        var query = SearchQuery()
        query.values[.status] = ["published"]
        change(&query)
        return query
    }
}
