import Core
import Cryptography
package import Pricing
package import Storage

/// A sale, or an offer with its price, as it comes to the platform.
package struct NewSale: Sendable, Hashable {
    package let source: String
    package let sale: Sale

    package init(source: String, sale: Sale) {
        self.source = source
        self.sale = sale
    }

    /// The platform's own dealers.
    package static let ownSource = "own"

    /// What makes it the same sale when it is sent again.
    var digest: Digest {
        let parts = [
            source, sale.kind.rawValue, "\(sale.vehicle)", "\(sale.priceFen)", sale.soldOn.description, carText,
        ]
        return SHA256.hash(Array(parts.joined(separator: "\n").utf8))
    }

    var carText: String { String(decoding: sale.car.statement.canonicalBytes, as: UTF8.self) }
}

/// The sales that estimates compare with. They are only ever added, in an order that instances follow.
package enum KnownSales {
    /// How many are added in one transaction.
    package static let perBatch = 500

    /// - Returns: for each whether it is new.
    package static func add(_ tx: any Transaction, _ sales: [NewSale]) throws -> [Bool] {
        guard !sales.isEmpty else { return [] }
        // The lock comes first: what others add becomes visible before it, and what is added here has higher numbers.
        let last = try SaleStore.countUp(tx, by: Int64(sales.count))
        let digests = sales.map(\.digest)
        var known = try SaleStore.known(tx, digests)
        var seq = last - Int64(sales.count)
        return try zip(sales, digests).map { sale, digest in
            guard known.insert(digest).inserted else { return false }
            seq += 1
            try SaleStore.insert(tx, sale, digest, seq: seq)
            return true
        }
    }
}

/// Every statement about known sales.
enum SaleStore {
    static func head(_ tx: any Transaction) throws -> Int64 {
        try tx.first("SELECT seq FROM pricing_sale_head WHERE one = \(1)")?.integer(0) ?? 0
    }

    /// - Returns: how far the sales are numbered after it.
    static func countUp(_ tx: any Transaction, by count: Int64) throws -> Int64 {
        let row = try tx.first(
            """
            INSERT INTO pricing_sale_head (one, seq)
            VALUES (\(1), \(count))
            ON CONFLICT (one) DO UPDATE SET seq = pricing_sale_head.seq + excluded.seq
            RETURNING seq
            """
        )
        guard let seq = try row?.integer(0) else { throw StoredDataError("the sales were not counted up") }
        return seq
    }

    static func known(_ tx: any Transaction, _ digests: [Digest]) throws -> Set<Digest> {
        let found = try tx.rows(
            all: digests.map { "SELECT digest FROM pricing_sale WHERE digest = \($0.bytes)" }
        )
        return Set(try found.compactMap { try $0.first.flatMap { Digest(bytes: try $0.blob(0)) } })
    }

    static func insert(_ tx: any Transaction, _ new: NewSale, _ digest: Digest, seq: Int64) throws {
        try tx.execute(
            """
            INSERT INTO pricing_sale (seq, digest, source, kind, vehicle, car, price_fen, sold_on, added_at)
            VALUES (
                \(seq),
                \(digest.bytes),
                \(new.source),
                \(new.sale.kind.rawValue),
                \(bytes(new.sale.vehicle)),
                \(new.carText),
                \(new.sale.priceFen),
                \(new.sale.soldOn.description),
                \(tx.now.microseconds)
            )
            """
        )
    }

    struct Numbered: Sendable {
        let seq: Int64
        /// `nil` where it cannot be read.
        let sale: Sale?
    }

    static func sales(_ tx: any Transaction, after seq: Int64, limit: Int) throws -> [Numbered] {
        try tx.rows(
            """
            SELECT seq, kind, vehicle, car, price_fen, sold_on
            FROM pricing_sale
            WHERE seq > \(seq)
            ORDER BY seq
            LIMIT \(limit)
            """
        ).map { row in Numbered(seq: try row.integer(0), sale: try? sale(row)) }
    }

    private static func sale(_ row: Row) throws -> Sale {
        let car = try CarStatement.car(stored: try JSONParser.parse(Array(try row.text(3).utf8)))
        guard let kind = SaleKind(rawValue: try row.text(1)), let soldOn = CalendarDate(try row.text(5)) else {
            throw StoredDataError("a sale cannot be read")
        }
        return Sale(
            car: car,
            priceFen: try row.integer(4),
            soldOn: soldOn,
            vehicle: try row.blob(2).reduce(0) { $0 << 8 | UInt64($1) },
            kind: kind
        )
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
