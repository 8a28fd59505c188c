import Core
import HTTPTypes
import Identity
import Listings
import Storage
import Web

// MARK: - The stock, with its ageing

extension PageService {
    var stockEndpoints: [Endpoint] {
        [
            page(
                "/dealer",
                query: ["status", "band", "sort", "page", "done"],
                authorize: api.rule("GET /v1/organizations/{id}/listings"),
                showStock
            )
        ]
    }

    private func showStock(_ call: Call) async throws -> Reply {
        let choice = StockChoice(call.query)
        let principal = try call.requirePrincipal()
        var sheet = Sheet(call, .stock)
        sheet.organization = try await organizationName(call)
        let cars = try await database.read { tx in
            // Whoever belongs to no organisation has no stock.
            guard let dealer = OrganizationID(principal.organization) else { return [StockCar]() }
            return try StockOverview.cars(tx, of: dealer, isSold: choice.status == .sold)
        }
        let counted = cars.filter { choice.status == nil || $0.status == choice.status }
        let found = counted.filter { choice.band == nil || $0.band == choice.band }.sorted(by: choice.sort.precedes)
        let shown = Array(found.dropFirst((choice.page - 1) * StockChoice.carsPerPage).prefix(StockChoice.carsPerPage))
        let tags = try await entityTags(of: shown)
        let view = StockView(
            sheet: sheet,
            choice: choice,
            counts: StockCounts(counted),
            cars: shown,
            foundCount: found.count,
            tags: tags,
            mayChange: api.rule("POST /v1/listings/{id}/publish")(principal) == .allowed,
            isCutShort: cars.count >= StockOverview.maximumCars,
            lines: cars.first?.lines ?? .usual,
            done: call.query["done"]
        )
        return sheet.reply(sheet.say("库存", "Stock")) { view.write(&$0) }
    }

    /// What a button on the list changes is what the list showed.
    private func entityTags(of cars: [StockCar]) async throws -> [ListingID: String] {
        try await database.read { tx in
            try cars.reduce(into: [:]) { tags, car in
                tags[car.id] = try Listings.get(tx, car.id) { _ in true }.entityTag
            }
        }
    }

    /// `nil` for a buyer.
    func organizationName(_ call: Call) async throws -> String? {
        try await api.ask("GET /v1/me", call).json()["organization"]?.text("name")
    }
}

/// Which cars are asked for, and in which order. What cannot be read is taken for what is shown without it: an old
/// bookmark still leads to the stock.
struct StockChoice: Hashable {
    enum Sort: String, CaseIterable {
        case days
        case newest
        case price
        case cheapest

        /// Ties are broken by the identifier, so that pages neither skip nor repeat a car.
        func precedes(_ left: StockCar, _ right: StockCar) -> Bool {
            switch self {
            case .days where left.days != right.days: left.days > right.days
            case .newest where left.days != right.days: left.days < right.days
            case .price where left.price != right.price: left.price > right.price
            case .cheapest where left.price != right.price: left.price < right.price
            default: left.id.text > right.id.text
            }
        }
    }

    static let carsPerPage = 50
    private static let lastPage = StockOverview.maximumCars / carsPerPage

    /// `nil` for all that is not sold.
    var status: ListingStatus?
    var band: StockBand?
    var sort = Sort.days
    /// From 1.
    var page = 1

    init(_ query: [String: String]) {
        status = query["status"].flatMap(ListingStatus.init(rawValue:))
        band = query["band"].flatMap(StockBand.init(rawValue:))
        sort = query["sort"].flatMap(Sort.init(rawValue:)) ?? .days
        page = max(1, min(StockChoice.lastPage, query["page"].flatMap { Int($0) } ?? 1))
    }

    /// The path that asks for it.
    var path: String {
        let members = [
            status.map { "status=\($0.rawValue)" }, band.map { "band=\($0.rawValue)" },
            sort == .days ? nil : "sort=\(sort.rawValue)", page == 1 ? nil : "page=\(page)",
        ].compactMap { $0 }
        return "/dealer" + (members.isEmpty ? "" : "?" + members.joined(separator: "&"))
    }

    func with(_ change: (inout StockChoice) -> Void) -> StockChoice {
        var copy = self
        copy.page = 1
        change(&copy)
        return copy
    }
}

/// How many cars there are of each band.
struct StockCounts: Hashable {
    private let counts: [StockBand: Int]
    let all: Int
    /// Together, in fen, of those that are overdue.
    let overdueValue: Money

    init(_ cars: [StockCar]) {
        counts = cars.reduce(into: [:]) { $0[$1.band, default: 0] += 1 }
        all = cars.count
        overdueValue = cars.filter { $0.band == .overdue }
            .reduce(Money.zero) { sum, car in (try? sum.adding(car.price)) ?? sum }
    }

    subscript(band: StockBand) -> Int { counts[band] ?? 0 }

    /// Where each band begins and how wide it is, in thousandths; together they are a thousand.
    var bars: [(band: StockBand, start: Int, width: Int)] {
        guard all > 0 else { return [] }
        var before = 0
        return StockBand.allCases.map { band in
            let start = before * 1000 / all
            before += self[band]
            return (band, start, before * 1000 / all - start)
        }
    }
}
