package import Core
package import Identity
package import Storage

/// One car of a dealer's stock: what is looked at across all of them.
package struct StockCar: Sendable, Hashable {
    package let id: ListingID
    package let vin: String
    package let title: String
    package let status: ListingStatus
    package let price: Money
    /// The dealer's own number for it.
    package let number: String?
    /// Since when he has had it: as he says, or else since he entered it.
    package let since: CalendarDate
    package let days: Int
    /// From when on its dealer wants to hear of it.
    package var lines = StockAlertDays.usual

    package var band: StockBand { StockBand(days: days, lines) }
}

/// How long a car has been standing about.
package enum StockBand: String, Sendable, Hashable, CaseIterable {
    case fresh
    case slow
    case overdue

    /// Money is tied up from here on (platform rule).
    package static let slowFromDays = 45
    /// It costs more to keep than it brings from here on (platform rule).
    package static let overdueFromDays = 75

    package init(days: Int, _ lines: StockAlertDays = .usual) {
        self = days >= lines.overdueFromDays ? .overdue : days >= lines.slowFromDays ? .slow : .fresh
    }
}

package enum StockOverview {
    /// The newest of a dealer's cars that are looked at together; yards with more are rare.
    package static let maximumCars = 5000

    /// The newest first.
    ///
    /// - Parameter isSold: those that are sold, or all others.
    package static func cars(
        _ tx: any Transaction,
        of dealer: OrganizationID,
        isSold: Bool
    ) throws -> [StockCar] {
        let lines = try StockAlertStore.find(tx, dealer.text)
        let rows = isSold ? try ListingStore.soldRows(tx, dealer.text) : try ListingStore.stockRows(tx, dealer.text)
        return try rows.map { try StockCar($0, on: tx.now.dateInChina, lines) }
    }
}

extension StockCar {
    /// Reads no more of the content than is shown: of thousands at a time, all of it takes too long.
    fileprivate init(_ row: Row, on today: CalendarDate, _ lines: StockAlertDays) throws {
        let content = try JSONParser.parse(Array(try row.text(2).utf8))
        guard let id = ListingID(try row.text(0)), let status = ListingStatus(rawValue: try row.text(3)),
            let title = content["title"]?.stringValue, let fen = content["price"]?["amount"]?.integerValue
        else { throw StoredDataError("a listing cannot be read") }
        let stock = content["stock"]
        let entered = Instant(microseconds: try row.integer(5)).dateInChina
        let since = stock?["since"]?.stringValue.flatMap { CalendarDate($0) } ?? entered
        let end = status == .sold ? Instant(microseconds: try row.integer(4)).dateInChina : today
        self.init(
            id: id,
            vin: try row.text(1),
            title: title,
            status: status,
            price: Money(fen: fen),
            number: stock?["number"]?.stringValue,
            since: since,
            days: max(0, end.daysSinceEpoch - since.daysSinceEpoch),
            lines: lines
        )
    }
}

extension ListingStore {
    /// In the order in which a row is read.
    private static let stockColumns: SQL = "id, vin, content, status, status_since, created_at"

    fileprivate static func stockRows(_ tx: any Transaction, _ dealer: String) throws -> [Row] {
        try tx.rows(
            """
            SELECT \(stockColumns)
            FROM listing
            WHERE dealer = \(dealer) AND status <> \(ListingStatus.sold.rawValue)
            ORDER BY id DESC
            LIMIT \(StockOverview.maximumCars)
            """
        )
    }

    fileprivate static func soldRows(_ tx: any Transaction, _ dealer: String) throws -> [Row] {
        try tx.rows(
            """
            SELECT \(stockColumns)
            FROM listing
            WHERE dealer = \(dealer) AND status = \(ListingStatus.sold.rawValue)
            ORDER BY id DESC
            LIMIT \(StockOverview.maximumCars)
            """
        )
    }
}
