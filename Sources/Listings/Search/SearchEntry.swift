package import Core

/// What a listing is found by, sorted by and counted under.
package enum SearchDimension: Int, Sendable, Hashable, CaseIterable {
    case make
    case series
    case energy
    case province
    case city
    case gearbox
    case color
    case emissionStage
    case grade
    case year
    case features
    case status
    case dealer

    private static let names = [
        "make", "series", "energy", "province", "city", "gearbox", "color", "emission_stage", "grade", "year",
        "features", "status", "dealer",
    ]

    /// As the API calls it.
    package var name: String { SearchDimension.names[rawValue] }

    /// Those that answers count by. Of features a car has several, of all others one at most.
    package static let facets: [SearchDimension] = [
        .make, .series, .energy, .province, .city, .gearbox, .color, .emissionStage, .grade, .year, .features,
    ]

    /// Those of which a listing has one value at most, each with a column.
    static let columns: [SearchDimension] = facets.filter { $0 != .features }
}

/// What the index knows of one listing.
package struct SearchEntry: Sendable, Hashable {
    package let id: ListingID
    package let version: Int64
    /// By dimension; what it does not have is not there.
    package var values: [SearchDimension: [String]]
    package var totalFen: Int64
    package var odometerKm: Int64
    /// Days since 1970 of the first registration, by which the youngest come first.
    package var registeredDay: Int64?
    package var publishedAt: Instant
    /// What sort of car it is, in every word that it goes by, and its title.
    package var head: [String]
    /// The description.
    package var body: [String]

    package init(
        id: ListingID,
        version: Int64,
        values: [SearchDimension: [String]],
        totalFen: Int64,
        odometerKm: Int64,
        registeredDay: Int64?,
        publishedAt: Instant,
        head: [String],
        body: [String]
    ) {
        self.id = id
        self.version = version
        self.values = values
        self.totalFen = totalFen
        self.odometerKm = odometerKm
        self.registeredDay = registeredDay
        self.publishedAt = publishedAt
        self.head = head
        self.body = body
    }
}
